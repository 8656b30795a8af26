package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** What a page holds on to: the nodes that are still there once the browser has collected its garbage. */
final class PageMemory {
    private static final String SHOWN = """
            () => {
              const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
              let n = 1;
              while (walker.nextNode()) n++;
              return n;
            }""";

    /** Browsers have some nodes of their own, and a last answer may still be on its way to be drawn. */
    private static final double MOST_FOR_EACH_SHOWN = 2;

    private final Page page;
    private final CDPSession browser;

    PageMemory(Page page) {
        this.page = page;
        this.browser = page.context().newCDPSession(page);
        browser.send("HeapProfiler.enable");
    }

    /** Fails if there are many more nodes than the document has. */
    void assertOnlyWhatIsShown(String what) {
        browser.send("HeapProfiler.collectGarbage");
        JsonObject counters = browser.send("Memory.getDOMCounters");
        long kept = counters.get("nodes").getAsLong();
        long shown = ((Number) page.evaluate(SHOWN)).longValue();
        assertTrue(kept <= MOST_FOR_EACH_SHOWN * shown, () -> what + ": " + kept + " nodes for " + shown + " shown");
    }
}
