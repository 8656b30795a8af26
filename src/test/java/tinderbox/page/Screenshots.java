package tinderbox.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;

/**
 * Takes screenshots of the page, in the folder that {@code -Dtinderbox.screenshots} names. Without it only failed tests
 * leave one, because painting whole pages takes long.
 */
final class Screenshots {
    private static final String FOLDER = System.getProperty("tinderbox.screenshots");
    private static final Path FAILED = Path.of("target/screenshots/failed");

    /** In pixels: painting a higher page takes too long. */
    private static final int MAX_HEIGHT = 20_000;

    private Screenshots() {}

    /** Takes a screenshot of the whole page, or of what is in the window if the page is very long, if they are wanted. */
    static void take(Page page, String name) {
        if (FOLDER == null) {
            return;
        }
        int height = (Integer) page.evaluate("document.documentElement.scrollHeight");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of(FOLDER, name + ".png"))
                .setFullPage(height <= MAX_HEIGHT));
    }

    /** Takes a screenshot of the window after a failed test. */
    static void failure(Page page, String test) {
        try {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(FAILED.resolve(test.replaceAll("[^A-Za-z0-9.]", "") + ".png"))
                    .setTimeout(5_000));
        } catch (PlaywrightException e) {
            System.err.println("no screenshot of " + test + ": " + e.getMessage());
        }
    }
}
