package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ForcedColors;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
import tinderbox.store.JobHistory;
import tinderbox.support.ApiClient;

/** Checks every view in both themes and on a phone: axe finds nothing, it fits its window. Takes screenshots. */
class ViewsIT extends PageTest {
    private static final String WARNING =
            "1 file was passed over: notes.lz4 is compressed in a format that is not supported.";

    private static PageServer pageServer;
    private static String vast;
    private static Map<String, String> jobs;

    @BeforeAll
    static void start() throws IOException {
        pageServer = new PageServer();
        try (JobHistory jobHistory = new JobHistory(pageServer.dataDir())) {
            vast = jobHistory.addSucceeded(
                    "Vast",
                    Map.of("input", SampleTexts.SMALL),
                    log -> {},
                    rows -> {
                        rows.row(List.of("most", Long.MAX_VALUE));
                        rows.row(List.of("many", 1_000_000_000_000_000L));
                    },
                    Map.of(
                            "words",
                            Long.MAX_VALUE,
                            "distinct_words",
                            2L,
                            "bytes_read",
                            Long.MAX_VALUE,
                            "files",
                            1L,
                            "rank_frequency",
                            List.of(List.of(1L, Long.MAX_VALUE, "most"), List.of(2L, 1_000_000_000_000_000L, "many"))),
                    WARNING,
                    "Another.");
        }
        pageServer.start().awaitReady();
    }

    @AfterAll
    static void stop() throws IOException {
        pageServer.close();
    }

    /** Not the shared server, so that screenshots do not show the jobs of other tests. */
    @Override
    URI server() {
        return pageServer.uri();
    }

    @BeforeEach
    void prepareJobs() {
        if (jobs == null) {
            String counted = runJob("Moby-Dick", "samples/moby-dick.txt");
            String frequent = submit("Frequent words only", Map.of("input", "samples/moby-dick.txt", "min_count", 100));
            apiClient().awaitEnd(frequent);
            jobs = Map.of(
                    "{set}",
                    runSet("Two texts", SampleTexts.SMALL, "samples/moby-dick.txt"),
                    "{preset}",
                    presetWithJob(),
                    "{vast}",
                    vast,
                    "{counted}",
                    counted,
                    "{frequent}",
                    frequent,
                    "{failed}",
                    runJob("Broken", SampleTexts.BROKEN));
        }
    }

    /** A preset from which a job was run; returns its id. */
    private String presetWithJob() {
        String id = ApiClient.json(send("/api/v1/presets", Map.of("name", "All words", "type", "word-count")))
                .get("preset_id")
                .toString();
        apiClient()
                .awaitEnd(ApiClient.json(send("/api/v1/jobs", Map.of("preset", id)))
                        .get("job_id")
                        .toString());
        return id;
    }

    private HttpResponse<byte[]> send(String path, Map<String, Object> body) {
        return apiClient()
                .send(apiClient()
                        .request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                        .build());
    }

    @Override
    Browser.NewContextOptions contextOptions() {
        return super.contextOptions().setColorScheme(ColorScheme.LIGHT);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"api.html#submitJob", "errors.html#bad_query"})
    void theReferenceIsAccessibleAndFits(String address) {
        page.navigate(server() + address);
        Locator place = page.locator("#" + address.split("#", 2)[1]);
        assertThat(place).isInViewport();
        // All look alike, and axe takes long for hundreds.
        page.evaluate("[...document.querySelectorAll('.topic')].slice(8).forEach((topic) => topic.remove())");

        ViewChecks.check(page, address.split("\\.", 2)[0]);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            new-job         | /new                                    | Run job
            preset          | /new?preset={preset}                    | Its last run
            jobs            | /jobs                                   | Moby-Dick
            job-results     | /jobs/{counted}                         | Next page
            job-vast        | /jobs/{vast}                            | 2 warnings
            job-log         | /jobs/{counted}/log                     | Line 1
            job-stages      | /jobs/{counted}/stages                  | Shuffle written
            job-parameters  | /jobs/{counted}/parameters              | Smallest count
            job-running     | /jobs/{running}                         | Cancel job
            job-failed      | /jobs/{failed}                          | Show stack trace
            job-failed-log  | /jobs/{failed}/log                      | Line 1
            run-sets        | /run-sets                               | Two texts
            run-set         | /run-sets/{set}?sort=-duration_ms       | Combined result (CSV)
            new-run-set     | /new?from=run-sets/{set}                | Run 2 jobs
            compare         | /compare?a={counted}&b={frequent}       | B − A
            compare-nothing | /compare                                | All jobs
            datasets        | /datasets                               | texts
            dataset-preview | /datasets?path=texts&show=texts/small.txt | Preview of
            tokens-none     | /tokens                                 | No tokens
            about           | /about                                  | Ready for jobs
            nowhere         | /nowhere                                | There is no such page
            """)
    void isAccessibleAndFits(String name, String route, String shown) {
        String address = route.contains("{running}") ? route.replace("{running}", runningJob("At work")) : route;
        for (Map.Entry<String, String> job : jobs.entrySet()) {
            address = address.replace(job.getKey(), job.getValue());
        }
        open(address);
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .hasCount(1);
        assertThat(page.getByText(shown).or(page.getByLabel(shown)).first()).isVisible();
        ViewChecks.check(page, name);
    }

    @Test
    void aJobSaysWhatShouldBeKnownOfIt() {
        open("/jobs");
        Locator row = page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("Vast"));
        assertThat(row.getByText("2 warnings")).isAttached();
        open("/jobs/" + vast);
        assertThat(region("Warnings").getByRole(AriaRole.LISTITEM)).hasText(new String[] {WARNING, "Another."});
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(region("Warnings")).isVisible();
    }

    @Test
    void inForcedColoursTheCurrentPageAndPressedButtonsStandOut() {
        page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
        open("/jobs/" + jobs.get("{counted}"));
        assertThat(region("Result table")).containsText("the");
        assertStandsOut(navigation("Jobs"), "aria-current");
        assertStandsOut(link("Results"), "aria-current");
        assertStandsOut(button("First 20"), "aria-pressed");
        open("/jobs");
        assertStandsOut(button(Pattern.compile("^All")), "aria-pressed");
        open("/new");
        assertStandsOut(button(Pattern.compile("^moby-dick.txt")), "aria-pressed");
    }

    private static void assertStandsOut(Locator place, String attribute) {
        place.page().mouse().move(0, 0);
        byte[] marked = place.screenshot();
        Object value = place.evaluate(
                "(place, attribute) => { const value = place.getAttribute(attribute); place.removeAttribute(attribute);"
                        + " return value; }",
                attribute);
        byte[] other = place.screenshot();
        place.evaluate(
                "(place, [attribute, value]) => place.setAttribute(attribute, value)", List.of(attribute, value));
        assertFalse(Arrays.equals(marked, other), () -> place + " looks as if it were not");
    }

    @Test
    void inForcedColoursPicturesUseTheSystemsColours() {
        page.emulateMedia(new Page.EmulateMediaOptions().setForcedColors(ForcedColors.ACTIVE));
        open("/jobs/" + jobs.get("{counted}"));
        assertThat(page.locator("svg.zipf")).isVisible();
        for (ColorScheme system : List.of(ColorScheme.DARK, ColorScheme.LIGHT)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(system));
            for (String theme : List.of("light", "dark", "system")) {
                page.getByLabel("Theme").selectOption(theme);
                assertEquals(true, page.evaluate("""
                        () => [...document.querySelectorAll('svg.bars text, svg.zipf text')].every((text) =>
                          getComputedStyle(text).fill === getComputedStyle(document.querySelector('h1')).color)
                        """), "the text of pictures is as black or white as that of the page");
            }
        }
    }
}
