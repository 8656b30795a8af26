package tinderbox.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;

/** Pictures of the page under {@code target/screenshots/}, for people to look at. */
final class Screenshots {
    private static final Path FOLDER = Path.of(System.getProperty("tinderbox.screenshots", "target/screenshots"));

    private Screenshots() {}

    /** A picture of the whole page. */
    static void take(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** A picture of the window as a test has left it that failed. */
    static void failure(Page page, String test) {
        try {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(FOLDER.resolve("failed").resolve(test.replaceAll("[^A-Za-z0-9.]", "") + ".png"))
                    .setTimeout(5_000));
        } catch (PlaywrightException e) {
            System.err.println("no picture of " + test + ": " + e.getMessage());
        }
    }
}
