package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The results of a job. */
class ResultsIT extends PageTest {
    private static String moby;

    @BeforeEach
    void countMobyDick() {
        if (moby == null) {
            moby = runJob("Moby-Dick", "samples/moby-dick.txt");
        }
        open("/jobs/" + moby);
        assertThat(rows().first()).isVisible();
    }

    private Locator rows() {
        return region("Result table").locator("tbody").getByRole(AriaRole.ROW);
    }

    private Locator pages() {
        return page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Pages of the result"));
    }

    private static List<String> words(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void theBarsMatchTheTable() {
        assertThat(page.locator("svg.bars g")).hasCount(20);
        for (int i = 0; i < 20; i++) {
            List<String> bar = page.locator("svg.bars g").nth(i).locator("text").allTextContents();
            List<String> row = rows().nth(i).getByRole(AriaRole.CELL).allInnerTexts();
            assertEquals(row.subList(1, 3).stream().map(String::strip).toList(), bar);
        }
        button("First 50").click();
        assertThat(page.locator("svg.bars g")).hasCount(50);
        List<String> last = page.locator("svg.bars g").nth(49).locator("text").allTextContents();
        assertThat(rows().nth(49)).containsText(last.get(1));
        double first = page.locator("svg.bars rect").first().boundingBox().width;
        double second = page.locator("svg.bars rect").nth(1).boundingBox().width;
        assertEquals(count(1) / (double) count(0), second / first, 0.01, "a bar is as long as its count is large");
    }

    private long count(int row) {
        return Long.parseLong(
                rows().nth(row).getByRole(AriaRole.CELL).nth(2).innerText().replace(",", ""));
    }

    @Test
    void theSummaryMatchesTheServer() {
        Map<?, ?> summary = (Map<?, ?>) apiClient().job(moby).get("summary");
        Locator tiles = page.getByLabel("Summary");
        assertThat(tiles).containsText(String.format("%,d", (Long) summary.get("words")));
        assertThat(tiles).containsText(String.format("%,d", (Long) summary.get("distinct_words")));
        assertThat(tiles).containsText("Words per second");
    }

    @Test
    void theRequestedDelayDoesNotCountAsWork() {
        String id = submit("Delayed", Map.of("input", SampleTexts.SMALL, "delay_seconds", 2));
        long worked = (Long) apiClient().awaitEnd(id).get("duration_ms") - 2_000;
        String shown = worked < 1_000 ? worked + " ms" : String.format("%.1f s", worked / 1_000.0);
        open("/jobs/" + id);
        assertThat(page.getByLabel("Summary")).containsText(shown);
        assertThat(facts()).containsText(shown);
        open("/jobs/" + id + "/parameters");
        assertThat(page.getByText(shown + ", after a delay of 2.0 s")).isVisible();
        open("/jobs/" + id + "/stages");
        assertThat(page.getByLabel(Pattern.compile("^Timeline: .*Delay 2.0 s, Running ")))
                .isVisible();
        open("/jobs");
        assertThat(page.getByRole(AriaRole.ROW)
                        .filter(new Locator.FilterOptions().setHasText("Delayed"))
                        .getByText(shown, new Locator.GetByTextOptions().setExact(true)))
                .isVisible();
    }

    @Test
    void theCurveShowsItsSlopeAndWords() {
        Locator curve = page.getByRole(
                AriaRole.IMG,
                new Page.GetByRoleOptions().setName(Pattern.compile("^Rank and frequency.*slope −[01]\\.")));
        // Within the figure, because the status region has the same text for screen readers.
        Locator figure = page.getByRole(AriaRole.FIGURE).filter(new Locator.FilterOptions().setHas(curve));
        curve.press("ArrowRight");
        assertThat(figure.getByText(Pattern.compile("Rank 1: the, " + String.format("%,d", count(0)))))
                .isVisible();
        curve.press("ArrowRight");
        assertThat(figure.getByText(Pattern.compile("^Rank 2: "))).isVisible();
    }

    @Test
    void theRowsAreSearchedAndPaged() {
        long total = (Long) apiClient().get("/api/v1/jobs/" + moby + "/result").get("total");
        assertThat(pages()).containsText(String.format("1–100 of %,d", total));
        assertThat(pages().getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Previous page")))
                .isDisabled();
        pages().getByLabel("Next page").click();
        assertThat(pages()).containsText(String.format("101–200 of %,d", total));
        assertThat(rows().first()).containsText("101");
        page.reload();
        assertThat(pages()).containsText(String.format("101–200 of %,d", total));

        searchBox("Search results").fill("whale");
        assertThat(pages()).containsText("1–");
        long whales = (Long)
                apiClient().get("/api/v1/jobs/" + moby + "/result?q=whale").get("total");
        assertThat(pages()).containsText(String.format("of %,d", whales));
        assertThat(rows().first()).containsText("whale");
        List<?> ranks = (List<?>)
                apiClient().get("/api/v1/jobs/" + moby + "/result?q=whale").get("row_numbers");
        assertThat(rows().nth(1).locator(".rank")).hasText(String.format("%,d", (Long) ranks.get(1)));
        searchBox("Search results").fill("no such word in it");
        assertThat(page.getByText("No row matches.")).isVisible();
        searchBox("Search results").fill("");
        assertThat(pages()).containsText(String.format("1–100 of %,d", total));
    }

    @Test
    void theDownloadsHaveTheWholeResult() throws IOException {
        long total = (Long) apiClient().get("/api/v1/jobs/" + moby + "/result").get("total");
        assertEquals(
                apiClient().csv(moby),
                downloaded(link(Pattern.compile(String.format("^Download all %,d rows \\(CSV", total)))));
        List<String> lines =
                downloaded(link(Pattern.compile("^NDJSON"))).lines().toList();
        assertEquals(total, lines.size());
        assertTrue(lines.get(0).startsWith("{\"word\":\"the\",\"count\":"), lines.get(0));
        String safe = downloaded(link(Pattern.compile("^CSV for spreadsheets")));
        assertEquals(total + 1, words(safe).size());
    }

    private Locator link(Pattern name) {
        return page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name));
    }

    private String downloaded(Locator link) throws IOException {
        Download download = page.waitForDownload(link::click);
        return Files.readString(download.path());
    }

    @Test
    void anEmptyResultSaysWhy() {
        open("/jobs/" + runJob("Nothing in it", SampleTexts.EMPTY));
        assertThat(page.getByText("The result has 0 rows")).isVisible();
        assertThat(page.getByText("The input has no words.")).isVisible();
    }
}
