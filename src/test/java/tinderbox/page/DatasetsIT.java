package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The view of datasets: uploading, browsing, deleting. */
class DatasetsIT extends PageTest {
    private static FilePayload file(String name, String content) {
        return new FilePayload(name, "text/plain", content.getBytes(StandardCharsets.UTF_8));
    }

    private void upload(FilePayload... files) {
        page.getByLabel("Choose files").setInputFiles(files);
    }

    private Locator uploadOf(String name) {
        return page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("Uploads"))
                .getByRole(AriaRole.LISTITEM)
                .filter(new Locator.FilterOptions().setHasText(name));
    }

    @Test
    void aFileIsUploadedAndCounted() {
        open("/datasets");
        page.getByLabel("Choose files").setInputFiles(PageServer.shared().file(SampleTexts.SMALL));
        assertThat(uploadOf("small.txt")).containsText("Uploaded");
        uploadOf("small.txt").getByText("Use in a new job").click();
        assertThat(heading("New job")).isVisible();
        assertThat(textbox("Dataset")).hasValue("uploads/small.txt");
        button("Run job").click();
        assertThat(facts()).containsText("Succeeded");
        assertEquals(SampleTexts.SMALL_CSV, apiClient().csv(openJobId()));
    }

    @Test
    void aFileThatIsTooLargeIsNamedAndTheOthersAreUploaded() {
        pageMonitor.expectStatus(413);
        open("/datasets");
        upload(file("too large.txt", "much ".repeat(20_000)), file("small enough.txt", "little\n"));
        assertThat(uploadOf("too large.txt")).containsText("larger than 65536 bytes");
        assertThat(uploadOf("small enough.txt")).containsText("Uploaded");
    }

    @Test
    void anExistingFileIsReplacedOnlyAfterAConfirmation() {
        pageMonitor.expectStatus(409);
        open("/datasets?path=uploads");
        upload(file("twice.txt", "first\n"));
        assertThat(uploadOf("twice.txt")).containsText("Uploaded");
        upload(file("twice.txt", "second\n"));
        assertThat(uploadOf("twice.txt").last()).containsText("already exists");
        link("twice.txt").click();
        assertThat(page.getByLabel("First lines")).hasText("first");
        button("Replace it").click();
        assertThat(page.getByText("already exists")).hasCount(0);
        assertThat(uploadOf("twice.txt").last()).containsText("Uploaded");
        assertThat(page.getByLabel("First lines")).hasText("second");
    }

    @Test
    void anUploadCanBeCancelled() {
        pageMonitor.expect("net::ERR_");
        List<Route> stuck = new ArrayList<>();
        page.route("**/api/v1/datasets/uploads/**", stuck::add);
        open("/datasets");
        upload(file("unwanted.txt", "no\n"));
        button("Cancel the upload of unwanted.txt").click();
        assertThat(uploadOf("unwanted.txt")).hasCount(0);
        stuck.forEach(Route::abort);
        open("/datasets?path=uploads");
        assertThat(heading("Datasets")).isVisible();
        assertThat(link("unwanted.txt")).hasCount(0);
    }

    @Test
    void anUploadedFileIsDeletedAfterAConfirmation() {
        open("/datasets?path=uploads");
        upload(file("to go.txt", "gone\n"));
        button("Delete to go.txt").click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Delete").setExact(true))
                .click();
        assertThat(link("to go.txt")).hasCount(0);
    }

    @Test
    void aFolderIsFilledSearchedSortedRenamedAndDeleted() throws IOException {
        open("/datasets?path=uploads");
        page.getByLabel("Into the folder").fill("class");
        upload(file("ages.csv", "name,age\nAda,36\nGrace,85\n"), file("b.txt", "longer than the others, by far\n"));
        assertThat(uploadOf("class/b.txt")).containsText("Uploaded");
        link("class").click();
        assertThat(page.getByLabel("Into the folder")).hasValue("class");
        button("Size").click();
        assertThat(page).hasURL(server() + "#/datasets?path=uploads%2Fclass&sort=-size");
        assertThat(page.locator("tbody th").first()).hasText("b.txt");

        link("ages.csv").click();
        Locator rows = page.getByRole(AriaRole.REGION, new Page.GetByRoleOptions().setName("First rows"));
        assertThat(rows.getByRole(AriaRole.COLUMNHEADER)).hasText(new String[] {"name string", "age int"});
        assertThat(rows.getByRole(AriaRole.ROW).last()).hasText("Grace85");
        button("Show as text").click();
        assertThat(page.getByLabel("First lines")).containsText("Ada,36");
        Download download = page.waitForDownload(
                () -> link("Download uploads/class/ages.csv").click());
        assertEquals("ages.csv", download.suggestedFilename());
        assertEquals("name,age\nAda,36\nGrace,85\n", Files.readString(download.path()));

        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName("Rename").setExact(true))
                .click();
        textbox("New name in uploads").fill("class/in/older.csv");
        page.keyboard().press("Enter");
        assertThat(page)
                .hasURL(server() + "#/datasets?path=uploads%2Fclass%2Fin&show=uploads%2Fclass%2Fin%2Folder.csv");
        assertThat(rows).isVisible();

        open("/datasets");
        page.getByLabel("Search all datasets").fill("OLDER");
        assertThat(page.getByRole(AriaRole.STATUS).filter(new Locator.FilterOptions().setHasText("found")))
                .hasText("1 name found");
        assertThat(link("uploads/class/in/older.csv")).isVisible();
        assertThat(page).hasURL(server() + "#/datasets?q=OLDER");

        open("/datasets?path=uploads/class");
        button("Delete folder").click();
        page.getByRole(AriaRole.DIALOG)
                .getByRole(
                        AriaRole.BUTTON,
                        new Locator.GetByRoleOptions().setName("Delete").setExact(true))
                .click();
        assertThat(page).hasURL(server() + "#/datasets?path=uploads");
        assertThat(link("class")).hasCount(0);
    }

    @Test
    void aDroppedFolderKeepsItsStructure() throws IOException {
        Path folder =
                Files.createDirectories(PageServer.shared().file("dropped/in")).getParent();
        Files.writeString(folder.resolve("a.txt"), "a\n");
        Files.writeString(folder.resolve("in/b.txt"), "b\n");
        Files.writeString(folder.resolve(".hidden"), "x\n");
        open("/datasets");
        page.getByLabel("Choose a folder").setInputFiles(folder);
        assertThat(uploadOf("dropped/in/b.txt")).containsText("Uploaded");
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("Left out: 1 file");
        assertThat(uploadOf("dropped/a.txt")).containsText("Uploaded");
        open("/datasets?path=uploads/dropped/in");
        assertThat(link("b.txt")).isVisible();

        open("/new");
        Locator browser = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"));
        browser.getByRole(AriaRole.SEARCHBOX).fill("b.txt");
        browser.getByText("uploads/dropped/in/b.txt").click();
        assertThat(textbox("Dataset")).hasValue("uploads/dropped/in/b.txt");
        button("Run job").click();
        assertThat(facts()).containsText("Succeeded");
        open("/new?input=samples");
        assertThat(page.getByRole(AriaRole.LIST, new Page.GetByRoleOptions().setName("Recently used")))
                .containsText("uploads/dropped/in/b.txt");
    }

    @Test
    void foldersAreBrowsedAndFilesPreviewed() {
        open("/datasets");
        link("texts").click();
        assertThat(page).hasURL(server() + "#/datasets?path=texts");
        link("small.txt").click();
        assertThat(page.getByLabel("First lines")).hasText("to be or not to be");
        // Directly below the row that was clicked.
        assertThat(page.locator("tr[aria-current=true] + tr").getByLabel("First lines"))
                .isVisible();
        page.goBack();
        page.goBack();
        assertThat(link("texts")).isVisible();
    }

    @Test
    void aFileThatCannotBeAnInputSaysWhy() {
        open("/datasets?path=texts");
        Locator row =
                page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText(SampleTexts.UNNAMEABLE));
        assertThat(row).containsText("It cannot be named as an input");
        assertThat(row.getByRole(AriaRole.BUTTON)).hasCount(0);
        open("/new?input=" + SampleTexts.SMALL);
        Locator entry = page.getByRole(AriaRole.GROUP, new Page.GetByRoleOptions().setName("Browse datasets"))
                .getByRole(AriaRole.BUTTON)
                .filter(new Locator.FilterOptions().setHasText(SampleTexts.UNNAMEABLE));
        assertThat(entry).isDisabled();
        assertThat(entry).containsText("It cannot be named as an input");
    }

    @Test
    void aLargeFolderIsShownPageByPageInTheListAndInThePicker() throws IOException {
        Path folder = Files.createDirectories(PageServer.shared().file("texts/many"));
        for (int i = 0; i < 201; i++) {
            Files.writeString(folder.resolve(String.format(Locale.ROOT, "file-%03d.txt", i)), "text\n");
        }
        open("/datasets?path=texts/many");
        assertThat(page.getByText("1 to 200 of 201")).isVisible();
        button("Next").click();
        assertThat(page.getByText("201 to 201 of 201")).isVisible();
        assertThat(page.getByText("file-200.txt")).isVisible();
        page.getByLabel("Use in a new job: file-200.txt").click();
        assertThat(textbox("Dataset")).hasValue("texts/many/file-200.txt");
        page.goBack();
        assertThat(page.getByText("201 to 201 of 201")).isVisible();
        page.goForward();
        assertThat(page.getByText("1 to 200 of 201")).isVisible();
        button("Next").click();
        assertThat(page.getByText("201 to 201 of 201")).isVisible();
        button("Previous").click();
        assertThat(page.getByText("1 to 200 of 201")).isVisible();
    }
}
