package tinderbox.page;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.PlaywrightException;
import java.nio.file.Path;

/** Takes screenshots of the page, in {@code target/screenshots/}. */
final class Screenshots {
    private static final Path FOLDER = Path.of(System.getProperty("tinderbox.screenshots", "target/screenshots"));

    private Screenshots() {}

    /** In pixels: painting a higher page takes too long. */
    private static final int MAX_HEIGHT = 20_000;

    /** Takes a screenshot of the whole page, or of what is in the window if the page is very long. */
    static void take(Page page, String name) {
        int height = (Integer) page.evaluate("document.documentElement.scrollHeight");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(FOLDER.resolve(name + ".png"))
                .setFullPage(height <= MAX_HEIGHT));
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
