package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Response;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.support.ApiClient;

/** Logging in with a token, what each role can see and do, and how a session ends. */
class LogInIT extends PageTest {
    private static PageServer pageServer;
    private static TokenAdmin tokens;
    private static String viewer;
    private static String submitter;
    private static String admin;

    @BeforeAll
    static void start() throws Exception {
        pageServer = new PageServer();
        Files.createDirectories(pageServer.dataDir());
        tokens = new TokenAdmin(pageServer.dataDir(), Clock.systemUTC());
        viewer = tokens.create("vera", Role.VIEWER, null);
        submitter = tokens.create("sam", Role.SUBMITTER, null);
        admin = tokens.create("ada", Role.ADMIN, null);
        pageServer.start();
    }

    @AfterAll
    static void stop() throws IOException {
        pageServer.close();
    }

    @Override
    URI server() {
        return pageServer.uri();
    }

    @BeforeEach
    void expectUnauthorized() {
        pageMonitor.expectStatus(401);
    }

    private Locator token() {
        return page.getByLabel("Token", new Page.GetByLabelOptions().setExact(true));
    }

    private void logIn(String secret) {
        assertThat(heading("Log in")).isVisible();
        token().fill(secret);
        page.keyboard().press("Enter");
    }

    private int status(String secret) {
        return apiClient().send(jobs(secret).build()).statusCode();
    }

    private String submit(String secret) {
        return ApiClient.json(apiClient()
                        .send(jobs(secret)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build()))
                .get("job_id")
                .toString();
    }

    private HttpRequest.Builder jobs(String secret) {
        return apiClient().request("/api/v1/jobs").header("Authorization", "Bearer " + secret);
    }

    @Test
    void aViewerOfSomeSubmittersSeesOnlyTheirJobs() throws Exception {
        String nina = tokens.create("nina", Role.SUBMITTER, null);
        String nils = tokens.create("nils", Role.VIEWER, null, Set.of("nina"));
        submit(admin);
        await().until(() -> status(nils) == 200);
        open("/jobs");
        logIn(nils);
        assertThat(page.getByText("Jobs of nina appear here.")).isVisible();
        String job = submit(nina);
        assertThat(page.locator(".job-link")).hasCount(1);
        assertThat(page.locator(".job-link")).hasAttribute("href", Pattern.compile(".*" + job + ".*"));
    }

    @Test
    void aWrongTokenIsRefusedAndARightOneOpensTheRequestedView() {
        open("/jobs");
        logIn("wrong");
        assertThat(page.getByText("This token is wrong.")).isVisible();
        assertThat(token()).isFocused();
        assertThat(token()).hasValue("");
        Screenshots.take(page, "log-in-wrong-light");

        logIn(submitter);
        assertThat(heading("Jobs")).isVisible();
        assertThat(page.getByText("sam submitter")).isVisible();
        List<Cookie> cookies = page.context().cookies();
        assertEquals(1, cookies.size());
        assertTrue(cookies.get(0).httpOnly);
        assertEquals("null", String.valueOf(page.evaluate("localStorage.getItem('token')")));
        assertTrue(!page.content().contains(submitter), "the page does not contain the token");

        button("Log out").click();
        assertThat(heading("Log in")).isVisible();
    }

    @Test
    void aSubmitterSubmitsAJobFollowsItAndSeesItsOwner() {
        open("/new");
        logIn(submitter);
        assertThat(button("Run job")).isEnabled();
        button("Run the sample word count").click();
        String id = openJobId();
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("the");
        assertThat(button("Delete")).isEnabled();
        assertThat(page.locator("pre.code")).hasCount(0);
        assertEquals(
                "sam",
                ApiClient.json(apiClient()
                                .send(apiClient()
                                        .request("/api/v1/jobs/" + id)
                                        .header("Authorization", "Bearer " + viewer)
                                        .build()))
                        .get("submitted_by"));
    }

    @Test
    void jobsOfOthersAreShownButCannotBeChanged() {
        String id = submit(admin);
        open("/jobs/" + id);
        logIn(submitter);
        assertThat(page.getByText("It belongs to ada")).isVisible();
        assertThat(button("Run again")).isDisabled();
        assertThat(button("Delete")).isDisabled();
        assertThat(link("Change and run")).isVisible();
    }

    @Test
    void anAdminReadsTheAuditLog() {
        String id = submit(submitter);
        open("/new");
        logIn(admin);
        navigation("Audit").click();
        assertThat(heading("Audit")).isVisible();
        Locator rows = page.locator(".audit-table tbody tr");
        Locator submitted = rows.filter(new Locator.FilterOptions().setHasText(id));
        assertThat(submitted).containsText("sam");
        assertThat(submitted).containsText("submit");
        assertThat(submitted).containsText("202");
        Axe.assertNoViolations(page, "audit, light");
        Screenshots.take(page, "audit-light");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        Axe.assertColours(page, "audit, dark");
        Screenshots.take(page, "audit-dark");

        page.getByLabel("Action").selectOption("login");
        assertThat(submitted).hasCount(0);
        assertThat(rows.first()).containsText("login");
        page.getByLabel("Action").selectOption("");
        searchBox("Target").fill(id);
        assertThat(rows).hasCount(1);
        page.setViewportSize(390, 844);
        Screenshots.take(page, "audit-phone");
        submitted.getByRole(AriaRole.LINK).click();
        assertThat(page).hasURL(Pattern.compile("#/jobs/" + id));
    }

    @Test
    void anAdminCreatesATokenOnceShownAndRevokesIt() {
        page.context().grantPermissions(List.of("clipboard-read", "clipboard-write"));
        open("/tokens");
        logIn(admin);
        Locator rows = page.locator("main table tbody tr");
        assertThat(rows.first()).containsText("vera");
        assertThat(rows.filter(new Locator.FilterOptions().setHasText("(yours)")))
                .containsText("ada");
        textbox("Name").fill("a b");
        page.getByLabel("Role").selectOption("viewer");
        textbox("Days until it expires").fill("soon");
        pageMonitor.expectStatus(400);
        button("Create token").click();
        assertThat(page.getByText("must be a whole number from 1 to 99999")).isVisible();
        textbox("Days until it expires").fill("30");
        pageMonitor.expectStatus(422);
        button("Create token").click();
        assertThat(page.getByText("Name must be 1 to 63 letters")).isVisible();
        Axe.assertNoViolations(page, "tokens, wrong");

        textbox("Name").fill("guest");
        textbox("Sees only").fill("sam, ada");
        button("Create token").click();
        Locator secret = page.locator(".token-secret");
        assertThat(secret).isVisible();
        assertThat(page.getByText("Copy the token guest now")).isFocused();
        String guest = secret.textContent();
        assertEquals(200, status(guest));
        button("Copy token").click();
        assertThat(button("Copy token")).containsText("Copied");
        assertEquals(guest, page.evaluate("navigator.clipboard.readText()"));
        Locator row = rows.filter(new Locator.FilterOptions().setHasText("guest"));
        assertThat(row).containsText("ada, sam");
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            Axe.assertNoViolations(page, "tokens, " + scheme);
            Screenshots.take(page, "tokens-" + scheme.name().toLowerCase(Locale.ROOT));
        }
        page.setViewportSize(1800, 1000);
        Screenshots.take(page, "tokens-wide");
        page.setViewportSize(390, 844);
        Axe.assertAllButColours(page, "tokens, phone");
        Screenshots.take(page, "tokens-phone");
        page.setViewportSize(320, 700);
        assertEquals(320, page.evaluate("document.documentElement.scrollWidth"));
        page.setViewportSize(1280, 800);
        navigation("Audit").click();
        navigation("Tokens").click();
        assertThat(row).isVisible();
        assertThat(secret).hasCount(0);

        button("Revoke guest").click();
        Axe.assertNoViolations(page, "tokens, revoke");
        Screenshots.take(page, "tokens-revoke-dark");
        button("Keep it").click();
        assertEquals(200, status(guest));
        button("Revoke guest").click();
        button("Revoke token").click();
        assertThat(row).hasCount(0);
        assertEquals(401, status(guest));
    }

    @Test
    void theLastAdminCannotRevokeItselfAndAnotherIsLoggedOut() throws Exception {
        open("/tokens");
        logIn(admin);
        button("Revoke ada").click();
        pageMonitor.expectStatus(409);
        button("Revoke token").click();
        assertThat(page.getByText("Without this token, there would be no admin"))
                .isVisible();
        button("Keep it").click();
        String second = tokens.create("second", Role.ADMIN, null);
        await().until(() -> status(second), Integer.valueOf(200)::equals);
        button("Log out").click();

        logIn(second);
        button("Revoke second").click();
        button("Revoke token").click();
        assertThat(heading("Log in")).isVisible();
    }

    @Test
    void aViewerCanOnlyRead() {
        open("/new");
        logIn(viewer);
        assertThat(page.getByText("Your token is read-only")).isVisible();
        assertThat(navigation("Audit")).hasCount(0);
        assertThat(navigation("Tokens")).hasCount(0);
        assertThat(button("Run job")).isDisabled();
        assertThat(button("Run the sample word count")).hasCount(0);
        navigation("Datasets").click();
        assertThat(heading("Datasets")).isVisible();
        assertThat(page.getByText("Drop files or folders here, or")).hasCount(0);
        navigation("About").click();
        assertThat(region("Server")).containsText("on, you are vera (viewer)");
        assertTrue(page.content().contains("TINDERBOX_TOKEN"), "the snippets read the token from the environment");
    }

    @Test
    void everyWindowShowsTheCurrentUser() {
        Page other = secondTab();
        open("/jobs");
        other.navigate(server() + "#/new");
        Locator runs = other.getByRole(
                AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Run job").setExact(true));
        assertThat(other.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Log in")))
                .isVisible();
        logIn(admin);
        assertThat(page.getByLabel("Notice")).containsText("Logged in as ada");
        assertThat(other.getByText("ada admin")).isVisible();
        assertThat(runs).isEnabled();

        button("Log out").click();
        assertThat(other.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setName("Log in")))
                .isVisible();
        assertThat(other.getByText("ada admin")).hasCount(0);
        logIn(viewer);
        assertThat(other.getByText("vera viewer")).isVisible();
        assertThat(runs).isDisabled();
        assertThat(other.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Audit")))
                .hasCount(0);
    }

    @Test
    void aRefusedRequestMakesThePageCheckTheUser() {
        open("/new");
        logIn(submitter);
        assertThat(button("Run job")).isEnabled();
        // The end of its event stream would make the page check the user, too: not before the refusal.
        List<Route> checks = new CopyOnWriteArrayList<>();
        page.route("**/api/v1/session", checks::add);
        // As another browser would, without notifying this page.
        page.context().request().delete(server() + "api/v1/session", origin());
        page.context().request().post(server() + "api/v1/session", origin().setData(Map.of("token", viewer)));
        pageMonitor.expectStatus(403);
        Response refused =
                page.waitForResponse("**/api/v1/jobs", () -> button("Run job").click());
        assertEquals(403, refused.status());
        assertThat(page.getByText("vera viewer")).not().isVisible();
        checks.forEach(Route::resume);
        page.unroute("**/api/v1/session");
        assertThat(page.getByText("vera viewer")).isVisible();
        assertThat(button("Run job")).isDisabled();
    }

    private RequestOptions origin() {
        String address = server().toString();
        return RequestOptions.create().setHeader("Origin", address.substring(0, address.length() - 1));
    }

    @Test
    void beforeTheLoginThePageSendsNoRequestThatWouldBeRefused() {
        List<String> refused = new ArrayList<>();
        page.onResponse(response -> {
            if (response.status() >= 400) {
                refused.add(response.status() + " " + response.url());
            }
        });
        open("/jobs");
        assertThat(heading("Log in")).isVisible();
        page.reload();
        assertThat(heading("Log in")).isVisible();
        assertEquals(List.of(), refused);
        logIn(viewer);
        assertThat(heading("Jobs")).isFocused();
        assertEquals(List.of(), refused);
    }

    @Test
    void afterARevocationThePageAsksForATokenAndKeepsTheForm() throws Exception {
        String brief = tokens.create("brief", Role.SUBMITTER, null);
        open("/new");
        logIn(brief);
        assertThat(button("Run job")).isEnabled();
        textbox("Name").fill("Written before");

        tokens.revoke("brief");
        await().until(() -> status(brief), Integer.valueOf(401)::equals);
        // At the next event the server closes the stream, which the page notices.
        submit(submitter);
        logIn(submitter);
        assertThat(textbox("Name")).hasValue("Written before");
    }

    @Test
    void aLogOutLeavesNothingOfTheForm() {
        open("/new");
        logIn(submitter);
        assertThat(button("Run job")).isEnabled();
        textbox("Name").fill("Mine");
        button("Log out").click();
        logIn(admin);
        assertThat(textbox("Name")).hasValue("");
    }

    @Test
    void whoIsNoLongerKnownIsAskedAgainAndNothingThatWasSentIsLost() {
        open("/new");
        // Presets are loaded after the form; a request of theirs without the session would show the login before the
        // click.
        page.waitForResponse("**/api/v1/presets", () -> logIn(submitter));
        assertThat(button("Run job")).isEnabled();
        textbox("Name").fill("Sent before");

        page.context().clearCookies();
        button("Run job").click();
        logIn(submitter);
        assertThat(textbox("Name")).hasValue("Sent before");
    }

    @Test
    void theLoginIsAccessibleInBothThemes() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            open("/new");
            assertThat(heading("Log in")).isVisible();
            Axe.assertNoViolations(page, "log in, " + scheme);
            Screenshots.take(page, "log-in-" + scheme.name().toLowerCase(Locale.ROOT));
        }
        page.setViewportSize(390, 844);
        Screenshots.take(page, "log-in-phone");
    }
}
