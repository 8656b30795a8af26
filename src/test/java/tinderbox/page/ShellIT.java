package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What all views share: addresses, keys, themes, requests that fail. */
class ShellIT extends PageTest {
    @Test
    void everyViewIsALinkAndTheBackButtonGoesBack() {
        String id = runJob("Linked to", SampleTexts.SMALL);
        open("/jobs?q=Linked");
        link("Linked to").click();
        assertThat(heading("Linked to")).isVisible();
        link("Log").click();
        assertThat(page.getByRole(AriaRole.LOG)).isVisible();
        navigation("Datasets").click();
        assertThat(heading("Datasets")).isVisible();
        navigation("About").click();
        assertThat(heading("About this server")).isVisible();

        page.goBack();
        assertThat(heading("Datasets")).isVisible();
        page.goBack();
        assertThat(page).hasURL(server() + "#/jobs/" + id + "/log");
        assertThat(page.getByRole(AriaRole.LOG)).isVisible();
        page.goBack();
        assertThat(region("Result table")).isVisible();
        page.goBack();
        assertThat(searchBox("Search jobs")).hasValue("Linked");
        page.goForward();
        assertThat(heading("Linked to")).isVisible();
    }

    @Test
    void anUnknownAddressSaysSo() {
        open("/nowhere");
        assertThat(heading("There is no such page")).isVisible();
    }

    @Test
    void aJobIsSubmittedAndReadWithTheKeyboardAlone() {
        open("/new");
        assertThat(button("Run job")).isEnabled();
        tabTo(link("Skip to the content"));
        page.keyboard().press("Enter");
        assertThat(heading("New job")).isFocused();
        tabTo(textbox("Dataset"));
        page.keyboard().press("Control+a");
        // At once: the page asks for the preview of what is typed so far.
        page.keyboard().insertText(SampleTexts.SMALL);
        tabTo(textbox("Name"));
        page.keyboard().type("Typed");
        tabTo(button("Run job"));
        page.keyboard().press("Enter");
        assertThat(heading("Typed")).isFocused();
        assertThat(facts()).containsText("Succeeded");
        tabTo(page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Views of this job"))
                .getByRole(AriaRole.LINK, new Locator.GetByRoleOptions().setName("Parameters")));
        page.keyboard().press("Enter");
        assertThat(page.getByRole(AriaRole.TABLE, new Page.GetByRoleOptions().setName("Parameters")))
                .isVisible();
    }

    private void tabTo(Locator target) {
        for (int presses = 0; presses < 60; presses++) {
            page.keyboard().press("Tab");
            if ((Boolean) target.evaluate("(element) => element === document.activeElement")) {
                assertTrue(
                        (Boolean) target.evaluate("(element) => element.matches(':focus-visible')"),
                        "what has the focus shows it");
                return;
            }
        }
        throw new AssertionError("60 presses of Tab do not reach " + target);
    }

    @Test
    void twoKeysOpenAViewButNotWhileTyping() {
        open("/new");
        // The shortcuts are loaded with the title.
        assertThat(page).hasTitle("New job · Tinderbox");
        press("g", "j");
        assertThat(heading("Jobs")).isFocused();
        press("g", "d");
        assertThat(heading("Datasets")).isFocused();
        press("g", "a");
        assertThat(heading("About this server")).isFocused();
        press("g", "n");
        assertThat(heading("New job")).isFocused();

        textbox("Name").click();
        press("g", "j", "?", "/");
        assertThat(textbox("Name")).hasValue("gj?/");
        assertThat(heading("New job")).isVisible();
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);

        press("Escape");
        heading("New job").focus();
        press("g", "j");
        assertThat(searchBox("Search jobs")).isVisible();
        press("/");
        assertThat(searchBox("Search jobs")).isFocused();
        open("/about");
        assertThat(heading("About this server")).isFocused();
        press("/");
        assertThat(searchBox("Search jobs")).isFocused();
    }

    @Test
    void aViewThatLoadsTooLateDoesNotReplaceAnother() {
        List<Route> stuck = new ArrayList<>();
        page.route("**/datasets.js", stuck::add);
        open("/jobs");
        navigation("Datasets").click();
        page.waitForCondition(() -> !stuck.isEmpty());
        navigation("Jobs").click();
        assertThat(searchBox("Search jobs")).isVisible();
        page.unroute("**/datasets.js");
        stuck.forEach(Route::resume);
        page.evaluate("import('./js/components/datasets.js')");
        assertThat(searchBox("Search jobs")).isVisible();
        navigation("Datasets").click();
        assertThat(page.getByLabel("Choose files")).isVisible();
    }

    private void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    @Test
    void withoutEventStreamsThePagePolls() {
        pageMonitor.expect("net::ERR_FAILED");
        page.route("**/events", Route::abort);
        open("/jobs");
        assertThat(page.getByText("Polling")).isVisible();
        String id = runJob("Asked for", SampleTexts.SMALL);
        assertThat(link("Asked for")).isVisible();
        open("/jobs/" + id);
        assertThat(region("Result table")).containsText("be");
        assertThat(page.getByText("Offline")).hasCount(0);
    }

    @Test
    void aRequestWithoutAResponseIsReportedAndRetried() {
        // The clock is that of the whole window.
        openOwnWindow();
        page.clock().install();
        List<Route> stuck = new ArrayList<>();
        page.route("**/api/v1/datasets*", stuck::add);
        open("/datasets");
        page.waitForCondition(() -> !stuck.isEmpty());
        page.clock().runFor(9_000);
        assertThat(page.getByText("The server has not answered yet.")).isVisible();
        page.clock().runFor(12_000);
        assertThat(page.getByText("The server did not answer in time.")).isVisible();
        page.unroute("**/api/v1/datasets*");
        // The clock has advanced, so the page may retry on its own before the click.
        page.evaluate("[...document.querySelectorAll('button')].find((b) => b.textContent === 'Try again')?.click()");
        assertThat(link("texts")).isVisible();
        stuck.forEach(Route::abort);
    }

    @Test
    void theKeysAreListed() {
        open("/jobs");
        // The shortcuts are loaded with the title.
        assertThat(page).hasTitle("Jobs · Tinderbox");
        press("?");
        assertThat(page.getByRole(AriaRole.DIALOG)).containsText("Next and previous job");
        press("Escape");
        assertThat(page.getByRole(AriaRole.DIALOG)).hasCount(0);
    }

    @Test
    void theThemeIsChosenAndRemembered() {
        open("/jobs");
        String light = background();
        page.getByLabel("Theme").selectOption("dark");
        page.waitForCondition(() -> !background().equals(light));
        String dark = background();
        page.reload();
        assertThat(page.getByLabel("Theme")).hasValue("dark");
        page.waitForCondition(() -> background().equals(dark));
    }

    private String background() {
        return page.evaluate("getComputedStyle(document.body).backgroundColor").toString();
    }

    @Test
    void theServerIsDescribedAndItsSnippetsNameIt() {
        open("/about");
        assertThat(region("Readiness")).containsText("Ready for jobs");
        assertThat(region("Server"))
                .containsText(
                        apiClient().get("/api/v1/server").get("spark_version").toString());
        button("Copy diagnostics").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Copied");
        assertTrue(clipboard().contains("\"spark_version\""), this::clipboard);
        button(Pattern.compile("^Copy as curl")).click();
        page.waitForCondition(() -> clipboard().contains("curl"));
        assertTrue(clipboard().contains("base=" + server()), this::clipboard);
    }
}
