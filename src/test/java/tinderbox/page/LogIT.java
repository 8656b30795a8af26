package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tinderbox.job.log.JobLog;
import tinderbox.store.JobHistory;

/** The log of a job. The tests use jobs with a long log that were interrupted, and run again when the server starts. */
class LogIT extends PageTest {
    private static final int LINES = 3000;
    /** Three times as many lines as the page holds. */
    private static final int MANY_LINES = 15_000;

    private static PageServer pageServer;
    private static String followed;
    private static String selected;
    private static String filtered;
    private static String longOne;
    private static String phased;

    @BeforeAll
    static void start() throws IOException {
        pageServer = new PageServer("--max-running", "3");
        Map<String, Object> params = Map.of("input", SampleTexts.SMALL, "delay_seconds", 60L);
        try (JobHistory jobHistory = new JobHistory(pageServer.dataDir())) {
            followed = jobHistory.addInterrupted("Followed", params, LogIT::write);
            selected = jobHistory.addInterrupted("Selected", params, LogIT::write);
            filtered = jobHistory.addInterrupted("Filtered", params, LogIT::write);
            longOne = jobHistory.addSucceeded(
                    "Long",
                    params,
                    log -> IntStream.range(0, MANY_LINES).forEach(i -> log.info("Line " + i)),
                    rows -> {},
                    Map.of());
            phased = jobHistory.addSucceeded(
                    "Phased",
                    params,
                    log -> List.of(
                                    "Phase: reading",
                                    "One file",
                                    "Two files",
                                    "Phase: counting",
                                    "A long count",
                                    "The needle")
                            .forEach(log::info),
                    rows -> {},
                    Map.of());
        }
        pageServer.start().awaitReady();
    }

    private static void write(JobLog log) {
        IntStream.range(0, LINES).forEach(i -> {
            if (i == 1234) {
                log.warn("A warning, once");
            }
            log.info("Step " + i);
        });
    }

    @AfterAll
    static void stop() throws IOException {
        pageServer.close();
    }

    @Override
    URI server() {
        return pageServer.uri();
    }

    private Locator log() {
        return page.getByRole(AriaRole.LOG, new Page.GetByRoleOptions().setName("Log lines"));
    }

    private Locator follow() {
        return button("Follow log");
    }

    /** The distance from the visible part of the log to its end, in pixels. */
    private double distanceToEnd() {
        return ((Number) log().evaluate("(log) => log.scrollHeight - log.clientHeight - log.scrollTop")).doubleValue();
    }

    /** The distance of a line from the top of the log, in pixels. */
    private double distanceFromTop(Locator line) {
        return line.boundingBox().y - log().boundingBox().y;
    }

    private void awaitLogEnd() {
        page.waitForCondition(() -> distanceToEnd() < 4);
    }

    /** Cancels a running job; a pending one would not log this. */
    private void cancel(String id) {
        assertThat(facts()).containsText("Running");
        apiClient().post("/api/v1/jobs/" + id + "/cancel");
        assertThat(facts()).containsText("Cancelled");
    }

    @Test
    void followingPausesWhileScrollingAndContinuesAtTheEnd() {
        open("/jobs/" + followed + "/log");
        assertThat(facts()).containsText("Running");
        assertThat(follow()).hasAttribute("aria-pressed", "true");
        awaitLogEnd();
        log().hover();
        page.mouse().wheel(0, -2000);
        assertThat(follow()).hasAttribute("aria-pressed", "false");
        Locator read = log().getByText(Pattern.compile("^Step 2950$"));
        read.scrollIntoViewIfNeeded();
        assertThat(follow()).hasAttribute("aria-pressed", "false");
        double before = distanceFromTop(read);

        cancel(followed);
        Locator last = log().locator("[data-n]").last();
        assertThat(last).not().containsText("Step");
        assertThat(follow()).hasAttribute("aria-pressed", "false");
        assertEquals(before, distanceFromTop(read), 1, "the visible lines do not move");

        follow().click();
        awaitLogEnd();
        assertThat(last).isInViewport();
    }

    @Test
    void followingPausesWhileTextIsSelected() {
        open("/jobs/" + selected + "/log");
        awaitLogEnd();
        log().locator(".log-text").last().selectText();
        assertThat(follow()).hasAttribute("aria-pressed", "false");
    }

    @Test
    void aCopiedLineIsOneLineWithItsNumber() {
        open("/jobs/" + filtered + "/log?line=1");
        assertThat(log().getByText(Pattern.compile("^Step 1$"))).isVisible();
        log().evaluate("(log) => getSelection().selectAllChildren(log)");
        page.keyboard().press("Control+c");
        page.waitForCondition(() -> clipboard().contains("Step 1\n"));
        List<String> lines = clipboard().lines().toList();
        for (int i = 0; i < 20; i++) {
            assertTrue(lines.get(i).matches((i + 1) + " \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO Step " + i), lines.get(i));
        }
    }

    @Test
    void aPrintedLogSaysThatItIsAnExcerpt() {
        open("/jobs/" + filtered + "/log?line=1");
        assertThat(log().getByText(Pattern.compile("^Step 1$"))).isVisible();
        Locator part = page.getByText(Pattern.compile("This is a part of the log: Lines 1–1,000 of 3,0"));
        assertThat(part).isHidden();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(part).isVisible();
    }

    @Test
    void aSearchBeforeTheLogIsLoadedFindsItsLines() {
        Pattern pages = Pattern.compile("/log\\?");
        List<Route> heldBack = new ArrayList<>();
        page.route(pages, heldBack::add);
        open("/jobs/" + filtered + "/log");
        searchBox("Search log").fill("STEP 777");
        searchBox("Search log").press("Shift+Enter");
        page.waitForCondition(() -> !heldBack.isEmpty());
        page.unroute(pages);
        heldBack.forEach(Route::resume);
        assertThat(log().locator(".current mark")).hasText("Step 777");
    }

    @Test
    void linesOutOfSightAndClosedViewsAreFreed() {
        // Pages of other tests would have left memory.
        openOwnWindow();
        PageMemory pageMemory = new PageMemory(page);
        open("/about");
        assertThat(region("Server")).isVisible();
        open("/jobs/" + longOne + "/log");
        Locator last = log().locator("[data-n]").last();
        assertThat(last).isVisible();
        page.waitForCondition(() -> {
            log().evaluate("(log) => { log.scrollTop = log.scrollHeight; }");
            return Integer.toString(MANY_LINES - 1).equals(last.getAttribute("data-n"));
        });
        pageMemory.assertNoLeak("a log that was scrolled through");
        for (String view : List.of("/jobs", "/datasets", "/new", "/jobs/" + longOne + "/results", "/about")) {
            open(view);
            assertThat(page.locator("h1")).isVisible();
        }
        assertThat(region("Server")).isVisible();
        pageMemory.assertNoLeak("views that were left");
    }

    @Test
    void theLogIsFilteredSearchedLinkedAndDownloaded() throws IOException {
        open("/jobs/" + filtered + "/log");
        page.getByLabel("Level").selectOption("WARN");
        assertThat(log().getByText("A warning, once")).isVisible();
        assertThat(page.getByText("Times are in UTC")).isVisible();
        assertThat(log().getByText(Pattern.compile("Step"))).hasCount(0);
        page.getByLabel("Level").selectOption("DEBUG");

        searchBox("Search log").fill("STEP 777");
        searchBox("Search log").press("Shift+Enter");
        assertThat(log().locator(".current mark")).hasText("Step 777");

        // Before it is in the address.
        searchBox("Search log").fill("typed last");
        open("/jobs/" + filtered + "/log?line=1235");
        assertThat(searchBox("Search log")).hasValue("");
        assertThat(log().locator(".current")).containsText("A warning, once");
        assertThat(log().locator(".current")).isInViewport();
        link("Line 1236").click();
        assertThat(page).hasURL(Pattern.compile("line=1236$"));
        assertThat(log().locator(".current")).containsText("Step 1234");

        open("/jobs/" + filtered + "/log?line=99999");
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("The log ends at line 3,0");
        assertThat(log().locator(".current")).isInViewport();

        String text = Files.readString(
                page.waitForDownload(() -> link("Download log").click()).path());
        assertTrue(text.lines().count() > LINES, () -> "lines: " + text.lines().count());
        assertTrue(text.contains(" WARN A warning, once\n"), "the download has every level");
    }

    @Test
    void phasesFoldAndThePlaceAndTheFilterAreInTheAddress() {
        open("/jobs/" + phased + "/log?q=needle");
        assertThat(searchBox("Search log")).hasValue("needle");
        assertThat(log()).containsText("Two files");
        assertThat(page.getByText(Pattern.compile("Times are in ."))).isVisible();
        button("Fold phases").click();
        assertThat(log()).not().containsText("Two files");
        assertThat(log()).containsText("Phase: counting");
        button("show 2 lines of phase reading").click();
        assertThat(log()).containsText("Two files");
        assertThat(page).hasURL(Pattern.compile("log\\?q=needle&fold=4$"));
        page.reload();
        assertThat(log()).containsText("Two files");
        assertThat(log()).not().containsText("The needle");

        // What is found is never hidden.
        button("Next match").click();
        assertThat(log().locator(".current")).containsText("The needle");
        assertThat(page).hasURL(Pattern.compile("log\\?line=6&q=needle$"));
        page.getByLabel("Level").selectOption("WARN");
        assertThat(page).hasURL(Pattern.compile("log\\?line=6&level=warn&q=needle$"));
        page.reload();
        assertThat(page.getByLabel("Level")).hasValue("WARN");
        assertThat(log()).containsText("No line of this level here.");
    }
}
