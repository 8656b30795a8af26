package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With 10,000 jobs, a million lines and a million rows, the page reaches any of them quickly and holds few at a time. */
class LargeServerIT extends PageTest {
    private static LargeServer largeServer;

    @BeforeAll
    @Timeout(300)
    static void start() throws IOException {
        largeServer = LargeServer.start(new PageServer(), 10_000);
    }

    @AfterAll
    @Timeout(300)
    static void stop() throws IOException {
        largeServer.close();
    }

    @Override
    URI server() {
        return largeServer.pageServer().uri();
    }

    @Test
    void theListFindsAnyOfManyJobs() {
        open("/jobs");
        Locator pages = page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Pages"));
        assertThat(pages).containsText("1–50 of 10,000");
        assertThat(button(Pattern.compile("^All"))).containsText("10,000");
        assertThat(button(Pattern.compile("^Failed"))).containsText("100");

        searchBox("Search jobs").fill("Night run 7777");
        assertThat(link("Night run 7777")).isVisible();
        assertThat(pages).containsText("1–1 of 1");
        searchBox("Search jobs").fill("");
        assertThat(pages).containsText("1–50 of 10,000");
        open("/jobs?page=200");
        assertThat(link("Night run 1")).isVisible();
        assertThat(pages).containsText("9,951–10,000 of 10,000");
        open("/jobs?status=FAILED&page=2");
        assertThat(pages).containsText("51–100 of 100");
        page.getByLabel("Select all on this page").check();
        button("All 100 that match").click();
        assertThat(region("Selected jobs")).containsText("100 selected 50 not on this page");
        assertThat(button("All 100 that match")).hasCount(0);
        open("/jobs?status=FAILED&page=3");
        assertThat(page.getByText("There is no page 3")).isVisible();
        link("Last page").click();
        assertThat(pages).containsText("51–100 of 100");
    }

    @Test
    void backReturnsToThePositionInTheListEvenAfterAReload() {
        // Their results have been deleted.
        pageMonitor.expectStatus(410);
        page.setViewportSize(1280, 500);
        open("/jobs?page=3");
        Locator row = link("Night run 9860");
        row.scrollIntoViewIfNeeded();
        double place = row.boundingBox().y;
        assertTrue(scrolled() > 0, "the row is below the first screen");
        row.click();
        assertThat(heading("Night run 9860")).isFocused();
        assertEquals(0, scrolled(), "a new view begins at its top");
        page.goBack();
        page.waitForCondition(() -> scrolled() > 0);
        assertEquals(place, row.boundingBox().y, 1);
        assertThat(row).isFocused();
        row.click();
        assertThat(heading("Night run 9860")).isFocused();
        page.reload();
        assertThat(heading("Night run 9860")).isVisible();
        page.goBack();
        assertThat(row).isVisible();
        page.waitForCondition(() -> scrolled() > 0);
        assertEquals(place, row.boundingBox().y, 1);
    }

    private double scrolled() {
        return ((Number) page.evaluate("scrollY")).doubleValue();
    }

    @Test
    void anyOfAMillionLinesIsReachedQuickly() {
        open("/jobs/" + largeServer.job() + "/log");
        assertThat(line(1)).isInViewport();
        page.getByLabel("Go to line").fill("777,777");
        page.getByLabel("Go to line").press("Enter");
        assertThat(line(777_777)).isInViewport();
        assertThat(log().locator(".current")).containsText("Line 777777 tells");
        log().hover();
        for (int i = 0; i < 60; i++) {
            page.mouse().wheel(0, 5_000);
        }
        page.waitForCondition(() -> firstShown() > 778_000);
        assertTrue(linesInPage() <= 5_000, () -> linesInPage() + " lines");
        open("/jobs/" + largeServer.job() + "/log?line=1000000");
        assertThat(line(1_000_000)).isInViewport();
        assertTrue(linesInPage() <= 5_000, () -> linesInPage() + " lines");
    }

    private Locator log() {
        return page.getByRole(AriaRole.LOG);
    }

    private Locator line(int number) {
        return link("Line " + number);
    }

    private int linesInPage() {
        return log().locator("[data-n]").count();
    }

    /** The number of the first visible line. */
    private int firstShown() {
        return ((Number) log().evaluate("(log) => { const top = log.getBoundingClientRect().top;"
                        + " return Number([...log.querySelectorAll('[data-n]')]"
                        + ".find((line) => line.getBoundingClientRect().bottom > top).dataset.n) + 1; }"))
                .intValue();
    }

    @Test
    void anyOfAMillionRowsIsReachedQuickly() {
        open("/jobs/" + largeServer.job());
        Locator pages = page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Pages of the result"));
        assertThat(pages).containsText("1–100 of 1,000,000");
        pages.getByLabel("Next page").click();
        assertThat(region("Result table")).containsText("word100");
        open("/jobs/" + largeServer.job() + "?page=10001");
        assertThat(page.getByText("There is no page 10,001; the result has 10,000 pages."))
                .isVisible();
        link("Last page").click();
        assertThat(pages).containsText("999,901–1,000,000 of 1,000,000");
        assertThat(region("Result table")).containsText("word999999");
        assertThat(region("Result table").getByRole(AriaRole.ROW)).hasCount(101);
        searchBox("Search word").fill("word77777");
        assertThat(pages).containsText("1–11 of 11");
        assertEquals(12, region("Result table").getByRole(AriaRole.ROW).count());
    }
}
