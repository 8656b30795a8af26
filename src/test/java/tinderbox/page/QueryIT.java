package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.Media;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The editor of a query, and what leads to it. */
class QueryIT extends PageTest {
    private static final String AIRPORTS = "`samples/air/airports.csv`";

    @Override
    Browser.NewContextOptions contextOptions() {
        return super.contextOptions().setColorScheme(ColorScheme.LIGHT);
    }

    private Locator query() {
        return textbox("Query");
    }

    private void openQuery(String text) {
        open("/new?type=sql&query=" + URLEncoder.encode(text, StandardCharsets.UTF_8));
        assertThat(query()).hasValue(text);
    }

    private String runQuery(String name, String text) {
        String id = submit("sql", name, Map.of("query", text));
        assertEquals("SUCCEEDED", apiClient().awaitEnd(id).get("status"));
        return id;
    }

    private Locator marked() {
        return page.locator(".editor mark");
    }

    @Test
    void aLinkFillsTheQueryInAndNothingRuns() {
        List<String> sent = new ArrayList<>();
        page.onRequest(request -> {
            if (!request.method().equals("GET")) {
                sent.add(request.url());
            }
        });
        openQuery("SELECT 'a & b' AS c\n-- the second line");
        assertThat(page.locator(".editor .sql-string")).hasText("'a & b'");
        assertThat(page.locator(".editor .sql-comment")).hasText("-- the second line");
        query().fill("SELECT 2 AS changed");
        page.reload();
        assertThat(query()).hasValue("SELECT 2 AS changed");
        assertEquals(List.of(), sent);
        query().press("Control+Enter");
        assertThat(facts()).containsText("Succeeded");
        assertEquals("changed\n2\n", apiClient().csv(openJobId()));
    }

    @Test
    void anErrorIsMarkedInTheQueryUntilItIsChanged() {
        pageMonitor.expectStatus(422);
        openQuery("SELECT '\uD83D\uDE00' AS smile\nFROM range(3) WHERE id === 1");
        button("Run job").click();
        assertThat(query()).isFocused();
        assertThat(query()).hasAccessibleDescription(Pattern.compile("^Query, line 2, column "));
        Object selection = query().evaluate("(area) => area.value.slice(area.selectionStart, area.selectionEnd)");
        assertEquals(selection, String.join("", marked().allTextContents()));
        ViewChecks.check(page, "query-refused");
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN).setForcedColors(ForcedColors.ACTIVE));
        byte[] shown = marked().last().screenshot();
        marked().last().evaluate("(mark) => mark.style.textDecoration = 'none'");
        assertFalse(Arrays.equals(shown, marked().last().screenshot()), "the mark looks like other text");
        query().press("End");
        page.keyboard().type(" ");
        assertThat(marked()).hasCount(0);
    }

    @Test
    void theTextAndItsColoursAreInTheSamePlaces() {
        openQuery(
                "SELECT " + "wide_name, ".repeat(60) + "1\n\n\tFROM " + AIRPORTS + " -- " + "word ".repeat(80) + "\n");
        Object difference = page.evaluate("""
                () => {
                  const [copy, area] = ['pre', 'textarea'].map((name) => document.querySelector(`.editor ${name}`));
                  return [area.scrollHeight - copy.clientHeight, area.clientWidth - copy.clientWidth];
                }
                """);
        assertEquals(List.of(0, 0), difference);
        query().press("Control+End");
        page.keyboard().type("\n".repeat(40) + "x");
        assertTrue(
                (Boolean) page.evaluate("() => document.querySelector('.editor').scrollTop > 0"),
                "the editor scrolls to what is typed");
    }

    @Test
    void examplesAndOldQueriesFillTheEditor() {
        String old = "SELECT 'of before' AS text, '" + "long ".repeat(120) + "' AS more";
        runQuery("Of before", old);
        openQuery("SELECT 1");
        page.getByText("Examples").click();
        button(Pattern.compile("^Count by group")).click();
        assertThat(query()).hasValue(Pattern.compile("GROUP BY state"));
        query().press("Control+z");
        assertThat(query()).hasValue("SELECT 1");
        page.getByText("Your queries").click();
        Locator entry = page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("Your queries"))
                .getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText("of before"));
        assertThat(entry).hasCount(1);
        entry.click();
        assertThat(query()).hasValue(old);
        page.getByText("How to write a query").click();
        assertThat(page.getByText("'O''Hare'")).isVisible();
        ViewChecks.check(page, "query");
    }

    @Test
    void aDatasetOpensAsATable() {
        open("/datasets?path=samples/air");
        link("Use in a query: airports.csv").click();
        assertThat(query()).hasValue("SELECT * FROM " + AIRPORTS + " LIMIT 100");
        query().fill("SELECT 1");
        page.goBack();
        link("Use in a query: airports.csv").click();
        assertThat(query()).hasValue("SELECT * FROM " + AIRPORTS + " LIMIT 100");
    }

    @Test
    void everyNameInTheQueryHasAField() {
        openQuery("SELECT :year + 1 AS next, :who AS who, :none IS NULL AS none, :yes AS yes, ':text' AS text");
        typeOf("year").selectOption("number");
        textbox(":year").fill("20x8");
        assertThat(textbox(":year")).hasAccessibleDescription(":year is not a number, such as 20 or 0.5");
        textbox(":year").fill("2008");
        assertThat(textbox(":year")).not().hasAttribute("aria-invalid", "true");
        textbox(":who").fill("007");
        typeOf("none").selectOption("null");
        typeOf("yes").selectOption("boolean");
        assertThat(textbox(":text")).hasCount(0);
        page.reload();
        assertThat(textbox(":year")).hasValue("2008");
        query().press("Control+Enter");
        assertThat(facts()).containsText("Succeeded");
        assertEquals(
                "next,who,none,yes,text\n2009,007,true,false,:text\n",
                apiClient().csv(openJobId()));
        link("Parameters").click();
        assertThat(page.getByText(":year = 2008")).isVisible();
        assertThat(page.getByText(":who = \"007\"")).isVisible();
        link("Change and run").click();
        assertThat(textbox(":year")).hasValue("2008");
        assertThat(typeOf("year")).hasValue("number");
        assertThat(typeOf("none")).hasValue("null");
    }

    @Test
    void aNameWithoutAValueIsReportedAtItsField() {
        pageMonitor.expectStatus(422);
        openQuery("SELECT :st AS st");
        query().press("Control+Enter");
        assertThat(query()).hasAccessibleDescription(Pattern.compile(":st, which has no value"));
        assertThat(textbox(":st")).hasAccessibleDescription(":st has no value");
        typeOf("st").selectOption("Empty text");
        assertThat(textbox(":st")).not().hasAttribute("aria-invalid", "true");
        query().press("Control+Enter");
        assertThat(facts()).containsText("Succeeded");
        assertEquals("st\n\"\"\n", apiClient().csv(openJobId()));
    }

    @Test
    void afterARunBackLeadsToTheQuery() {
        open("/new");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("SQL query"))
                .check();
        assertThat(page).hasURL(Pattern.compile("#/new\\?type=sql$"));
        query().fill("SELECT 1 AS one");
        query().press("Control+Enter");
        assertThat(facts()).containsText("Succeeded");
        button("Copy as curl").click();
        page.waitForCondition(() -> clipboard().contains("SELECT 1 AS one"));
        assertFalse(clipboard().contains("\"name\""), clipboard());
        page.goBack();
        assertThat(query()).hasValue("SELECT 1 AS one");
        assertThat(textbox("Name")).hasValue("");
        button("Reset").click();
        assertThat(query()).hasValue("");
        assertThat(page).hasURL(Pattern.compile("#/new\\?type=sql$"));
        page.reload();
        assertThat(query()).hasValue("");
    }

    @Test
    void aLinkPutsAnEditedFormAside() {
        open("/new?type=sql");
        query().fill("SELECT :a AS a");
        textbox(":a").fill("x");
        textbox("Most rows").fill("7");
        textbox("Name").fill("Not run yet");
        openQuery("SELECT :b AS b");
        assertThat(textbox("Most rows")).hasValue("");
        assertThat(textbox("Name")).hasValue("");
        assertThat(textbox(":a")).hasCount(0);
        ViewChecks.check(page, "query-put-aside");
        page.setViewportSize(1280, 900);
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.SCREEN));
        button("Bring it back").click();
        page.reload();
        assertThat(query()).hasValue("SELECT :a AS a");
        assertThat(textbox(":a")).hasValue("x");
        assertThat(textbox("Most rows")).hasValue("7");
        assertThat(textbox("Name")).hasValue("Not run yet");
        assertThat(button("Bring it back")).hasCount(0);
        open("/new?type=sql&query=SELECT+1");
        open("/new?type=sql&query=SELECT+2");
        assertThat(query()).hasValue("SELECT 2");
        button("Bring it back").click();
        assertThat(query()).hasValue("SELECT :a AS a");
    }

    private Locator typeOf(String name) {
        return page.getByLabel("Type of :" + name);
    }

    @Test
    void aWordCountIsJoinedWithTheResultOfAnother() {
        String small = runJob("Small words", SampleTexts.SMALL);
        open("/new");
        page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Word count"))
                .check();
        textbox("Dataset").fill("samples/moby-dick.txt");
        button("Run job").click();
        assertThat(facts()).containsText("Succeeded");
        String moby = openJobId();
        link("Use in a query").click();
        assertThat(query()).hasValue("SELECT * FROM `results/" + moby + "` LIMIT 100");

        query().fill("SELECT a.word, a.count AS in_moby, b.count AS in_small\nFROM `results/" + moby
                + "` a JOIN `results/" + small + "` b USING (word)\nWHERE b.count >= :least");
        textbox(":least").fill("2");
        typeOf("least").selectOption("number");
        query().press("Control+Enter");
        assertThat(facts()).containsText("SQL query");
        assertThat(facts()).containsText("Succeeded");
        Locator rows = region("Result table").locator("tbody").getByRole(AriaRole.ROW);
        assertThat(rows).hasCount(2);
        page.getByRole(AriaRole.COLUMNHEADER)
                .filter(new Locator.FilterOptions().setHasText("in_moby"))
                .getByRole(AriaRole.BUTTON)
                .first()
                .click();
        assertThat(rows.first()).containsText("be");
        assertThat(rows.last()).containsText("to");
        button("Draw a chart").click();
        assertThat(region("Chart").getByRole(AriaRole.IMG))
                .hasAttribute("aria-label", Pattern.compile("^in_moby by word: 2 points"));
    }

    @Test
    void anOrderThatIsTooLargeOpensAsAQuery() {
        pageMonitor.expectStatus(422);
        String id = runQuery("Large", "SELECT id, id % 7 AS day FROM range(1000001)");
        open("/jobs/" + id + "/results?sort=day,-id");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("too many to be sorted");
        assertThat(link("Use in a query")).hasCount(2);
        link("Use in a query").last().click();
        assertThat(query())
                .hasValue("SELECT * FROM `results/" + id + "`\nORDER BY `day` ASC NULLS LAST, id DESC NULLS LAST");
    }

    @Test
    void aQueryHasItsPlan() {
        open("/jobs/" + runJob("Without a plan", SampleTexts.SMALL));
        assertThat(link("Stages")).isVisible();
        assertThat(link("Plan")).hasCount(0);
        open("/jobs/" + runQuery("Planned", "SELECT state, count(*) FROM " + AIRPORTS + " GROUP BY state"));
        link("Plan").click();
        assertThat(region("Plan")).containsText("HashAggregate");
        assertThat(region("Plan")).containsText("samples/air/airports.csv");
        ViewChecks.check(page, "job-plan");
    }

    @Test
    void namesOfTablesAndColumnsAreInserted() {
        openQuery("SELECT  FROM");
        Locator folders = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"));
        folders.getByText("samples", new Locator.GetByTextOptions().setExact(true))
                .click();
        folders.getByText("air", new Locator.GetByTextOptions().setExact(true)).click();
        button(Pattern.compile("^birdstrikes.csv")).click();
        query().press("Control+End");
        button("Insert samples/air/birdstrikes.csv").click();
        assertThat(query()).isFocused();
        assertThat(query()).hasValue("SELECT  FROM `samples/air/birdstrikes.csv`");
        query().evaluate("(area) => area.setSelectionRange(7, 7)");
        button("Insert Wildlife Size, string").click();
        button(Pattern.compile("^Insert Cost Repair, int")).click();
        assertThat(query()).hasValue("SELECT `Wildlife Size`, `Cost Repair` FROM `samples/air/birdstrikes.csv`");
        ViewChecks.check(page, "query-tables");
    }
}
