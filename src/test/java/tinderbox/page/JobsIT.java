package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The list of jobs. */
class JobsIT extends PageTest {
    private Locator row(String name) {
        return page.getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.LINK,
                                new Page.GetByRoleOptions().setName(name).setExact(true))));
    }

    private Locator rows() {
        return page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHas(page.getByRole(AriaRole.CELL)));
    }

    private Locator filter(String status) {
        return page.getByRole(
                        AriaRole.GROUP,
                        new Page.GetByRoleOptions().setName("Status").setExact(true))
                .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(Pattern.compile("^" + status)));
    }

    @Test
    void aJobSubmittedElsewhereAppearsRunsAndEndsWithoutAReload() {
        open("/jobs");
        assertThat(heading("Jobs")).isVisible();
        String id = runningJob("Seen live");
        assertThat(row("Seen live")).containsText("Running");
        assertThat(row("Seen live").getByRole(AriaRole.PROGRESSBAR)).isVisible();
        assertThat(filter("Running")).containsText("1");
        apiClient().post("/api/v1/jobs/" + id + "/cancel");
        assertThat(row("Seen live")).containsText("Cancelled");
        assertThat(row("Seen live").getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
        assertThat(filter("Running")).containsText("0");
    }

    @Test
    void theSearchFindsNamesAndSaysIfNothingMatches() {
        runJob("A needle", SampleTexts.SMALL);
        runJob("Some hay", SampleTexts.SMALL);
        open("/jobs");
        searchBox("Search jobs").fill("needle");
        assertThat(rows()).hasCount(1);
        assertThat(row("A needle")).isVisible();
        assertThat(page).hasURL(Pattern.compile("q=needle"));

        searchBox("Search jobs").fill("needle in no haystack");
        assertThat(page.getByText("No job matches")).isVisible();
        assertThat(page.getByText("No jobs yet")).hasCount(0);
        link("Clear filters").click();
        assertThat(searchBox("Search jobs")).hasValue("");
        assertThat(row("Some hay")).isVisible();
    }

    @Test
    void theStatusIsFilteredByButtonsThatCount() {
        runJob("To fail", SampleTexts.BROKEN);
        runJob("To succeed", SampleTexts.SMALL);
        open("/jobs");
        assertThat(filter("All")).hasAttribute("aria-pressed", "true");
        filter("Failed").click();
        assertThat(filter("Failed")).hasAttribute("aria-pressed", "true");
        assertThat(row("To fail")).isVisible();
        assertThat(row("To succeed")).hasCount(0);
        Map<?, ?> counts = (Map<?, ?>) apiClient().get("/api/v1/jobs").get("counts");
        assertThat(filter("Failed")).containsText(counts.get("FAILED").toString());
        assertThat(rows()).hasCount(Integer.parseInt(counts.get("FAILED").toString()));
        assertThat(page).hasURL(Pattern.compile("status=FAILED"));

        page.reload();
        assertThat(filter("Failed")).hasAttribute("aria-pressed", "true");
        assertThat(row("To fail")).isVisible();
        filter("All").click();
        assertThat(row("To succeed")).isVisible();
    }

    @Test
    void newJobsAreHeldBackWhileTheListIsScrolled() {
        for (int i = 0; i < 8; i++) {
            runJob("Read " + i, SampleTexts.SMALL);
        }
        page.setViewportSize(1280, 400);
        open("/jobs");
        assertThat(row("Read 7")).isVisible();
        page.mouse().move(600, 300);
        page.mouse().wheel(0, 400);
        page.waitForCondition(() -> (Boolean) page.evaluate("scrollY > 150"));
        double before = row("Read 3").boundingBox().y;
        runJob("Came later", SampleTexts.SMALL);
        runJob("Came last", SampleTexts.SMALL);
        assertThat(button("2 new jobs")).isVisible();
        assertThat(row("Came later")).hasCount(0);
        assertEquals(before, row("Read 3").boundingBox().y);

        button("2 new jobs").click();
        assertThat(rows().first()).containsText("Came last");
        assertThat(row("Came later")).isVisible();
        assertThat(button("2 new jobs")).hasCount(0);
    }

    @Test
    void keysMoveThroughTheJobs() {
        runJob("Below", SampleTexts.SMALL);
        runJob("Above", SampleTexts.SMALL);
        open("/jobs");
        assertThat(row("Below")).isVisible();
        page.keyboard().press("j");
        assertThat(link("Above")).isFocused();
        page.keyboard().press("j");
        assertThat(link("Below")).isFocused();
        page.keyboard().press("k");
        assertThat(link("Above")).isFocused();
        page.keyboard().press("Enter");
        assertThat(heading("Above")).isVisible();
        assertThat(heading("Above")).isFocused();
    }

    @Test
    void twoSelectedJobsAreCompared() {
        String a = submit("Of all words", Map.of("input", SampleTexts.SMALL));
        apiClient().awaitEnd(a);
        String b = submit("Of frequent words", Map.of("input", SampleTexts.SMALL, "min_count", 2));
        apiClient().awaitEnd(b);
        open("/jobs?q=words");
        assertThat(button("Compare")).isDisabled();
        row("Of all words").getByRole(AriaRole.CHECKBOX).check();
        row("Of frequent words").getByRole(AriaRole.CHECKBOX).check();
        page.keyboard().press("j");
        assertThat(link("Of frequent words")).isFocused();
        link("Compare").click();
        assertThat(heading("Compare")).isVisible();

        Locator parameters = region("Parameters");
        assertThat(parameters.getByRole(AriaRole.CHECKBOX)).isChecked();
        assertThat(parameters.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("min_count")))
                .containsText("2");
        assertThat(parameters.getByText("min_length")).hasCount(0);
        Locator results = region("Results");
        assertThat(results.getByRole(AriaRole.ROW)).hasCount(5);
        // The second job left out rare words, so it may have had the word once.
        assertThat(results.getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("not 1 – –")))
                .isVisible();

        apiClient().send(apiClient().request("/api/v1/jobs/" + b).DELETE().build());
        assertThat(page.getByText("One of these jobs was not found, or is deleted"))
                .isVisible();
    }

    @Test
    void aCopiedRowIsOneLineEvenOnAPhone() {
        runJob("Copied", SampleTexts.SMALL);
        page.setViewportSize(390, 844);
        open("/jobs?q=Copied");
        assertThat(link("Copied")).isVisible();
        page.getByRole(AriaRole.TABLE).evaluate("(table) => getSelection().selectAllChildren(table)");
        page.keyboard().press("Control+c");
        page.waitForCondition(() -> clipboard().contains("Copied"));
        assertTrue(
                Pattern.compile("^Name\tType\tStatus\tProgress\tDuration\tSubmitted by\tStarted\n"
                                + "Copied\tWord count\tSucceeded\t\t[^\t]+\tlocal\t[^\t]+$")
                        .matcher(clipboard())
                        .matches(),
                clipboard());
    }

    @Test
    void withoutTwoJobsTheComparisonSaysWhatToDo() {
        open("/compare");
        assertThat(page.getByText("Choose two jobs")).isVisible();
    }
}
