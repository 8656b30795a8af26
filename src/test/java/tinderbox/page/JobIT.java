package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

/** The view of a job: its header and actions. */
class JobIT extends PageTest {
    @Test
    void aRunningJobShowsItsProgressAndIsCancelled() {
        String id = runningJob("To be cancelled");
        open("/jobs/" + id);
        assertThat(facts()).containsText("Running");
        assertThat(page.getByRole(AriaRole.PROGRESSBAR, new Page.GetByRoleOptions().setName("Job progress")))
                .isVisible();
        assertThat(page).hasTitle(Pattern.compile("To be cancelled"));
        assertThat(page.getByText("No result yet")).isVisible();

        button("Cancel job").click();
        assertThat(facts()).containsText("Cancelled");
        assertThat(button("Cancel job")).hasCount(0);
        assertThat(page.getByRole(AriaRole.PROGRESSBAR)).hasCount(0);
        assertThat(page.getByText("No result", new Page.GetByTextOptions().setExact(true)))
                .isVisible();
        assertThat(page).hasTitle(Pattern.compile("Cancelled"));
        assertEquals("CANCELLED", apiClient().job(id).get("status"));
    }

    @Test
    void aCancelThatComesTooLateSaysSo() {
        pageMonitor.expectStatus(409);
        String id = submit("Quicker", Map.of("input", SampleTexts.SMALL, "delay_seconds", 5));
        page.route("**/cancel", route -> {
            apiClient().awaitEnd(id);
            route.resume();
        });
        open("/jobs/" + id);
        button("Cancel job").click();
        assertThat(page.getByText("Finished before it could be cancelled").first())
                .isVisible();
        assertThat(facts()).containsText("Succeeded");
    }

    @Test
    void aSecondClickAfterALostResponseSubmitsNoSecondJob() {
        pageMonitor.expect("net::ERR_FAILED");
        String old = runJob("Run again once", SampleTexts.SMALL);
        List<String> made = new ArrayList<>();
        page.route("**/rerun", route -> {
            made.add(route.fetch().text());
            route.abort();
        });
        open("/jobs/" + old);
        button("Run again").click();
        assertThat(page.getByText("The server cannot be reached").first()).isVisible();
        page.unroute("**/rerun");
        button("Run again").click();
        page.waitForURL(Pattern.compile("#/jobs/(?!" + old + ")"));
        assertEquals(1, made.size());
        assertTrue(made.get(0).contains(openJobId()), "the job of the first click");
    }

    @Test
    void whatFailedBecauseOfItsInputIsChangedFirst() {
        String id = submit("Not a text", Map.of("input", SampleTexts.BROKEN));
        apiClient().awaitEnd(id);
        open("/jobs/" + id);
        assertThat(region("Why it failed")).containsText("invalid_input");
        Locator actions = page.locator(".job-actions");
        assertThat(actions.locator(".primary")).hasText("Change and run");
        assertThat(actions.locator(".button").first()).hasText("Change and run");
        assertThat(button("Run again")).isEnabled();
    }

    @Test
    void aDeletedJobDisappearsInEveryWindow() {
        pageMonitor.expectStatus(404);
        String id = runJob("To be deleted", SampleTexts.SMALL);
        Page other = secondTab();
        other.navigate(server() + "#/jobs/" + id);
        assertThat(other.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("To be deleted")))
                .isVisible();
        open("/jobs/" + id);
        button("Delete").click();
        button("Keep it").click();
        assertThat(heading("To be deleted")).isVisible();
        button("Delete").click();
        button("Delete job").click();
        assertThat(heading("Jobs")).isVisible();
        assertThat(link("To be deleted")).hasCount(0);
        assertThat(other.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasText("Job not found, or already deleted");

        open("/jobs/" + id);
        assertThat(heading("Job not found, or already deleted")).isVisible();
    }

    @Test
    void anUnknownJobSaysSo() {
        pageMonitor.expectStatus(404);
        pageMonitor.expectStatus(400);
        open("/jobs/" + UUID.randomUUID());
        assertThat(heading("Job not found, or already deleted")).isVisible();
        open("/jobs/nonsense");
        assertThat(heading("Job not found, or already deleted")).isVisible();
    }

    @Test
    void theEndIsShownWithoutAReload() {
        String id = submit("Watched", Map.of("input", SampleTexts.SMALL, "delay_seconds", 3));
        open("/jobs/" + id);
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("be");
        assertThat(page).hasTitle("Succeeded · Watched · Tinderbox");
        assertThat(page.locator("link[rel=icon]")).hasAttribute("href", Pattern.compile("^data:image/svg"));
    }

    @Test
    void aPendingJobShowsItsPositionInTheQueue() {
        runningJob("One");
        runningJob("Two");
        runningJob("Three");
        runningJob("Four");
        String fifth = submit("Five", Map.of("input", SampleTexts.SMALL));
        open("/jobs/" + fifth);
        assertThat(facts()).containsText("Pending");
        assertThat(page.getByText(Pattern.compile("First in the queue")).first())
                .isVisible();
        button("Cancel job").click();
        assertThat(facts()).containsText("Cancelled");
    }

    @Test
    void afterCancellingByKeyboardTheFocusIsOnTheHeading() {
        String id = runningJob("Cancelled by keys");
        open("/jobs/" + id);
        button("Cancel job").press("Enter");
        assertThat(facts()).containsText("Cancelled");
        assertThat(heading("Cancelled by keys")).isFocused();
    }

    @Test
    void withoutNotificationsTheResultIsStillShown() {
        page.addInitScript("""
                globalThis.Notification = class {
                    static requestPermission() { return Promise.resolve('granted'); }
                    constructor() { throw new TypeError('Illegal constructor'); }
                };""");
        String id = submit("Not notified", Map.of("input", SampleTexts.SMALL, "delay_seconds", 3));
        open("/jobs/" + id);
        button("Notify me").click();
        assertThat(button("You will be notified")).isVisible();
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("be");
    }

    @Test
    void aDeletedJobStaysGoneWhenAnotherIsDeleted() {
        pageMonitor.expectStatus(404);
        String other = runJob("Deleted as well", SampleTexts.SMALL);
        open("/jobs/" + UUID.randomUUID());
        assertThat(heading("Job not found, or already deleted")).isVisible();
        page.waitForCondition(() -> isKnown(other));
        page.evaluate("""
                globalThis.headings = [];
                new MutationObserver(() => headings.push(document.querySelector('h1').textContent))
                    .observe(document.getElementById('main'), {childList: true, subtree: true, characterData: true});""");
        apiClient().send(apiClient().request("/api/v1/jobs/" + other).DELETE().build());
        page.waitForCondition(() -> !isKnown(other));
        assertThat(heading("Job not found, or already deleted")).isVisible();
        assertEquals(List.of(), page.evaluate("globalThis.headings"));
    }

    /** Whether the page knows the job, but not its end. */
    private boolean isKnown(String id) {
        return (boolean)
                page.evaluate("(id) => import('./js/state/store.js').then(({ state }) => state.jobs.has(id))", id);
    }

    @Test
    void theLinkIsCopied() {
        String id = runJob("Linked", SampleTexts.SMALL);
        open("/jobs/" + id + "/parameters");
        button("Copy link").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Copied");
        assertEquals(server() + "#/jobs/" + id + "/parameters", clipboard());
    }

    @Test
    void theParametersAreShownWithTheDefaults() {
        String id = submit("Asked", Map.of("input", SampleTexts.SMALL, "min_count", 2));
        open("/jobs/" + id + "/parameters");
        assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(Pattern.compile("Smallest count"))))
                .containsText("2");
        assertThat(page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(Pattern.compile("Shortest word"))))
                .containsText("(default)");
        assertThat(page.getByText("Labels", new Page.GetByTextOptions().setExact(true)))
                .hasCount(0);
    }

    @Test
    void theLabelsAreShownWithTheTimes() {
        byte[] body = Json.write(Map.of("labels", Map.of("team/x", "north \u202e& <b>south", "urgent", "")));
        HttpRequest request = apiClient()
                .request("/api/v1/jobs")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        Object id = ApiClient.json(apiClient().send(request)).get("job_id");
        open("/jobs/" + id + "/parameters");
        Locator labels = page.locator(".job-times dt:text-is('Labels') + dd li");
        assertThat(labels.filter(new Locator.FilterOptions().setHasText("team/x")))
                .hasText("team/x: north \u202e& <b>south");
        assertThat(labels.filter(new Locator.FilterOptions().setHasText("urgent")))
                .hasText("urgent");
    }

    @Test
    void theStagesOfAJobAreListed() {
        runJob("Before it", SampleTexts.SMALL);
        String id = runJob("Staged", "samples/moby-dick.txt");
        open("/jobs/" + id + "/stages");
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Stages")))
                .containsText("Complete");
        // The first stage of this job; Spark counts stages of all jobs.
        assertThat(page.locator(".stages-table tbody th .muted").first()).hasText("1");
        assertThat(page.getByLabel(Pattern.compile("^Timeline: .*Stage 1 "))).isVisible();
        String waiting = runningJob("Not begun");
        open("/jobs/" + waiting + "/stages");
        assertThat(page.getByText("No Spark stages yet")).isVisible();
    }

    @Test
    void aJobIsRenamedAndGetsANoteAndLabelsAndAConflictIsShown() {
        String id = runJob("To rename", SampleTexts.SMALL);
        open("/jobs/" + id);
        button("Edit").click();
        textbox("Name").fill("Renamed");
        textbox("Note").fill("See page 3.\nAsk Ada.");
        textbox("Labels").fill("course: a b\nfinal");
        button("Save").click();
        assertThat(heading("Renamed")).isVisible();
        assertThat(region("Note")).containsText("Ask Ada.");
        assertThat(page.getByLabel("Labels").getByRole(AriaRole.LINK)).hasText(new String[] {"coursea b", "final"});

        pageMonitor.expectStatus(412);
        pageMonitor.expectStatus(422);
        button("Edit").click();
        assertThat(textbox("Name")).hasValue("Renamed");
        apiClient()
                .send(apiClient()
                        .request("/api/v1/jobs/" + id)
                        .header("Content-Type", "application/json")
                        .header("If-Match", "*")
                        .method("PATCH", HttpRequest.BodyPublishers.ofString("{\"name\": \"Theirs\", \"note\": null}"))
                        .build());
        textbox("Name").fill("Mine");
        button("Save").click();
        Locator conflict = page.getByRole(AriaRole.ALERT, new Page.GetByRoleOptions().setName("Changed meanwhile"));
        assertThat(conflict).containsText("Theirs");
        assertThat(textbox("Note")).hasValue("");
        button("Save mine").click();
        assertThat(heading("Mine")).isVisible();
        assertThat(region("Note")).hasCount(0);

        button("Edit").click();
        textbox("Labels").fill("not a key");
        button("Save").click();
        assertThat(textbox("Labels")).hasAttribute("aria-invalid", "true");
        button("Do not change").click();
        page.getByLabel("Labels").getByRole(AriaRole.LINK).first().click();
        assertThat(page).hasURL(Pattern.compile("label=course%3Aa\\+b$"));
        assertThat(link("Mine")).isVisible();
    }
}
