package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every view in both themes and on a phone: accessible as far as axe can tell, as wide as its window, photographed. */
class ViewsIT extends PageTest {
    /** What is wider than where it is: the page, or a box in it that would have to be scrolled. */
    private static final String WIDER_THAN_THEIR_BOX = """
            () => [document.documentElement, ...document.querySelectorAll('body *')]
              .filter((box) => box === document.documentElement
                || ['auto', 'scroll'].includes(getComputedStyle(box).overflowX))
              .filter((box) => box.scrollWidth > box.clientWidth)
              .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)
            """;

    private static final String NAMELESS_PICTURES =
            "svg:not([aria-hidden=true], [aria-label], [aria-hidden=true] *), img:not([alt])";

    private static Site site;
    private static Map<String, String> jobs;

    @BeforeAll
    static void start() {
        site = new Site().start();
    }

    @AfterAll
    static void stop() throws IOException {
        site.close();
    }

    /** Its own, so that the pictures do not show what other tests have left. */
    @Override
    URI server() {
        return site.uri();
    }

    @BeforeEach
    void prepareJobs() {
        if (jobs == null) {
            String counted = ended("Moby-Dick", "samples/moby-dick.txt");
            String frequent = submit("Frequent words only", Map.of("input", "samples/moby-dick.txt", "min_count", 100));
            api().ended(frequent);
            jobs = Map.of("{counted}", counted, "{frequent}", frequent, "{failed}", ended("Broken", Texts.BROKEN));
        }
    }

    @Override
    Browser.NewContextOptions window() {
        return super.window().setColorScheme(ColorScheme.LIGHT);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            new-job         | /new                                    | Run job
            jobs            | /jobs                                   | Moby-Dick
            job-results     | /jobs/{counted}                         | Next page
            job-log         | /jobs/{counted}/log                     | Line 1
            job-stages      | /jobs/{counted}/stages                  | Shuffle written
            job-parameters  | /jobs/{counted}/parameters              | Smallest count
            job-running     | /jobs/{running}                         | Cancel job
            job-failed      | /jobs/{failed}                          | Show stack trace
            job-failed-log  | /jobs/{failed}/log                      | Line 1
            compare         | /compare?a={counted}&b={frequent}       | B − A
            compare-nothing | /compare                                | To the jobs
            datasets        | /datasets                               | texts
            dataset-preview | /datasets?path=texts&show=texts/small.txt | Preview of
            about           | /about                                  | Ready for jobs
            nowhere         | /nowhere                                | There is no such page
            """)
    void isAccessibleAndFits(String name, String route, String shown) {
        String address = route.contains("{running}") ? route.replace("{running}", held("At work")) : route;
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            address = address.replace(job.getKey(), job.getValue());
        }
        open(address);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasCount(1);
        assertThat(page.getByText(shown).or(page.getByLabel(shown)).first()).isVisible();
        page.waitForCondition(() -> page.locator(".skeleton").count() == 0);

        Axe.assertNoViolations(page, name + " in light");
        Screenshots.take(page, name + "-light");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        Axe.assertNoViolations(page, name + " in dark");
        Screenshots.take(page, name + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(390, 844);
        Axe.assertNoViolations(page, name + " on a phone");
        Screenshots.take(page, name + "-phone");
        assertEquals(
                page.evaluate("document.documentElement.clientWidth"),
                page.evaluate("document.documentElement.scrollWidth"),
                "the view is as wide as the phone");
        page.setViewportSize(320, 640);
        assertEquals(List.of(), page.evaluate(WIDER_THAN_THEIR_BOX), "what scrolls sideways on a narrow phone");
        assertEquals(0, page.locator(NAMELESS_PICTURES).count(), "pictures that have no name");
    }
}
