package tinderbox.page;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.net.URI;

/**
 * A window of the browser that the tests of a class share, each in a new tab without cookies and stored settings. A window
 * for each test would start processes, which takes longer than most tests.
 */
final class BrowserWindow implements AutoCloseable {
    private final Class<?> owner;
    private final URI origin;
    private final BrowserContext context;
    private final PageMonitor monitor;

    /** A tab that stays: the process that shows the pages of the origin ends with their last one. */
    private final Page firstTab;

    /** Opens a window for the tests of a class on one server. */
    BrowserWindow(Class<?> owner, URI origin, Browser.NewContextOptions options, double timeoutMs) {
        this.owner = owner;
        this.origin = origin;
        context = Browsers.shared().newContext(options);
        context.setDefaultTimeout(timeoutMs);
        context.setDefaultNavigationTimeout(timeoutMs);
        monitor = new PageMonitor(context, origin);
        firstTab = context.newPage();
        // A page that sends nothing more; its elements would count as those of a test.
        firstTab.navigate(origin + "errors.html");
        firstTab.evaluate("document.body.replaceChildren()");
    }

    /** Whether it is for the tests of this class on this server. */
    boolean isFor(Class<?> tests, URI server) {
        return owner == tests && origin.equals(server);
    }

    /** Opens another tab. */
    Page newTab() {
        return context.newPage();
    }

    /** Monitors all tabs. */
    PageMonitor monitor() {
        return monitor;
    }

    /** Closes the tabs of a test, and forgets what they have stored and the problems. */
    void clear() {
        context.pages().stream().filter(page -> page != firstTab).forEach(Page::close);
        context.clearCookies();
        firstTab.evaluate("localStorage.clear()");
        monitor.forget();
    }

    @Override
    public void close() {
        context.close();
    }
}
