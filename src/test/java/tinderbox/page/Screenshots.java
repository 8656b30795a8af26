package tinderbox.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;

/** Takes screenshots of the page, in {@code target/screenshots/}. */
final class Screenshots {
    private static final Path FOLDER = Path.of(System.getProperty("tinderbox.screenshots", "target/screenshots"));

    private Screenshots() {}

    /** Takes a screenshot of the whole page. */
    static void take(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Takes a screenshot of the window after a failed test. */
    static void failure(Page page, String test) {
        try {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(FOLDER.resolve("failed").resolve(test.replaceAll("[^A-Za-z0-9.]", "") + ".png"))
                    .setTimeout(5_000));
        } catch (PlaywrightException e) {
            System.err.println("no screenshot of " + test + ": " + e.getMessage());
        }
    }
}
