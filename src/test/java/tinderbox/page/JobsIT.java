package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.KeyboardModifier;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

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
        row("Of all words").getByRole(AriaRole.CHECKBOX).check();
        assertThat(button("Compare")).isDisabled();
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
        assertThat(results.getByRole(
                        AriaRole.COLUMNHEADER,
                        new Locator.GetByRoleOptions().setName("A ‰").setExact(true)))
                .isVisible();
        button("Counts").click();
        // The second job left out rare words, so it may have had the word once.
        assertThat(results.getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("not 1 – –")))
                .isVisible();
        link("Swap A and B").click();
        assertThat(results.getByRole(AriaRole.ROW, new Locator.GetByRoleOptions().setName("not – 1 –")))
                .isVisible();
        searchBox("Search word").fill("not");
        assertThat(results.getByRole(AriaRole.ROW)).hasCount(2);

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
                Pattern.compile("^Name\tType\tStatus\tProgress or cause\tDuration\tSubmitted by\tSubmitted\n"
                                + "Copied\tWord count\tSucceeded\t\t[^\t]+\tlocal\t[^\t]+$")
                        .matcher(clipboard())
                        .matches(),
                clipboard());
        page.locator("thead button").first().focus();
        assertThat(page.locator("thead")).not().hasCSS("position", "absolute");
    }

    @Test
    void filtersAndTheOrderAreInTheAddressAndFailedRowsSayWhy() {
        labelled("Sorted B", SampleTexts.SMALL, Map.of("run", "7: a", "final", ""));
        labelled("Sorted a", SampleTexts.BROKEN, Map.of("run", "7: a"));
        labelled("Sorted C", SampleTexts.SMALL, Map.of("run", "8"));
        labelled("Not here", SampleTexts.SMALL, Map.of("elsewhere", "9"));
        open("/jobs?q=Sorted");
        Locator cause = row("Sorted a").getByRole(AriaRole.CELL).nth(3);
        assertThat(cause).containsText("does not begin like gzip data");
        assertThat(cause.getByText("It may be damaged or incomplete")).isHidden();
        cause.getByText("does not begin like gzip data").click();
        assertThat(cause.getByText("It may be damaged or incomplete")).isVisible();
        row("Sorted B").getByText("7: a").click();
        assertThat(rows()).hasCount(2);
        button("Name").click();
        assertThat(rows().first()).containsText("Sorted a");
        button("Name").click();
        assertThat(rows().first()).containsText("Sorted B");
        filter("Failed").click();
        assertThat(rows()).hasCount(1);
        filter("Succeeded").click();
        assertThat(rows()).hasCount(2);
        page.getByLabel("Submitted", new Page.GetByLabelOptions().setExact(true))
                .selectOption("Today");
        page.getByLabel("Type", new Page.GetByLabelOptions().setExact(true)).selectOption("Word count");
        page.getByLabel("Label", new Page.GetByLabelOptions().setExact(true)).fill("final");
        page.keyboard().press("Enter");
        assertThat(rows()).hasCount(1);
        assertThat(page)
                .hasURL(
                        Pattern.compile(
                                "q=Sorted&label=run%3A7%3A\\+a&label=final&sort=-name&status=FAILED&status=SUCCEEDED&time=today&type=word-count$"));

        page.reload();
        assertThat(rows()).hasCount(1);
        assertThat(page.getByRole(AriaRole.COLUMNHEADER, new Page.GetByRoleOptions().setName("Name")))
                .hasAttribute("aria-sort", "descending");
        link("Remove the filter final").click();
        assertThat(rows()).hasCount(2);
        page.goBack();
        assertThat(rows()).hasCount(1);
        page.getByLabel("Submitted", new Page.GetByLabelOptions().setExact(true))
                .selectOption("From … to …");
        page.getByLabel("From", new Page.GetByLabelOptions().setExact(true)).fill("2999-01-01");
        assertThat(page.getByText("No job matches")).isVisible();
        link("Clear filters").click();

        assertThat(page.locator("#known-labels option[value='elsewhere:9']")).hasCount(1);
        page.getByLabel("Submitted by", new Page.GetByLabelOptions().setExact(true))
                .selectOption("Another name…");
        page.getByLabel("Name of the submitter").fill("nobody");
        page.keyboard().press("Enter");
        assertThat(page.getByText("No job matches")).isVisible();
        assertThat(page).hasURL(Pattern.compile("by=nobody$"));
        page.getByLabel("Submitted by", new Page.GetByLabelOptions().setExact(true))
                .selectOption("local");
        assertThat(row("Sorted C")).isVisible();
    }

    @Test
    void aPhoneNamesTheFiltersThatItFoldsAway() {
        runJob("Folded", SampleTexts.SMALL);
        page.setViewportSize(390, 844);
        open("/jobs?q=Folded&time=today&sort=-name&type=word-count");
        assertThat(rows()).hasCount(1);
        link("Remove the filter Word count").click();
        assertThat(page).hasURL(Pattern.compile("q=Folded&time=today&sort=-name$"));
        button("Filters and order").click();
        assertThat(link("Remove the filter today")).hasCount(0);
        link("Clear all").click();
        assertThat(page).hasURL(Pattern.compile("#/jobs\\?sort=-name$"));
        assertThat(link("Clear all")).hasCount(0);
    }

    @Test
    void aSortedListSaysThatItHasChangedInsteadOfMoving() {
        runJob("Order B", SampleTexts.SMALL);
        open("/jobs?q=Order&sort=name");
        assertThat(rows()).hasCount(1);
        runJob("Order A", SampleTexts.SMALL);
        button("1 new job").click();
        assertThat(rows().first()).containsText("Order A");
    }

    @Test
    void manyJobsAreSelectedAndTheOutcomeOfEachIsTold() {
        runJob("Bulk 1", SampleTexts.SMALL);
        runJob("Bulk 2", SampleTexts.SMALL);
        String gone = runJob("Bulk 3", SampleTexts.SMALL);
        open("/jobs?q=Bulk");
        page.getByLabel("Select all on this page").check();
        button("Label 3").click();
        textbox("Label").fill("group");
        textbox("Value").fill("of three");
        button("Add the label").click();
        assertThat(region("Outcome")).containsText("3 jobs labelled.");
        assertThat(row("Bulk 2")).containsText("of three");
        row("Bulk 3").getByRole(AriaRole.CHECKBOX).check();
        row("Bulk 1")
                .getByRole(AriaRole.CHECKBOX)
                .click(new Locator.ClickOptions().setModifiers(List.of(KeyboardModifier.SHIFT)));
        assertThat(region("Selected jobs")).containsText("3 selected");
        link("Bulk 2").click();
        assertThat(heading("Bulk 2")).isVisible();
        page.goBack();
        assertThat(region("Selected jobs")).containsText("3 selected");
        page.keyboard().press("x");
        assertThat(row("Bulk 2").getByRole(AriaRole.CHECKBOX)).not().isChecked();
        page.keyboard().press("x");

        button("Delete 3").click();
        apiClient().send(apiClient().request("/api/v1/jobs/" + gone).DELETE().build());
        button("Delete 3 jobs").click();
        assertThat(region("Outcome")).containsText("2 of 3 jobs deleted.");
        assertThat(region("Outcome")).containsText("There is no such job. It may have been deleted.");
        assertThat(page.getByText("No job matches")).isVisible();

        runJob("Bulk 4", SampleTexts.SMALL);
        runningJob("Bulk 5");
        assertThat(row("Bulk 5")).containsText("Running");
        page.getByLabel("Select all on this page").check();
        button("Run again 1").click();
        button("Run 1 job again").click();
        assertThat(region("Outcome")).containsText("1 job submitted again.");
        assertThat(rows()).hasCount(3);
        button("Cancel 1").click();
        button("Cancel 1 job").click();
        assertThat(region("Outcome")).containsText("1 job cancelled.");
        assertThat(region("Selected jobs")).hasCount(0);

        open("/new");
        navigation("Jobs").click();
        assertThat(heading("Jobs")).isVisible();
        assertThat(region("Selected jobs")).hasCount(0);
    }

    private void labelled(String name, String input, Map<String, String> labels) {
        byte[] body = Json.write(Map.of("name", name, "params", Map.of("input", input), "labels", labels));
        HttpResponse<byte[]> response = apiClient()
                .send(apiClient()
                        .request("/api/v1/jobs")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
        apiClient().awaitEnd(ApiClient.json(response).get("job_id").toString());
    }

    @Test
    void withoutTwoJobsTheComparisonSaysWhatToDo() {
        open("/compare");
        assertThat(page.getByText("Choose two jobs")).isVisible();
    }
}
