package tinderbox.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ReducedMotion;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

/**
 * Opens a new tab for each test, in the {@link BrowserWindow} of its class, on a shared server. Fails a test after which
 * {@link PageMonitor} has problems.
 */
@ExtendWith(SharedBrowser.class)
abstract class PageTest {
    /** Long, because the machine may have few and busy cores. */
    private static final int TIMEOUT_MS = 20_000;

    static {
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
    }

    /** Null if the next test must open one. */
    private static BrowserWindow window;

    private boolean isWindowReusable = true;
    private final List<String> longJobs = new ArrayList<>();

    Page page;
    PageMonitor pageMonitor;

    /** Takes a screenshot if a test fails. */
    @RegisterExtension
    final AfterTestExecutionCallback screenshotOnFailure = test -> {
        if (test.getExecutionException().isPresent() && page != null) {
            isWindowReusable = false;
            Screenshots.failure(page, test.getRequiredTestClass().getSimpleName() + "." + test.getDisplayName());
        }
    };

    /** The address of the server. */
    URI server() {
        return PageServer.shared().uri();
    }

    /** A client of the server's API, independent of the page. */
    final ApiClient apiClient() {
        return new ApiClient(this::server);
    }

    /** The options of the window. */
    Browser.NewContextOptions contextOptions() {
        return new Browser.NewContextOptions()
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setPermissions(List.of("clipboard-read", "clipboard-write"));
    }

    @BeforeEach
    final void openTab() {
        if (window != null && !window.isFor(getClass(), server())) {
            closeWindow();
        }
        if (window == null) {
            window = new BrowserWindow(getClass(), server(), contextOptions(), TIMEOUT_MS);
        }
        pageMonitor = window.monitor();
        page = window.newTab();
    }

    /** Opens a window for this test alone, which needs a new one or leaves one that no other test can use. */
    final void openOwnWindow() {
        closeWindow();
        openTab();
        isWindowReusable = false;
    }

    private static void closeWindow() {
        BrowserWindow old = window;
        window = null;
        if (old != null) {
            old.close();
        }
    }

    @AfterEach
    final void closeTab() {
        if (page == null) {
            // The window may be broken: the next test opens one.
            closeWindow();
            return;
        }
        boolean staysOpen = false;
        try {
            pageMonitor.assertNoProblems();
            if (isWindowReusable) {
                window.clear();
                staysOpen = true;
            }
        } finally {
            if (!staysOpen) {
                closeWindow();
            }
            longJobs.forEach(id -> apiClient()
                    .send(apiClient()
                            .request("/api/v1/jobs/" + id + "/cancel")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build()));
            longJobs.clear();
        }
    }

    /** Opens a view by the part of its address after the '#'. */
    final void open(String route) {
        page.navigate(server() + "#" + route);
    }

    /** Opens another tab of the same window. */
    final Page secondTab() {
        return window.newTab();
    }

    final Locator heading(String name) {
        return page.getByRole(
                AriaRole.HEADING,
                new Page.GetByRoleOptions().setName(name).setExact(true).setLevel(1));
    }

    final Locator button(String name) {
        return page.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator button(Pattern name) {
        return page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name));
    }

    final Locator link(String name) {
        return page.getByRole(
                AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A link of the main navigation. */
    final Locator navigation(String name) {
        return page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Main"))
                .getByRole(
                        AriaRole.LINK,
                        new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator textbox(String name) {
        return page.getByRole(
                AriaRole.TEXTBOX, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator searchBox(String name) {
        return page.getByRole(
                AriaRole.SEARCHBOX, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    final Locator region(String name) {
        return page.getByRole(
                AriaRole.REGION, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** The text in the clipboard. */
    final String clipboard() {
        return page.evaluate("navigator.clipboard.readText()").toString();
    }

    /** The facts in the header of the open job. */
    final Locator facts() {
        return page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Facts"));
    }

    /** Submits a word count through the API; returns its id. */
    final String submit(String name, Map<String, Object> params) {
        return submit("word-count", name, params);
    }

    /** Submits a job of any type through the API; returns its id. */
    final String submit(String type, String name, Map<String, Object> params) {
        byte[] body = Json.write(Map.of("type", type, "name", name, "params", params));
        HttpResponse<byte[]> response = apiClient()
                .send(apiClient()
                        .request("/api/v1/jobs")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
        return ApiClient.json(response).get("job_id").toString();
    }

    /** Submits word counts as a run set through the API and waits until all have ended; returns its id. */
    final String runSet(String name, String... inputs) {
        byte[] body =
                Json.write(Map.of("type", "word-count", "name", name, "for_each", Map.of("input", List.of(inputs))));
        HttpResponse<byte[]> response = apiClient()
                .send(apiClient()
                        .request("/api/v1/run-sets")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
        String id = ApiClient.json(response).get("run_set_id").toString();
        Awaitility.await().until(() -> {
            Map<?, ?> counts =
                    (Map<?, ?>) apiClient().get("/api/v1/run-sets/" + id).get("counts");
            return ((Number) counts.get("SUCCEEDED")).intValue() == inputs.length;
        });
        return id;
    }

    /** Submits a word count through the API and waits until it has ended; returns its id. */
    final String runJob(String name, String input) {
        String id = submit(name, Map.of("input", input));
        apiClient().awaitEnd(id);
        return id;
    }

    /** Submits a job that takes long, and is cancelled after the test; returns its id. */
    final String longJob(String name) {
        String id = submit(name, Map.of("input", SampleTexts.SMALL, "delay_seconds", 60));
        longJobs.add(id);
        return id;
    }

    /** Starts a job that runs until the test cancels it or ends; returns its id. */
    final String runningJob(String name) {
        String id = longJob(name);
        Awaitility.await().until(() -> "RUNNING".equals(apiClient().job(id).get("status")));
        return id;
    }

    /** The id of the open job, from the address. */
    final String openJobId() {
        page.waitForURL(Pattern.compile("#/jobs/[0-9a-f-]{36}"));
        return page.url().replaceFirst(".*#/jobs/([0-9a-f-]{36}).*", "$1");
    }
}
