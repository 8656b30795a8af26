package tinderbox.bench;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import io.undertow.Undertow;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import tinderbox.page.Browsers;
import tinderbox.page.LargeServer;
import tinderbox.page.PageServer;

/** Measures the page in a real browser: its first view, and its speed with many jobs, lines and rows. */
final class PageBench {
    private static final int JOBS = 100_000;
    private static final int LOADS = 15;
    private static final double WINDOW_SETTLE_MS = 1_500;
    private static final int SEARCHES = 6;
    private static final int RESULT_PAGES = 50;
    private static final int WHEELS = 150;
    private static final int JUMPS = 40;

    /** Records when the form can be submitted, in ms since the navigation began. */
    private static final String RECORD_USABLE = """
            (() => {
              const look = () => {
                if (document.querySelector('form button[type=submit]:not(:disabled)')) {
                  window.usableAt = performance.now();
                } else {
                  requestAnimationFrame(look);
                }
              };
              look();
            })();
            """;

    private static final String TRANSFERRED = """
            ['navigation', 'resource'].flatMap((type) => performance.getEntriesByType(type))
              .reduce((sum, entry) => sum + entry.transferSize, 0)
            """;

    /** Records the time from the next input, click or submit until an element's text has changed and is drawn. */
    private static final String RECORD_CHANGE = """
            (selector) => {
              const text = () => document.querySelector(selector)?.textContent;
              const before = text();
              window.changedAfter = null;
              const begin = (event) => {
                for (const type of ['input', 'click', 'submit']) {
                  removeEventListener(type, begin, true);
                }
                const look = () => {
                  if (text() !== undefined && text() !== before) {
                    requestAnimationFrame(() => (window.changedAfter = performance.now() - event.timeStamp));
                  } else {
                    requestAnimationFrame(look);
                  }
                };
                look();
              };
              for (const type of ['input', 'click', 'submit']) {
                addEventListener(type, begin, true);
              }
            }
            """;

    /** Records how long each frame takes from now on, in ms. */
    private static final String RECORD_FRAMES = """
            () => {
              window.frames_ = [];
              let last = performance.now();
              const frame = (now) => {
                window.frames_.push(now - last);
                last = now;
                requestAnimationFrame(frame);
              };
              requestAnimationFrame(frame);
            }
            """;

    private PageBench() {}

    static void run() throws IOException {
        Browser browser = Browsers.shared();
        print("browser: Chromium %s", browser.version());
        Undertow button = minimalPage();
        try (PageServer pageServer = new PageServer().withProductionJvm().start()) {
            // Waits until Spark has started, so that the browser has the machine to itself.
            pageServer.apiClient().run("word-count", Map.of());
            firstView(browser, pageServer.uri(), addressOf(button));
        } finally {
            button.stop();
        }
        print(
                "creating %,d jobs, %,d lines of log and %,d rows of a result…",
                JOBS, LargeServer.LINES, LargeServer.ROWS);
        try (LargeServer largeServer = LargeServer.start(new PageServer().withProductionJvm(), JOBS);
                BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            page.setViewportSize(1280, 900);
            URI home = largeServer.pageServer().uri();
            print(
                    "a keystroke in the search of %,d jobs to new rows: %s (aim < 150 ms)",
                    JOBS, spread(searches(page, home)));
            log(page, home + "#/jobs/" + largeServer.job() + "/log");
            result(page, home + "#/jobs/" + largeServer.job());
        } finally {
            Browsers.close();
        }
    }

    /** Serves a minimal page with a button: what it takes is the browser's own share on this machine. */
    private static Undertow minimalPage() {
        Undertow undertow = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setHandler(exchange -> {
                    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/html");
                    exchange.getResponseSender().send("<!doctype html><form><button type=submit>Run</button></form>");
                })
                .build();
        undertow.start();
        return undertow;
    }

    private static URI addressOf(Undertow undertow) {
        var address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return URI.create("http://127.0.0.1:" + address.getPort() + "/");
    }

    private static void firstView(Browser browser, URI home, URI button) {
        List<Double> usable = new ArrayList<>();
        List<Double> bare = new ArrayList<>();
        double transferred = 0;
        for (int i = 0; i < LOADS; i++) {
            bare.add(view(browser, button)[0]);
            double[] view = view(browser, home);
            usable.add(view[0]);
            transferred = view[1];
        }
        print("first view usable after navigation: %s (aim < 300 ms)", spread(usable));
        print("  a page with nothing but a button, in turns with it: %s", spread(bare));
        print("transferred until then: %.1f kB (aim < 60 kB)", transferred / 1000);
    }

    /**
     * Opens a page with an empty cache, in a window that has settled, because opening it is not part of the page.
     *
     * @return ms until the page can be used, and bytes transferred until then
     */
    private static double[] view(Browser browser, URI address) {
        try (BrowserContext context = browser.newContext()) {
            Page page = context.newPage();
            page.addInitScript(RECORD_USABLE);
            page.waitForTimeout(WINDOW_SETTLE_MS);
            page.navigate(address.toString());
            page.waitForCondition(() -> page.evaluate("window.usableAt") != null);
            return new double[] {number(page.evaluate("window.usableAt")), number(page.evaluate(TRANSFERRED))};
        }
    }

    /** How long it takes from a keystroke in the search of the list of jobs to other rows, in ms. */
    static List<Double> searches(Page page, URI home) {
        page.navigate(home + "#/jobs");
        Locator box = page.getByRole(AriaRole.SEARCHBOX);
        page.getByText("1–50 of").waitFor();
        List<Double> delays = new ArrayList<>();
        for (int round = 0; round < SEARCHES; round++) {
            for (String text : List.of("run 7", "run 77", "run 777", "run 7777", "run")) {
                delays.add(changed(page, "nav[aria-label=Pages]", () -> box.fill(text)));
            }
        }
        return delays;
    }

    private static void log(Page page, String address) {
        page.navigate(address);
        Locator log = page.getByRole(AriaRole.LOG);
        log.getByText("Line 1 tells").waitFor();
        double before = heap(page);
        page.evaluate(RECORD_FRAMES);
        log.hover();
        for (int i = 0; i < WHEELS; i++) {
            page.mouse().wheel(0, 400);
        }
        List<Double> frames = frames(page);
        List<Double> jumps = new ArrayList<>();
        for (int i = 1; i <= JUMPS; i++) {
            int line = i * (LargeServer.LINES / JUMPS);
            page.getByLabel("Go to line").fill(Integer.toString(line));
            jumps.add(changed(
                    page,
                    ".log-line.current",
                    () -> page.getByLabel("Go to line").press("Enter")));
        }
        print("%,d lines of log, frames while scrolling: %s", LargeServer.LINES, spread(frames));
        print("%,d lines of log, a jump to any of them: %s", LargeServer.LINES, spread(jumps));
        print("  the page's heap before and after: %.1f MB, %.1f MB", before, heap(page));
    }

    private static void result(Page page, String address) {
        page.navigate(address);
        Locator next = page.getByLabel("Next page");
        page.getByText("1–100 of").waitFor();
        double before = heap(page);
        page.evaluate(RECORD_FRAMES);
        List<Double> steps = new ArrayList<>();
        for (int i = 0; i < RESULT_PAGES; i++) {
            steps.add(changed(page, ".result-table tbody", next::click));
            page.mouse().wheel(0, 400);
        }
        print("%,d rows, to the next page: %s", LargeServer.ROWS, spread(steps));
        print("%,d rows, frames meanwhile: %s", LargeServer.ROWS, spread(frames(page)));
        print("  the page's heap before and after: %.1f MB, %.1f MB", before, heap(page));
    }

    /** Runs an action; returns the ms from its first event until the text of an element has changed. */
    private static double changed(Page page, String selector, Runnable action) {
        page.evaluate(RECORD_CHANGE, selector);
        action.run();
        page.waitForCondition(() -> page.evaluate("window.changedAfter") != null);
        return number(page.evaluate("window.changedAfter"));
    }

    private static List<Double> frames(Page page) {
        return ((List<?>) page.evaluate("window.frames_"))
                .stream().map(PageBench::number).toList();
    }

    /** The page's heap after a garbage collection, in MB. */
    private static double heap(Page page) {
        page.requestGC();
        return number(page.evaluate("performance.memory.usedJSHeapSize")) / 1e6;
    }

    private static double number(Object value) {
        return ((Number) value).doubleValue();
    }

    static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return String.format(
                Locale.ROOT,
                "p50 %.0f ms, p95 %.0f ms, max %.0f ms",
                Stream.of(50, 95, 100)
                        .map(percent -> sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100)))
                        .toArray());
    }

    private static void print(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
