package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.KeyboardModifier;
import com.microsoft.playwright.options.Media;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
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
        Locator pointed = curve.locator(".at text");
        assertThat(pointed).hasCount(0);
        curve.press("ArrowRight");
        assertThat(pointed).hasText("Rank 1: \u2068the\u2069, " + String.format("%,d", count(0)));
        curve.press("ArrowRight");
        assertThat(pointed).containsText("Rank 2: ");
        assertThat(page.getByText(Pattern.compile("^A word at ten times the rank is about \\d")))
                .isVisible();
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("Rank 2: ");
        curve.press("Enter");
        assertThat(dialog()).containsText("in its lines");
        page.keyboard().press("Escape");
        assertThat(dialog()).hasCount(0);
    }

    private Locator dialog() {
        return page.getByRole(AriaRole.DIALOG);
    }

    @Test
    void wordsAreLeftOutAndShownInTheirLines() {
        long total = (Long) apiClient().get("/api/v1/jobs/" + moby + "/result").get("total");
        page.getByLabel("Leave out stop words").check();
        assertThat(chips()).containsText(Pattern.compile("word is none of \\d+ stop words"));
        assertThat(rows().filter(new Locator.FilterOptions().setHasText(Pattern.compile("^\\d+\\s+the\\s"))))
                .hasCount(0);
        page.getByText(Pattern.compile("English stop words$")).click();
        textbox("Words to leave out, in upper or lower case").fill("The, of");
        button("Apply").click();
        assertThat(pages()).containsText(String.format("of %,d", total - 2));
        assertThat(rows().first()).containsText(Pattern.compile("^3\\s*and\\s*6,130"));
        assertThat(page.locator("svg.bars g text").first()).hasText("and");
        page.getByLabel("Shortest").fill("16");
        page.keyboard().press("Enter");
        long longWords = matching("filter=word:minlength:16");
        assertThat(pages()).containsText(String.format("of %,d", longWords));
        page.reload();
        assertThat(pages()).containsText(String.format("of %,d", longWords));
        assertThat(page.getByText("Your 2 stop words")).isVisible();
        ViewChecks.check(page, "job-results-words");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));

        searchBox("Search word").fill("circumnavigation");
        button("circumnavigations").click();
        assertThat(dialog()).containsText("Concordance of samples/moby-dick.txt");
        button("Run the job").click();
        assertThat(heading("circumnavigations in samples/moby-dick.txt")).isVisible();
        assertThat(rows().first().locator(".context-word")).hasText("circumnavigations");
        ViewChecks.check(page, "job-results-lines");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
        page.goBack();
        button("circumnavigations").click();
        link("Show the one").click();
        assertThat(heading("circumnavigations in samples/moby-dick.txt")).isVisible();
    }

    @Test
    void wordsThatDifferInCaseAreAddedUp() {
        String id = submit("With case", Map.of("input", SampleTexts.SMALL, "case_sensitive", true));
        apiClient().awaitEnd(id);
        open("/jobs/" + id);
        page.getByLabel("Upper and lower case are one").check();
        List<?> first = (List<?>) ((List<?>) apiClient()
                        .get("/api/v1/jobs/" + id + "/result?fold=case")
                        .get("rows"))
                .get(0);
        assertThat(rows().first()).containsText(first.get(0) + "");
        assertThat(page.getByText("The counts of words that differ only in case are added up."))
                .isVisible();
        assertThat(page.getByText("There is too little text for a slope", new Page.GetByTextOptions().setExact(false)))
                .isVisible();
        assertThat(page.locator("svg.zipf .fit")).hasCount(0);
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

        searchBox("Search word").fill("whale");
        assertThat(pages()).containsText("1–");
        long whales = (Long)
                apiClient().get("/api/v1/jobs/" + moby + "/result?q=whale").get("total");
        assertThat(pages()).containsText(String.format("of %,d", whales));
        assertThat(rows().first()).containsText("whale");
        List<?> ranks = (List<?>)
                apiClient().get("/api/v1/jobs/" + moby + "/result?q=whale").get("row_numbers");
        assertThat(rows().nth(1).locator(".rank")).hasText(String.format("%,d", (Long) ranks.get(1)));
        searchBox("Search word").fill("no such word in it");
        assertThat(page.getByText("No row matches.")).isVisible();
        searchBox("Search word").fill("");
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

    private Locator column(String name) {
        return region("Result table")
                .getByRole(AriaRole.COLUMNHEADER)
                .filter(new Locator.FilterOptions().setHasText(name));
    }

    private Locator chips() {
        return page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("Filters and order"));
    }

    private long matching(String query) {
        return (Long)
                apiClient().get("/api/v1/jobs/" + moby + "/result?" + query).get("total");
    }

    @Test
    void headingsSortTheRowsAndShiftAddsAColumn() {
        Locator count = column("count").getByRole(AriaRole.BUTTON).first();
        count.click();
        assertThat(column("count")).hasAttribute("aria-sort", "ascending");
        assertThat(rows().first().getByRole(AriaRole.CELL).nth(2)).hasText("1");
        column("word")
                .getByRole(AriaRole.BUTTON)
                .first()
                .click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(chips()).containsText("Sorted by count, ascending, then word, ascending");
        List<?> first = (List<?>) ((List<?>) apiClient()
                        .get("/api/v1/jobs/" + moby + "/result?sort=count,word")
                        .get("rows"))
                .get(0);
        assertThat(rows().first().getByRole(AriaRole.CELL).nth(1))
                .hasText(first.get(0).toString());
        page.reload();
        assertThat(rows().first().getByRole(AriaRole.CELL).nth(1))
                .hasText(first.get(0).toString());
        assertThat(column("count")).hasAttribute("aria-sort", "ascending");

        count.press("Enter");
        assertThat(column("count")).hasAttribute("aria-sort", "descending");
        assertThat(rows().first()).containsText("the");
        button("Remove the order").click();
        assertThat(column("count")).not().hasAttribute("aria-sort", "descending");
    }

    @Test
    void filtersLeaveRowsOutOfTheTableAndTheDownloads() throws IOException {
        button("Filter count").click();
        assertThat(textbox("Value")).isFocused();
        page.getByLabel("Condition").selectOption("ge");
        textbox("Value").fill("1000");
        page.keyboard().press("Enter");
        long frequent = matching("filter=count:ge:1000");
        assertThat(pages()).containsText(String.format("1–%d of %d", frequent, frequent));
        assertThat(chips()).containsText("count ≥ 1000");
        button("Add a filter").click();
        assertThat(page.getByLabel("Column")).isFocused();
        textbox("Value").fill("H");
        button("Apply").click();
        long both = matching("filter=count:ge:1000&filter=word:contains:H");
        assertThat(pages()).containsText(String.format("1–%d of %d", both, both));
        assertThat(chips()).containsText("word contains H");
        page.reload();
        assertThat(pages()).containsText(String.format("1–%d of %d", both, both));
        ViewChecks.check(page, "job-results-filtered");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));

        String csv = downloaded(link(Pattern.compile("^Download the " + both + " rows that match \\(CSV")));
        assertEquals(both + 1, csv.lines().count());
        assertTrue(csv.lines().skip(1).allMatch(line -> line.contains("h")), csv);
        Download parquet = page.waitForDownload(link(Pattern.compile("^Parquet"))::click);
        String magic = new String(Files.readAllBytes(parquet.path()), StandardCharsets.ISO_8859_1);
        assertTrue(magic.startsWith("PAR1") && magic.endsWith("PAR1"), parquet.suggestedFilename());
        button("Remove the filter count ≥ 1000").click();
        assertThat(pages()).containsText(String.format("of %,d", matching("filter=word:contains:H")));
        page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Use in a query"))
                .click();
        assertThat(textbox("Query"))
                .hasValue("SELECT * FROM `results/" + moby + "`\nWHERE contains(lower(string(word)), lower('H'))");
    }

    @Test
    void aFilterThatDoesNotFitItsColumnIsExplained() {
        pageMonitor.expectStatus(400);
        open("/jobs/" + moby + "/results?filter=count:ge:many,word:eq:the");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Filter of the column count");
        assertThat(rows()).hasCount(0);
        assertThat(button("Try again")).hasCount(0);
        button("Remove the filter count ≥ many").click();
        assertThat(rows()).hasCount(1);
    }

    @Test
    void aFilterThatIsRefusedIsNotApplied() {
        pageMonitor.expectStatus(400);
        button("Filter count").click();
        textbox("Value").fill("abc");
        page.keyboard().press("Enter");
        assertThat(textbox("Value")).isFocused();
        assertThat(textbox("Value")).hasAttribute("aria-invalid", "true");
        assertThat(textbox("Value"))
                .hasAccessibleDescription("Filter of the column count must be a number, such as 10 or -1.5.");
        assertThat(rows()).hasCount(100);
        ViewChecks.check(page, "job-results-filter-refused");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
        textbox("Value").fill("10");
        page.keyboard().press("Enter");
        assertThat(chips()).containsText("count = 10");
        assertThat(textbox("Value")).hasCount(0);
    }

    @Test
    void aChartIsDrawnAsTheReaderChoosesAndSaved() throws IOException {
        button("Draw a chart").click();
        Locator chart = region("Chart");
        assertThat(chart.getByRole(AriaRole.IMG)).hasAttribute("aria-label", Pattern.compile("^count by word: "));
        assertThat(chart).containsText("The first 10,000 of ");
        chart.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Histogram"))
                .click();
        chart.getByLabel("log horizontal").check();
        chart.getByLabel("log vertical").check();
        chart.getByRole(AriaRole.IMG).press("ArrowRight");
        assertThat(chart.locator(".readout")).containsText(Pattern.compile("\\d to \\d+.*: [\\d,]+ rows"));
        page.reload();
        assertThat(chart.getByRole(AriaRole.IMG)).hasAttribute("aria-label", Pattern.compile("^Histogram of count: "));
        assertThat(chart.getByLabel("log vertical")).isChecked();

        Locator saveSvg = chart.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save as SVG"));
        Locator savePng = chart.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Save as PNG"));
        String svg = downloaded(saveSvg);
        assertTrue(svg.startsWith("<svg") && svg.contains("Histogram of count</text>"), svg);
        assertFalse(svg.contains("class="), "a file has no style sheet");
        Download png = page.waitForDownload(savePng::click);
        assertEquals("Histogram-of-count.png", png.suggestedFilename());
        BufferedImage picture = ImageIO.read(png.path().toFile());
        assertTrue(picture.getWidth() > 1000, picture.getWidth() + " pixels");
        ViewChecks.check(page, "job-results-chart");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
        button("Close the chart").click();
        assertThat(chart).hasCount(0);
    }

    @Test
    void anEmptyResultSaysWhy() {
        open("/jobs/" + runJob("Nothing in it", SampleTexts.EMPTY));
        assertThat(page.getByText("The result has 0 rows")).isVisible();
        assertThat(page.getByText("The input has no words.")).isVisible();
    }
}
