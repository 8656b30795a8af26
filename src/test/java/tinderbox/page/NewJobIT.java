package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Media;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The view that submits jobs. */
class NewJobIT extends PageTest {
    @Test
    void theFormFollowsTheServersDescription() {
        open("");
        assertThat(heading("New job")).isVisible();
        assertThat(textbox("Dataset")).hasValue("samples/moby-dick.txt");
        assertThat(textbox("Smallest count")).hasValue("1");
        assertThat(page.getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName("Case-sensitive")))
                .not()
                .isChecked();
        assertThat(page.getByRole(AriaRole.RADIO, new Page.GetByRoleOptions().setName("Word count")))
                .isChecked();
        assertThat(button("Run job")).isEnabled();
    }

    @Test
    void aDatasetIsChosenFromTheFoldersAndPreviewed() {
        open("/new");
        button("All datasets").click();
        page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"))
                .getByText("texts", new com.microsoft.playwright.Locator.GetByTextOptions().setExact(true))
                .click();
        page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"))
                .getByText("small.txt")
                .click();
        assertThat(textbox("Dataset")).hasValue(SampleTexts.SMALL);
        assertThat(page.getByLabel("Preview")).hasText("to be or not to be");
    }

    @Test
    void theDraftSurvivesAReload() {
        open("/new");
        textbox("Name").fill("Not sent yet");
        textbox("Smallest count").fill("7");
        page.reload();
        assertThat(textbox("Name")).hasValue("Not sent yet");
        assertThat(textbox("Smallest count")).hasValue("7");
    }

    @Test
    void theFirstViewPrintsWithoutControlsBeforeTheOtherStylesAreLoaded() {
        List<Route> held = new ArrayList<>();
        page.route("**/css/views.css", held::add);
        open("/new");
        assertThat(button("Run job")).isEnabled();
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        assertThat(navigation("New job")).isHidden();
        assertThat(button("Run job")).isHidden();
        assertThat(heading("New job")).isVisible();
        page.unroute("**/css/views.css");
        held.forEach(Route::resume);
    }

    @Test
    void aDoubleClickSubmitsOneJob() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Name").fill("Clicked twice");
        button("Run job").dblclick();
        assertThat(heading("Clicked twice")).isVisible();
        assertThat(facts()).containsText("Succeeded");
        assertEquals(1, number(apiClient().get("/api/v1/jobs?q=Clicked%20twice").get("total")));
    }

    private static int number(Object value) {
        return ((Number) value).intValue();
    }

    @Test
    void theSampleIsOneClickFromItsResult() {
        open("");
        button("Run the sample word count").click();
        assertThat(facts()).containsText("Succeeded");
        assertThat(region("Result table")).containsText("the");
        assertThat(page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1)))
                .isVisible();
    }

    @Test
    void aRefusalIsShownInThePagesWords() {
        pageMonitor.expectStatus(422);
        pageMonitor.expectStatus(404);
        open("/new");
        textbox("Dataset").fill("texts/nowhere.txt");
        assertThat(page.getByText("No preview: There is no dataset texts/nowhere.txt"))
                .isVisible();
        button("Run job").click();
        assertThat(page.getByText("Dataset does not exist or cannot be read")).isVisible();
        open("/datasets?path=nowhere");
        assertThat(page.getByRole(AriaRole.ALERT)).isVisible();
        assertThat(page.getByText(Pattern.compile("GET|/api/"))).hasCount(0);
    }

    @Test
    void anOldJobFillsTheForm() {
        String old =
                submit("An old one", Map.of("input", SampleTexts.SMALL, "min_count", 2, "strip_punctuation", true));
        open("/new?from=" + old);
        assertThat(textbox("Name")).hasValue("An old one");
        assertThat(textbox("Dataset")).hasValue(SampleTexts.SMALL);
        assertThat(textbox("Smallest count")).hasValue("2");
        assertThat(page.getByRole(AriaRole.CHECKBOX, new Page.GetByRoleOptions().setName("Strip punctuation")))
                .isChecked();
    }

    @Test
    void aLateResponseFillsNothing() {
        String late = submit("Late", Map.of("input", SampleTexts.SMALL));
        String wanted = submit("Wanted", Map.of("input", SampleTexts.SMALL));
        List<Route> stuck = new ArrayList<>();
        page.route("**/jobs/" + late, stuck::add);
        open("/new?from=" + late);
        page.waitForCondition(() -> !stuck.isEmpty());
        assertThat(button("Run job")).hasCount(0);
        open("/new?from=" + wanted);
        assertThat(textbox("Name")).hasValue("Wanted");
        page.unroute("**/jobs/" + late);
        stuck.forEach(Route::resume);
        open("/new?from=" + late);
        assertThat(textbox("Name")).hasValue("Late");
        page.goBack();
        assertThat(textbox("Name")).hasValue("Wanted");
    }

    @Test
    void changeAndRunStartsFromTheOldJobEachTime() {
        String old = runJob("Begun with", SampleTexts.SMALL);
        open("/jobs/" + old);
        link("Change and run").click();
        assertThat(textbox("Name")).hasValue("Begun with");
        textbox("Name").fill("Changed");
        page.reload();
        assertThat(textbox("Name")).hasValue("Changed");
        page.goBack();
        link("Change and run").click();
        assertThat(textbox("Name")).hasValue("Begun with");
    }

    @Test
    void theCopiedCurlCommandSubmitsTheSameJob() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Name").fill("It's \"quoted\"");
        button("Copy as curl").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Copied");
        String copied = clipboard();

        Request sent =
                page.waitForRequest("**/api/v1/jobs", () -> button("Run job").click());
        assertEquals("POST", sent.method());
        String quoted = "'" + sent.postData().replace("'", "'\\''") + "'";
        assertTrue(copied.contains("--data-raw " + quoted), copied + "\n" + quoted);
        assertTrue(copied.contains(server() + "api/v1/jobs"), copied);
        assertThat(facts()).containsText("Succeeded");
    }

    @Test
    void theCopiedPythonScriptSubmitsTheSameJob() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        page.getByText("The same from a terminal or a script").click();
        button("Copy as Python").click();
        assertThat(page.getByRole(AriaRole.STATUS)).hasText("Copied");
        String copied = clipboard();
        assertTrue(copied.contains("\"input\": \"" + SampleTexts.SMALL + "\""), copied);
        assertTrue(copied.contains("\"case_sensitive\": False"), copied);
    }

    @Test
    void controlEnterRunsTheJob() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Name").fill("By keys");
        textbox("Name").press("Control+Enter");
        assertThat(heading("By keys")).isVisible();
        assertThat(facts()).containsText("Succeeded");
        assertEquals("By keys", apiClient().job(openJobId()).get("name"));
        assertEquals(SampleTexts.SMALL_CSV, apiClient().csv(openJobId()));
    }

    private Locator dialog(String name) {
        return page.getByRole(
                AriaRole.DIALOG, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private static Locator in(Locator part, AriaRole role, String name) {
        return part.getByRole(role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    @Test
    void aPresetIsSavedChosenRunChangedAndDeleted() {
        open("/new");
        textbox("Dataset").fill(SampleTexts.SMALL);
        textbox("Smallest count").fill("2");
        button("Save as preset").click();
        Locator saving = dialog("Save as preset");
        in(saving, AriaRole.TEXTBOX, "Name").fill("Twice or more");
        in(saving, AriaRole.BUTTON, "Save").click();
        assertThat(saving).hasCount(0);
        assertThat(heading("New job")).isVisible();

        // A link fills in the form and runs nothing.
        open("/new?type=word-count&min_count=5");
        assertThat(textbox("Smallest count")).hasValue("5");
        Locator presets = page.getByRole(AriaRole.NAVIGATION, new Page.GetByRoleOptions().setName("Presets"));
        in(presets, AriaRole.LINK, "Twice or more").click();
        Locator chosen = region("Chosen preset");
        assertThat(textbox("Smallest count")).hasValue("2");
        assertThat(textbox("Dataset")).hasValue(SampleTexts.SMALL);
        assertThat(chosen).containsText("private");
        assertThat(chosen).containsText("No job was run from it yet.");
        chosen.getByText("What it runs").click();
        assertThat(chosen).containsText("Smallest count2");
        String address = page.url();
        button("Run job").click();
        String id = openJobId();
        apiClient().awaitEnd(id);
        link("from a preset").click();
        assertThat(page).hasURL(address);
        assertThat(chosen.getByRole(AriaRole.GROUP).getByRole(AriaRole.LINK)).hasCount(1);
        assertThat(in(chosen, AriaRole.LINK, "1 job")).isVisible();

        textbox("Smallest count").fill("1");
        in(chosen, AriaRole.BUTTON, "Save the form in the preset").click();
        assertThat(chosen).containsText("Smallest count1");
        assertThat(in(chosen, AriaRole.BUTTON, "Fill in the preset again")).hasCount(0);
        in(chosen, AriaRole.BUTTON, "Share").click();
        in(dialog("Share this preset?"), AriaRole.BUTTON, "Share").click();
        assertThat(chosen).containsText("shown to everybody");
        in(chosen, AriaRole.BUTTON, "Rename").click();
        in(dialog("Rename this preset"), AriaRole.TEXTBOX, "Name").fill("All words");
        page.keyboard().press("Enter");
        assertThat(in(presets, AriaRole.LINK, "All words")).isVisible();

        in(chosen, AriaRole.BUTTON, "Delete").click();
        in(dialog("Delete this preset?"), AriaRole.BUTTON, "Delete preset").click();
        assertThat(chosen).hasCount(0);
        assertThat(presets).hasCount(0);
        open("/jobs/" + id);
        assertThat(facts()).containsText("from a preset");
    }
}
