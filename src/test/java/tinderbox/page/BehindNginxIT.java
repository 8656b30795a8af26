package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;

/** The page through a proxy with TLS and a path prefix. {@code ./run.sh test} installs nginx if it can. */
class BehindNginxIT extends PageTest {
    @TempDir
    static Path folder;

    private static PageServer pageServer;
    private static Nginx nginx;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        Optional<Path> program = Nginx.program();
        if (program.isEmpty()) {
            System.err.println(
                    "BehindNginxIT is skipped: no nginx is installed (Debian, Ubuntu: apt install nginx-light)");
        }
        Assumptions.assumeTrue(program.isPresent(), "no nginx is installed");
        pageServer = new PageServer();
        Files.createDirectories(pageServer.dataDir());
        token = new TokenAdmin(pageServer.dataDir(), Clock.systemUTC()).create("sam", Role.SUBMITTER, null);
        pageServer.start();
        nginx = new Nginx(program.get(), folder, pageServer.uri());
    }

    @AfterAll
    static void stop() throws IOException {
        if (nginx != null) {
            nginx.close();
        }
        if (pageServer != null) {
            pageServer.close();
        }
    }

    @Override
    URI server() {
        return nginx.uri();
    }

    @Override
    Browser.NewContextOptions contextOptions() {
        return super.contextOptions().setIgnoreHTTPSErrors(true);
    }

    @Test
    void aJobIsSubmittedAndFollowedLiveThroughTheProxy() {
        pageMonitor.expectStatus(401);
        open("/new");
        assertThat(heading("Log in")).isVisible();
        page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill(token);
        page.keyboard().press("Enter");
        assertThat(button("Run job")).isEnabled();
        assertTrue(page.context().cookies().get(0).secure, "the cookie is secure");

        button("Run the sample word count").click();
        openJobId();
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("the");
        assertThat(page.getByText("Live", new Page.GetByTextOptions().setExact(true)))
                .isAttached();
        assertEquals(
                page.evaluate("location.origin") + "/tinderbox/", page.evaluate("location.origin + location.pathname"));
    }
}
