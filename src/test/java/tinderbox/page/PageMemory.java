package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.Page;

/** Detects DOM nodes that a page leaks: those that remain after a garbage collection but are not shown. */
final class PageMemory {
    private static final String SHOWN = """
            () => {
              const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
              let n = 1;
              while (walker.nextNode()) n++;
              return n;
            }""";

    /** The browser has internal nodes, and a last response may not be rendered yet. */
    private static final double MAX_NODES_PER_SHOWN_NODE = 2;

    private final Page page;
    private final CDPSession browser;

    PageMemory(Page page) {
        this.page = page;
        this.browser = page.context().newCDPSession(page);
        browser.send("HeapProfiler.enable");
    }

    /** Fails if there are many more nodes than in the document. */
    void assertNoLeak(String what) {
        browser.send("HeapProfiler.collectGarbage");
        JsonObject counters = browser.send("Memory.getDOMCounters");
        long nodes = counters.get("nodes").getAsLong();
        long shown = ((Number) page.evaluate(SHOWN)).longValue();
        assertTrue(
                nodes <= MAX_NODES_PER_SHOWN_NODE * shown,
                () -> what + ": " + nodes + " nodes for " + shown + " shown");
    }
}
