package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;

/** The server stops while the page is open, and comes back at the same address. */
class ConnectionIT extends PageTest {
    private final PageServer pageServer = new PageServer();
    private final URI uri;

    ConnectionIT() throws IOException {
        this.uri = pageServer.onFixedPort().start().uri();
    }

    @AfterEach
    void stop() throws IOException {
        pageServer.close();
    }

    @Override
    URI server() {
        return uri;
    }

    @Test
    void thePageReportsAKilledServerAndCatchesUpWhenItIsBack() {
        pageMonitor.expectOffline();
        runJob("Before the break", SampleTexts.SMALL);
        open("/jobs");
        assertThat(link("Before the break")).isVisible();
        navigation("New job").click();
        textbox("Name").fill("Written before the break");

        pageServer.process().kill9();
        assertThat(page.getByText(Pattern.compile("^Offline – showing data from \\d\\d:\\d\\d\\. Retrying")))
                .isVisible();
        assertThat(button("Run job")).isDisabled();
        assertThat(textbox("Name")).hasValue("Written before the break");
        navigation("Jobs").click();
        assertThat(link("Before the break")).isVisible();

        pageServer.start();
        submit("Sent meanwhile", Map.of("input", SampleTexts.SMALL));
        // The page also retries on its own, and may have done so before the click.
        page.evaluate("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Retry now')?.click()");
        assertThat(page.getByText("Reconnected").first()).isVisible();
        assertThat(link("Sent meanwhile")).isVisible();
        assertThat(page.getByText(Pattern.compile("^Offline –"))).hasCount(0);
        navigation("New job").click();
        assertThat(textbox("Name")).hasValue("Written before the break");
        assertThat(button("Run job")).isEnabled();
    }

    @Test
    void aServerThatStopsBeforeTheStreamOpensIsOffline() {
        pageMonitor.expectOffline();
        page.route("**/js/live/live-updates.js", route -> route.abort("connectionrefused"));
        open("/jobs");
        assertThat(page.getByText(Pattern.compile("^Offline – showing data from \\d\\d:\\d\\d\\. Retrying")))
                .isVisible();
        page.unroute("**/js/live/live-updates.js");
        assertThat(page.getByText("Reconnected").first()).isVisible();
        assertThat(page.getByText(Pattern.compile("^Offline –"))).hasCount(0);
    }

    @Test
    void theDurationOfAJobStopsWhileTheServerIsOffline() {
        pageMonitor.expectOffline();
        page.clock().install();
        String id = submit("Held", Map.of("input", SampleTexts.SMALL, "delay_seconds", 60));
        open("/jobs/" + id);
        assertThat(facts()).containsText("Running");
        pageServer.process().kill9();
        assertThat(facts()).containsText(Pattern.compile("as of \\d\\d:\\d\\d"));
        String shown = facts().locator(".elapsed").textContent();
        page.clock().runFor(90_000);
        assertThat(facts().locator(".elapsed")).hasText(shown);
    }

    @Test
    void aRestartedServerWithTokensAsksForOneAndIsNotOffline() throws Exception {
        pageMonitor.expectOffline();
        pageMonitor.expectStatus(401);
        String token = new TokenAdmin(pageServer.dataDir(), Clock.systemUTC()).create("sam", Role.SUBMITTER, null);
        pageServer.process().kill9();
        pageServer.start();
        open("/jobs");
        page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true)).fill(token);
        page.keyboard().press("Enter");
        assertThat(page.getByText("sam submitter")).isVisible();
        assertThat(page.getByText("Live", new Page.GetByTextOptions().setExact(true)))
                .isAttached();
        pageServer.process().kill9();
        Locator offline = page.getByText(Pattern.compile("^Offline –"));
        assertThat(offline).isVisible();
        pageServer.start();
        assertThat(heading("Log in")).isVisible();
        assertThat(offline).hasCount(0);
        assertThat(page.getByText("Offline", new Page.GetByTextOptions().setExact(true)))
                .hasCount(0);
    }

    @Test
    void windowsShareOneEventStreamAndTakeItOver() {
        List<String> streams = new ArrayList<>();
        page.context().onRequest(request -> {
            if (request.url().endsWith("/events")) {
                streams.add(request.url());
            }
        });
        String first = runJob("First", SampleTexts.SMALL);
        open("/jobs");
        assertLive(page);
        List<Page> others = new ArrayList<>();
        for (String route : List.of("/jobs", "/about", "/jobs/" + first, "/new", "/datasets", "/jobs", "/jobs")) {
            Page other = secondTab();
            other.navigate(server() + "#" + route);
            assertLive(other);
            others.add(other);
        }
        assertEquals(1, streams.size(), streams::toString);
        runJob("Sent to all", SampleTexts.SMALL);
        assertShows("Sent to all", page);
        others.stream()
                .filter(other -> other.url().endsWith("/jobs"))
                .forEach(other -> assertShows("Sent to all", other));

        // The first window has the stream.
        page.close();
        runJob("Sent by another", SampleTexts.SMALL);
        others.stream().filter(other -> other.url().endsWith("/jobs")).forEach(other -> {
            assertShows("Sent by another", other);
            assertLive(other);
        });
        assertEquals(2, streams.size(), streams::toString);
    }

    private static void assertLive(Page window) {
        assertThat(window.getByText("Live", new Page.GetByTextOptions().setExact(true)))
                .isAttached();
    }

    private static void assertShows(String job, Page window) {
        assertThat(window.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(job))
                        .first())
                .isVisible();
    }

    @Test
    void aJobInterruptedByACrashContinuesOnTheOpenPage() {
        pageMonitor.expectOffline();
        String id = submit("Interrupted", Map.of("input", SampleTexts.SMALL, "delay_seconds", 2));
        open("/jobs/" + id);
        assertThat(facts()).containsText("Running");
        pageServer.process().kill9();
        pageServer.start();
        assertThat(facts()).containsText("attempt 2 of 2");
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("be");
        assertEquals(SampleTexts.SMALL_CSV, apiClient().csv(id));
    }
}
