package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.BoundingBox;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Names and words with markup or bidirectional controls, or of great length, are shown as text and break nothing. */
class HostileTextIT extends PageTest {
    private static final String NAME = SampleTexts.MARKUP + SampleTexts.BIDI;

    @AfterEach
    void assertNothingWasExecuted() {
        assertFalse(page.title().equals("hacked"), "a name was executed");
        assertThat(page.locator("main img")).hasCount(0);
    }

    private void assertFits() {
        assertEquals(
                page.evaluate("document.documentElement.clientWidth"),
                page.evaluate("document.documentElement.scrollWidth"),
                "the page is not wider than the window");
    }

    @Test
    void inAJobsNameAndInItsResult() {
        String id = runJob(NAME, SampleTexts.HOSTILE);
        open("/jobs");
        assertThat(link(NAME)).isVisible();
        assertFits();
        open("/jobs/" + id);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText(NAME);
        assertThat(region("Result table")).containsText(SampleTexts.MARKUP_WORD);
        assertThat(region("Result table")).containsText(SampleTexts.BIDI);
        region("Result table").getByText("all 10,000 characters").click();
        assertThat(region("Result table")).containsText(SampleTexts.LONG_WORD);
        assertFits();
        open("/jobs/" + id + "/log");
        assertThat(page.getByRole(AriaRole.LOG)).containsText(SampleTexts.MARKUP);
        assertFits();
        open("/jobs/" + id + "/parameters");
        assertThat(page.getByRole(AriaRole.TABLE)).containsText(SampleTexts.MARKUP);
        assertFits();
    }

    @Test
    void inTheNamesOfDatasets() {
        open("/datasets?path=texts");
        assertThat(page.getByRole(AriaRole.TABLE)).containsText(SampleTexts.MARKUP);
        open("/datasets?path=texts&show=" + URLEncoder.encode(SampleTexts.HOSTILE, StandardCharsets.UTF_8));
        assertThat(page.getByLabel("First lines")).containsText(SampleTexts.MARKUP_WORD);
        assertFits();
        open("/new");
        textbox("Dataset").fill(SampleTexts.HOSTILE);
        assertThat(page.getByLabel("Preview")).containsText(SampleTexts.MARKUP_WORD);
        assertFits();
    }

    @Test
    void wideWordsStayInTheChart() {
        open("/jobs/" + runJob("Wide", SampleTexts.WIDE));
        Locator figure =
                page.getByRole(AriaRole.FIGURE).filter(new Locator.FilterOptions().setHas(page.locator("svg.bars")));
        for (int width : new int[] {1280, 390, 320}) {
            page.setViewportSize(width, 900);
            assertThat(figure).isVisible();
            BoundingBox card = figure.boundingBox();
            page.waitForCondition(() -> page.locator("svg.bars text").all().stream()
                    .map(Locator::boundingBox)
                    .allMatch(text -> text.x >= card.x && text.x + text.width <= card.x + card.width));
            assertFits();
        }
        String labels = String.join("", page.locator("svg.bars text").allTextContents());
        assertFalse(labels.codePoints().anyMatch(HostileTextIT::isHalf), labels);
    }

    private static boolean isHalf(int codePoint) {
        return Character.getType(codePoint) == Character.SURROGATE;
    }

    @Test
    void combiningMarksDoNotOverlapOtherRows() {
        open("/jobs/" + runJob("Pile", SampleTexts.WIDE));
        assertThat(region("Result table")).containsText(SampleTexts.PILE);
        Locator row = region("Result table").getByRole(AriaRole.ROW);
        byte[] before = row.nth(1).screenshot();
        byte[] bar = page.locator("svg.bars g").first().screenshot();
        page.evaluate(
                "(pile) => document.querySelectorAll('td, svg.bars text').forEach((place) => {"
                        + " if (place.textContent.startsWith(pile)) { place.textContent = 'z'; } })",
                SampleTexts.PILE.substring(0, 9));
        assertArrayEquals(before, row.nth(1).screenshot(), "the row above, without the marks");
        assertArrayEquals(bar, page.locator("svg.bars g").first().screenshot(), "the bar above, without the marks");
    }

    @Test
    void longWordsAreCutInAComparison() {
        String a = runJob("Wide", SampleTexts.WIDE);
        page.setViewportSize(390, 844);
        open("/compare?a=" + a + "&b=" + runJob("Small", SampleTexts.SMALL));
        Locator table = page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Results side by side"));
        assertThat(table).containsText("all 10,000 characters");
        assertThat(table).not().containsText(SampleTexts.LONG_WORD);
        assertFits();
    }

    @Test
    void namesDoNotReverseTextOutsideThePage() {
        String name = SampleTexts.BIDI + "x".repeat(79 - "txt.live".length()) + "\uD83D\uDE00\uD83D\uDE00";
        open("/jobs/" + runJob(name, SampleTexts.SMALL));
        assertThat(page).hasTitle(Pattern.compile("txt\\.live.*Tinderbox$"));
        assertFalse(
                Pattern.compile("[\u202A-\u202E\u2066-\u2069]")
                        .matcher(page.title())
                        .find(),
                page.title());
        assertFalse(page.title().codePoints().anyMatch(HostileTextIT::isHalf), page.title());
    }

    @Test
    void fileNamesKeepTheirExtensionAtTheEnd() {
        open("/datasets?path=texts");
        Locator name = page.getByText(SampleTexts.HEBREW, new Page.GetByTextOptions().setExact(true));
        assertEquals("ltr", name.evaluate("(name) => getComputedStyle(name).direction"));
        String longName = "n".repeat(150) + "-the-end.txt";
        runJob(longName, SampleTexts.SMALL);
        open("/jobs");
        assertThat(link(longName)).isVisible();
        assertThat(link(longName).getByText("-the-end.txt")).isInViewport();
    }

    @Test
    void inTheAddress() {
        pageMonitor.expectStatus(400);
        pageMonitor.expectStatus(404);
        String markup =
                URLEncoder.encode(SampleTexts.MARKUP, StandardCharsets.UTF_8).replace("+", "%20");
        open("/jobs?q=" + markup);
        assertThat(searchBox("Search jobs")).hasValue(SampleTexts.MARKUP);
        open("/jobs/" + markup);
        assertThat(heading("Job not found, or already deleted")).isVisible();
        open("/" + markup);
        assertThat(heading("There is no such page")).isVisible();
        open("/datasets?path=" + markup);
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
    }
}
