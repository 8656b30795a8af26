package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.DebianPackage;

/** Five stories in Debian's Firefox; the other tests of the page use Chromium. Skipped, with the reason, without it. */
class FirefoxIT {
    private static Firefox firefox;

    @TempDir
    private static Path dir;

    @BeforeAll
    static void start() throws IOException {
        try {
            firefox = new Firefox();
        } catch (DebianPackage.MissingException e) {
            Assumptions.abort("no Firefox: " + e.getMessage());
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (firefox != null) {
            firefox.close();
        }
    }

    @AfterEach
    void noComplaints() {
        assertEquals(List.of(), firefox.complaints());
    }

    private static void open(String view) {
        // Otherwise only the hash would change, and the page would stay loaded.
        firefox.open("about:blank");
        firefox.open(PageServer.shared().uri() + "#" + view);
    }

    private static void awaitStatus(String status) {
        firefox.await("document.querySelector('[aria-label=Facts]')?.innerText.includes('" + status + "')");
    }

    @Test
    void theSampleIsCounted() {
        open("/new");
        // The button is for those who have not run anything yet.
        firefox.evaluate("localStorage.clear()");
        open("/new");
        firefox.click("button", "Run the sample word count");
        awaitStatus("Succeeded");
        firefox.await("document.querySelector('.result-table tbody tr')?.innerText.includes('13,965')");
        assertEquals("main", firefox.evaluate("document.activeElement.closest('main')?.localName"));
    }

    @Test
    void aFileIsUploadedIntoAFolderAndCounted() throws IOException {
        Path file = Files.writeString(dir.resolve("fox.txt"), "fire fox fire\n");
        open("/datasets?path=uploads");
        firefox.type("textbox", "Into the folder uploads/", "firefox");
        firefox.choose("#upload-files", file);
        firefox.click("button", "Use in a new job");
        firefox.await("location.hash.startsWith('#/new')");
        firefox.click("button", "Run job");
        awaitStatus("Succeeded");
        firefox.await("document.querySelector('.result-table tbody tr')?.innerText.includes('fire')");
    }

    @Test
    void aRunningJobIsSeenAndCancelled() {
        open("/new");
        firefox.type("textbox", "Dataset", SampleTexts.SMALL);
        firefox.type("textbox", "Delay", "60");
        // The preview moves what is below it.
        firefox.await("document.querySelector('main').innerText.includes('to be or not to be')");
        firefox.click("button", "Run job");
        awaitStatus("Running");
        firefox.click("button", "Cancel job");
        awaitStatus("Cancelled");
    }

    @Test
    void aQueryIsTypedAndRun() {
        open("/new?type=sql");
        firefox.type("textbox", "Query", "SELECT 6 * 7 AS answer");
        firefox.click("button", "Run job");
        awaitStatus("Succeeded");
        firefox.await("document.querySelector('.result-table tbody')?.innerText.includes('42')");
    }

    @Test
    void aListIsSearchedAndBackReturnsToIt() {
        PageServer.shared().apiClient().submit("word-count", Map.of("input", SampleTexts.SMALL));
        open("/jobs");
        firefox.type("searchbox", "Search jobs", "small.txt");
        firefox.await("location.hash === '#/jobs?q=small.txt'");
        firefox.await("document.querySelectorAll('.job-link').length > 0");
        firefox.evaluate("document.querySelector('.job-link').focus()");
        firefox.enter();
        firefox.await("location.hash.startsWith('#/jobs/')");
        firefox.back();
        firefox.await("document.querySelector('input[type=search]')?.value === 'small.txt'");
        firefox.await("document.title.startsWith('Jobs')");
    }
}
