package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page with job types that it does not know: their forms, their failures and their results. */
class OtherTypesIT extends PageTest {
    private static final String SIZE_OF_SMALL = "size " + SampleTexts.SMALL;

    private static PageServer pageServer;

    @BeforeAll
    static void start() throws Exception {
        pageServer = new PageServer().running(OtherTypesServer.class).start().awaitReady();
    }

    @AfterAll
    static void stop() throws Exception {
        pageServer.close();
    }

    @Override
    URI server() {
        return pageServer.uri();
    }

    @Override
    Browser.NewContextOptions contextOptions() {
        return super.contextOptions().setColorScheme(ColorScheme.LIGHT);
    }

    private void openScriptForm() {
        open("/new");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Script"))
                .check();
    }

    private Locator script() {
        return textbox("Script");
    }

    private Locator dataset(int number) {
        return textbox("More datasets, Dataset " + number);
    }

    private Locator rows() {
        return region("Result table").locator("tbody").getByRole(AriaRole.ROW);
    }

    private static String selection(Locator area) {
        return area.evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)")
                .toString();
    }

    private String runScript(String name, String script, String... more) {
        String id = submit("script", name, Map.of("script", script, "more", List.of(more)));
        apiClient().awaitEnd(id);
        return id;
    }

    @Test
    void aTextAndAListAreSentAsTheyAreFilledIn() {
        openScriptForm();
        script().fill(SIZE_OF_SMALL + "\n\n" + SIZE_OF_SMALL);
        page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"))
                .getByText("texts", new Locator.GetByTextOptions().setExact(true))
                .click();
        button(Pattern.compile("^empty.txt")).click();
        assertThat(button(Pattern.compile("^empty.txt"))).hasAttribute("aria-pressed", "true");
        button("Add a dataset").press("Enter");
        assertThat(dataset(2)).isFocused();
        page.keyboard().type(SampleTexts.SMALL);
        button("Add a dataset").press("Enter");
        page.keyboard().type("texts/nowhere.txt");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Word count"))
                .check();
        assertThat(script()).hasCount(0);
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Script"))
                .check();
        page.reload();
        assertThat(script()).hasValue(SIZE_OF_SMALL + "\n\n" + SIZE_OF_SMALL);
        assertThat(dataset(3)).hasValue("texts/nowhere.txt");
        button("Remove dataset 3").press("Enter");
        assertThat(dataset(2)).isFocused();
        assertThat(dataset(3)).hasCount(0);
        button("Copy as curl").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Copied");
        String copied = clipboard();

        Request sent = page.waitForRequest("**/api/v1/jobs", () -> script().press("Control+Enter"));
        assertTrue(copied.contains("--data-raw '" + sent.postData() + "'"), copied + "\n" + sent.postData());
        assertThat(facts()).containsText("Succeeded");
        Map<?, ?> params = (Map<?, ?>) apiClient().job(openJobId()).get("params");
        assertEquals(SIZE_OF_SMALL + "\n\n" + SIZE_OF_SMALL, params.get("script"));
        assertEquals(List.of(SampleTexts.EMPTY, SampleTexts.SMALL), params.get("more"));
        assertThat(rows()).hasCount(4);

        link("Parameters").click();
        Locator table = page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Parameters"));
        assertThat(table.getByText("size texts")).hasText(SIZE_OF_SMALL + "\n\n" + SIZE_OF_SMALL);
        assertThat(table.getByRole(AriaRole.LISTITEM)).hasText(new String[] {SampleTexts.EMPTY, SampleTexts.SMALL});
        link("Change and run").click();
        assertThat(script()).hasValue(SIZE_OF_SMALL + "\n\n" + SIZE_OF_SMALL);
        assertThat(dataset(2)).hasValue(SampleTexts.SMALL);
    }

    @Test
    void aDatasetFromAnotherViewFillsTheList() {
        openScriptForm();
        open("/datasets?path=texts&show=" + SampleTexts.SMALL);
        button("Use in a new job").last().click();
        assertThat(dataset(1)).hasValue(SampleTexts.SMALL);
        assertThat(page.getByLabel("Preview")).hasText("to be or not to be");
    }

    @Test
    void aProblemWithAListIsShownAtItsEntry() {
        pageMonitor.expectStatus(422);
        pageMonitor.expectStatus(404);
        openScriptForm();
        script().fill(SIZE_OF_SMALL);
        dataset(1).fill(SampleTexts.SMALL);
        button("Add a dataset").click();
        dataset(2).fill("texts/nothing.txt");
        button("Run job").click();
        assertThat(dataset(2)).isFocused();
        assertThat(dataset(2)).hasAttribute("aria-invalid", "true");
        assertThat(dataset(2)).hasAccessibleDescription(Pattern.compile("^Dataset 2 does not exist"));
        assertThat(dataset(1)).not().hasAttribute("aria-invalid", "true");
        button("Remove dataset 1").click();
        assertThat(dataset(1)).hasAttribute("aria-invalid", "true");
        dataset(1).fill(SampleTexts.EMPTY);
        assertThat(dataset(1)).not().hasAttribute("aria-invalid", "true");
    }

    @Test
    void aProblemInATextIsShownAtItsPlace() {
        pageMonitor.expectStatus(422);
        openScriptForm();
        script().fill(SIZE_OF_SMALL + "\n".repeat(41) + "\uD83D\uDE00");
        button("Run job").click();
        assertThat(script()).isFocused();
        assertThat(script())
                .hasAccessibleDescription(Pattern.compile("Script, line 42, column 1 ?: must be size DATASET"));
        assertEquals("\uD83D\uDE00", selection(script()));
        assertTrue((Boolean) script().evaluate("(area) => area.scrollTop > 0"), "the place is scrolled to");

        // The emoji is one character, but two units of the text area's selection.
        script().fill("\uD83D\uDE00 texts/nowhere.txt");
        button("Run job").click();
        assertThat(page.getByText("Script, line 1, column 3: does not exist")).isVisible();
        assertEquals("texts/nowhere.txt", selection(script()));
        script().press("Home");
        button("line 1, column 3").click();
        assertThat(script()).isFocused();
        assertEquals("texts/nowhere.txt", selection(script()));
        ViewChecks.check(page, "new-job-refused");
    }

    @Test
    void theBoundOfATextIsShownNearIt() {
        openScriptForm();
        script().fill("x".repeat(50_000));
        assertThat(page.getByText("characters", new Page.GetByTextOptions())).hasCount(0);
        script().fill("\uD83D\uDE00".repeat(60_000));
        assertThat(page.getByText("60,000 of at most 65,536 characters")).isVisible();
    }

    @Test
    void aFailureMarksItsPlaceInTheText() {
        String id = runScript("Failing script", SIZE_OF_SMALL + "\n\uD83D\uDE00 " + SampleTexts.SMALL + "\nfail now\n");
        open("/jobs/" + id);
        Locator cause = region("Why it failed");
        assertThat(cause).containsText("Script, line 3, column 1.");
        assertThat(cause.locator("mark")).hasText("fail");
        page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
        byte[] marked = cause.locator("mark").screenshot();
        cause.locator("mark").evaluate("(mark) => mark.style.all = 'unset'");
        assertFalse(Arrays.equals(marked, cause.locator("mark").screenshot()), "the mark looks like other text");
        cause.locator("mark").evaluate("(mark) => mark.removeAttribute('style')");
        page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.NONE));
        open("/jobs/" + id + "/parameters");
        assertThat(page.getByRole(AriaRole.TABLE).locator("mark")).hasText("fail");
        ViewChecks.check(page, "job-failed-in-text");
    }

    @Test
    void longTextsAreWholeAlsoAfterTheListHasShownTheJob() {
        String text = (SIZE_OF_SMALL + "\n").repeat(100);
        String id = runScript("Long text", text);
        open("/jobs?q=Long+text");
        link("Long text").click();
        link("Parameters").click();
        Locator shown = page.getByRole(AriaRole.TABLE).getByText("size texts");
        assertThat(shown).hasText(text);
        // The response has only the beginning of the text.
        page.waitForResponse(
                Pattern.compile("/api/v1/jobs\\?"), () -> navigation("Jobs").click());
        assertThat(link("Long text")).isVisible();
        open("/jobs/" + id + "/parameters");
        assertThat(shown).hasText(text);
    }

    @Test
    void theChartsAndTilesAreThoseOfTheType() {
        open("/jobs/" + runScript("Sizes", SIZE_OF_SMALL + "\nsize samples/moby-dick.txt"));
        assertThat(page.getByLabel("Summary")).containsText("Size1.2 MB");
        assertThat(page.locator("svg.bars g")).hasCount(2);
        assertThat(page.getByText("bytes by dataset")).isVisible();
        assertThat(page.locator("svg.zipf")).hasCount(0);
        assertThat(region("Result table").getByRole(AriaRole.COLUMNHEADER))
                .hasText(new String[] {"Row", "dataset string", "bytes integer"});
        ViewChecks.check(page, "job-results-of-another-type");
    }

    @Test
    void everyColumnTypeHasItsForm() {
        String id = submit("every-type", "Every type", Map.of());
        apiClient().awaitEnd(id);
        open("/jobs/" + id);
        assertThat(page.getByLabel("Summary")).containsText("mean2.5");
        assertThat(region("Result table").getByRole(AriaRole.COLUMNHEADER)).hasText(new String[] {
            "Row",
            "name string",
            "id integer",
            "price decimal",
            "ratio double",
            "open boolean",
            "day date",
            "at timestamp, UTC",
            "local timestamp without a zone",
            "data binary",
            "document json"
        });
        assertThat(rows().first().getByRole(AriaRole.CELL)).hasText(new String[] {
            "1",
            "Ada",
            "1",
            "1,234,567.50",
            "0.1",
            "true",
            "2026-11-30",
            "2026-11-30 12:00:00.123456",
            "2026-11-30 12:00:00",
            "YWJjZA== 4 B",
            "{ \"a\": 1, \"b\": [ \"9007199254740993\", { \"c\": \"x\\ty\" } ] }"
        });
        Locator second = rows().nth(1);
        assertThat(second.getByTitle("Empty text")).hasText("\"\"");
        assertThat(second).containsText("-99,999,999,999,999,999,999,999,999,999,999,999,999");
        assertThat(second).containsText("-99,999,999,999,999,999,999,999,999,999,999.123456");
        assertThat(second).containsText("3.0 kB");
        assertThat(rows().nth(2).getByText("null", new Locator.GetByTextOptions().setExact(true)))
                .hasCount(10);

        region("Result table").locator("table").evaluate("(table) => getSelection().selectAllChildren(table)");
        page.keyboard().press("Control+c");
        page.waitForCondition(() -> clipboard().contains("Ada"));
        List<String> lines = clipboard().lines().toList();
        assertEquals(
                "1\tAda\t1\t1234567.50\t0.1\ttrue\t2026-11-30\t2026-11-30T12:00:00.123456Z\t2026-11-30T12:00:00\tYWJjZA=="
                        + "\t\"{\"\"a\"\":1,\"\"b\"\":[\"\"9007199254740993\"\",{\"\"c\"\":\"\"x\\ty\"\"}]}\"",
                lines.get(1));
        assertEquals("Row\tname\tid\tprice\tratio\topen\tday\tat\tlocal\tdata\tdocument", lines.get(0));
        assertTrue(lines.get(2).contains("\t" + "A".repeat(4000) + "\t"), "the whole of what is shortened");
        assertEquals("3" + "\t".repeat(10), lines.get(3));

        second.getByText(Pattern.compile("^all .* characters")).last().click();
        assertThat(second).containsText(Pattern.compile("\\[\\s+\\{\\s+\"n\": 1\\s+},"));
        Locator box = region("Result table");
        assertTrue((Boolean) box.evaluate("(box) => box.scrollWidth > box.clientWidth"), "a wide table scrolls");
        ViewChecks.check(page, "job-results-of-every-type");
    }
}
