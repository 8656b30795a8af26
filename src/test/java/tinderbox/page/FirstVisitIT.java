package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A new server without jobs. */
class FirstVisitIT extends PageTest {
    private final PageServer pageServer = new PageServer().start();

    @AfterEach
    void stop() throws IOException {
        pageServer.close();
    }

    @Override
    URI server() {
        return pageServer.uri();
    }

    @Test
    void anEmptyListOffersTheSampleJob() {
        open("/jobs");
        assertThat(page.getByText("No jobs yet")).isVisible();
        assertThat(page.getByText("No job matches")).hasCount(0);
        Screenshots.take(page, "jobs-empty");
        button("Run the sample word count").click();
        assertThat(region("Result table")).containsText("the");
        navigation("New job").click();
        assertThat(button("Run job")).isEnabled();
        assertThat(button("Run the sample word count")).hasCount(0);
    }
}
