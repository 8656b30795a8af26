package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** What the page shows of a cluster in any state: the test adds one to the answers of a server without. */
class ClusterViewsIT extends PageTest {
    private static final String LONG_HOST = "compute-node-000123.rack-07.datacentre-north.cluster.example.org";
    private static final String NO_EXECUTOR = "no executor is registered with spark://node1:7077; start a worker";

    @Override
    Browser.NewContextOptions contextOptions() {
        return super.contextOptions().setColorScheme(ColorScheme.LIGHT);
    }

    @Test
    void aboutListsTheExecutors() {
        answerWithSession("degraded", "the master does not answer");
        open("/about");
        assertThat(region("Server")).containsText("Ready, without its master, for ");
        assertThat(region("Executors").getByRole(AriaRole.ROW)).hasCount(3);
        assertThat(row("12")).containsText(LONG_HOST);
        assertThat(row("12")).containsText("lab, shared");
        ViewChecks.check(page, "about-cluster");
    }

    private Locator row(String executor) {
        return region("Executors")
                .getByRole(AriaRole.ROW)
                .filter(new Locator.FilterOptions()
                        .setHas(page.getByRole(
                                AriaRole.ROWHEADER,
                                new Page.GetByRoleOptions().setName(executor).setExact(true))));
    }

    @Test
    void withoutAClusterNothingOfItIsShown() {
        open("/about");
        assertThat(region("Server")).containsText("local[");
        assertThat(region("Server")).not().containsText("Session");
        assertThat(region("Executors")).hasCount(0);
        open("/jobs/" + runJob("Counted here", SampleTexts.SMALL) + "/stages");
        assertThat(page.getByText("Shuffle written")).isVisible();
        assertThat(page.getByText("Tasks by host")).hasCount(0);
    }

    @Test
    void stagesNameTheHostsOfTheirTasks() {
        List<Map<String, Object>> hosts = List.of(
                Map.of("host", LONG_HOST, "tasks", 17_017),
                Map.of("host", "node1", "tasks", 9),
                Map.of("host", "node2", "tasks", 8),
                Map.of("host", "node3", "tasks", 7),
                Map.of("host", "node4", "tasks", 6));
        answer("**/stages", stages -> {
            for (Object stage : (List<?>) stages.get("stages")) {
                put(stage, "hosts", hosts);
            }
        });
        open("/jobs/" + runJob("Counted on many", SampleTexts.SMALL) + "/stages");
        Locator cell = page.locator("[data-label='Tasks by host']");
        assertThat(cell.getByText("17,017")).isVisible();
        assertThat(cell.getByText("node3: 7")).isHidden();
        cell.getByText("2 more").click();
        assertThat(cell.getByText("node4: 6")).isVisible();
        ViewChecks.check(page, "job-stages-cluster");
    }

    @Test
    void waitingJobsSayWhyUntilTheReasonIsGone() {
        answerWithSession("no_executors", NO_EXECUTOR);
        String waiting = pendingJob();
        open("/jobs/" + waiting);
        Locator reason = page.getByText("No executor is registered with spark://node1:7077; start a worker.");
        assertThat(reason).containsText("This job waits. ");
        ViewChecks.check(page, "job-waiting");
        open("/jobs");
        assertThat(reason).containsText("Jobs wait. ");
        page.unroute("**/api/v1/server");
        assertThat(reason).hasCount(0);
        assertThat(page.getByText("First in the queue")).isAttached();
    }

    /** Fills all slots of the server, and submits a job that waits. */
    private String pendingJob() {
        for (int slot = 0; slot < 4; slot++) {
            runningJob("In slot " + slot);
        }
        return longJob("Waiting");
    }

    private void answerWithSession(String state, String detail) {
        answer(
                "**/api/v1/server",
                server -> server.putAll(Map.of(
                        "master",
                        "spark://node1:7077",
                        "session",
                        Map.of("state", state, "detail", detail, "since", server.get("started_at")),
                        "executors",
                        List.of(
                                executor("0", "node1", List.of()),
                                executor("12", LONG_HOST, List.of("lab", "shared"))))));
    }

    private static Map<String, Object> executor(String id, String host, List<String> unreadableRoots) {
        return Map.of(
                "id",
                id,
                "host",
                host,
                "cores",
                8,
                "memory_bytes",
                4_294_967_296L,
                "spark_version",
                "4.2.0",
                "java_version",
                "17.0.15+6-Debian-1deb12u1",
                "tasks_running",
                3,
                "since",
                "2026-11-30T03:00:00Z",
                "unreadable_roots",
                unreadableRoots);
    }

    /** Changes the JSON object that the server responds with. */
    private void answer(String url, Consumer<Map<String, Object>> change) {
        page.route(url, route -> {
            APIResponse response = route.fetch();
            Map<String, Object> body = object(response.body());
            change.accept(body);
            route.fulfill(new Route.FulfillOptions().setResponse(response).setBodyBytes(Json.write(body)));
        });
    }

    private static Map<String, Object> object(byte[] json) {
        try {
            return Json.readObject(json);
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static void put(Object object, String name, Object value) {
        ((Map<String, Object>) object).put(name, value);
    }
}
