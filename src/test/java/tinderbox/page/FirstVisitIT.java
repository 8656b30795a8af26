package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.util.List;
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

    /** What is requested until a job can be run: editor, charts and run sets come with their views. */
    @Test
    void theFirstViewIsSmall() {
        page.addInitScript("""
                const look = () => {
                  if (document.querySelector('form button[type=submit]:not(:disabled)')) {
                    window.usableAt = performance.now();
                  } else {
                    requestAnimationFrame(look);
                  }
                };
                look();
                """);
        open("/new");
        page.waitForCondition(() -> page.evaluate("window.usableAt") != null);
        List<?> requested = (List<?>) page.evaluate("""
                ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
                  .filter(({ startTime }) => startTime < window.usableAt)
                  .map(({ name, transferSize }) => `${transferSize} ${name}`)
                """);
        int bytes = requested.stream()
                .mapToInt(each -> Integer.parseInt(each.toString().split(" ", 2)[0]))
                .sum();
        assertTrue(bytes <= 65_000, () -> bytes + " bytes: " + requested);
        assertTrue(requested.size() <= 32, () -> requested.size() + " requests: " + requested);
    }
}
