package tinderbox.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
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

/** A browser window of its own for each test, on a server that tests share; sees to it that nothing is complained of. */
@ExtendWith(SharedBrowser.class)
abstract class PageTest {
    /** Patient, for few and busy cores; what is there already is not waited for. */
    private static final int PATIENCE_MS = 20_000;

    static {
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MS);
    }

    private BrowserContext context;
    private final List<String> held = new ArrayList<>();

    Page page;
    PageMonitor pageMonitor;

    /** Where things go wrong to be looked at. */
    @RegisterExtension
    final AfterTestExecutionCallback photographer = test -> {
        if (test.getExecutionException().isPresent() && page != null) {
            Screenshots.failure(page, test.getRequiredTestClass().getSimpleName() + "." + test.getDisplayName());
        }
    };

    /** Where the server is. */
    URI server() {
        return PageServer.shared().uri();
    }

    /** The server, asked without the page. */
    final ApiClient apiClient() {
        return new ApiClient(this::server);
    }

    /** How the window is to be. */
    Browser.NewContextOptions window() {
        return new Browser.NewContextOptions()
                .setViewportSize(1280, 900)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setPermissions(List.of("clipboard-read", "clipboard-write"));
    }

    @BeforeEach
    final void openWindow() {
        context = Browsers.shared().newContext(window());
        context.setDefaultTimeout(PATIENCE_MS);
        context.setDefaultNavigationTimeout(PATIENCE_MS);
        pageMonitor = new PageMonitor(context, server());
        page = context.newPage();
    }

    @AfterEach
    final void closeWindow() {
        if (page == null) {
            return;
        }
        try {
            pageMonitor.assertQuiet();
        } finally {
            context.close();
            held.forEach(id -> apiClient()
                    .send(apiClient()
                            .request("/api/v1/jobs/" + id + "/cancel")
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .build()));
            held.clear();
        }
    }

    /** Opens a view by its address after the '#'. */
    final void open(String route) {
        page.navigate(server() + "#" + route);
    }

    /** Another tab of the same window. */
    final Page secondTab() {
        return context.newPage();
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

    /** A view of the shell's navigation. */
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

    /** What the page has put into the clipboard. */
    final String clipboard() {
        return page.evaluate("navigator.clipboard.readText()").toString();
    }

    /** The facts in the head of the open job. */
    final Locator facts() {
        return page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Facts"));
    }

    /** Sends a word count without the page; answers with its id. */
    final String submit(String name, Map<String, Object> params) {
        byte[] body = Json.write(Map.of("type", "word-count", "name", name, "params", params));
        HttpResponse<byte[]> answer = apiClient()
                .send(apiClient()
                        .request("/api/v1/jobs")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build());
        return ApiClient.json(answer).get("job_id").toString();
    }

    /** Runs a word count to its end without the page; answers with its id. */
    final String ended(String name, String input) {
        String id = submit(name, Map.of("input", input));
        apiClient().awaitEnd(id);
        return id;
    }

    /** A job that runs until the test cancels it, or has ended. */
    final String held(String name) {
        String id = submit(name, Map.of("input", SampleTexts.SMALL, "delay_seconds", 60));
        held.add(id);
        Awaitility.await().until(() -> "RUNNING".equals(apiClient().job(id).get("status")));
        return id;
    }

    /** The id in the address of the job that is open. */
    final String openJob() {
        page.waitForURL(Pattern.compile("#/jobs/[0-9a-f-]{36}"));
        return page.url().replaceFirst(".*#/jobs/([0-9a-f-]{36}).*", "$1");
    }
}
