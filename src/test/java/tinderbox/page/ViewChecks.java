package tinderbox.page;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.util.List;

/** What every view must hold: axe finds nothing, it fits a narrow phone and paper. Takes screenshots. */
final class ViewChecks {
    /** On paper, where nobody can scroll: boxes that do not show all of their content. */
    private static final String CUT_OFF = """
            () => [...document.querySelectorAll('.panel, .table-wrap, .log, .code, .entries, figure')]
              .filter((box) => box.clientHeight > 0
                && (box.scrollHeight > box.clientHeight + 1 || box.scrollWidth > box.clientWidth + 1))
              .map((box) => `${box.tagName} ${box.className}: ${box.scrollHeight} in ${box.clientHeight}`)
            """;

    /** The page or boxes in it that would have to be scrolled sideways; results with many columns may. */
    private static final String WIDER_THAN_THEIR_BOX = """
            () => [document.documentElement, ...document.querySelectorAll('body *')]
              .filter((box) => box === document.documentElement
                || ['auto', 'scroll'].includes(getComputedStyle(box).overflowX))
              .filter((box) => box.querySelector(':scope > .result-table:not(.few)') === null)
              .filter((box) => box.scrollWidth > box.clientWidth)
              .map((box) => `${box.tagName} ${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)
            """;

    private static final String NAMELESS_PICTURES =
            "svg:not([aria-hidden=true], [aria-label], [aria-hidden=true] *), img:not([alt])";

    /** Numbers with a line break inside a group of digits. */
    private static final String BROKEN_GROUPS = """
            () => {
              const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
              const broken = [];
              while (texts.nextNode()) {
                const range = document.createRange();
                range.selectNode(texts.currentNode);
                if (/^[\\d,]+$/.test(texts.currentNode.data) && range.getClientRects().length > 1) {
                  broken.push(texts.currentNode.data);
                }
              }
              return broken;
            }
            """;

    private ViewChecks() {}

    /** Checks the open view in both themes, on phones and on paper. The window is then as wide as paper. */
    static void check(Page page, String name) {
        page.waitForCondition(() -> page.locator(".skeleton").count() == 0);

        Axe.assertNoViolations(page, name + " in light");
        Screenshots.take(page, name + "-light");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        Axe.assertColours(page, name + " in dark");
        Screenshots.take(page, name + "-dark");
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
        page.setViewportSize(390, 844);
        Axe.assertAllButColours(page, name + " on a phone");
        Screenshots.take(page, name + "-phone");
        assertEquals(
                page.evaluate("document.documentElement.clientWidth"),
                page.evaluate("document.documentElement.scrollWidth"),
                "the view is as wide as the phone");
        page.setViewportSize(320, 640);
        assertNone(page, WIDER_THAN_THEIR_BOX, "boxes that scroll sideways on a narrow phone");
        assertNone(page, BROKEN_GROUPS, "numbers that are broken within a group of digits");
        assertEquals(0, page.locator(NAMELESS_PICTURES).count(), "pictures that have no name");
        page.emulateMedia(new Page.EmulateMediaOptions().setMedia(Media.PRINT));
        page.setViewportSize(720, 1000);
        assertNone(page, CUT_OFF, "boxes that are cut off on paper");
    }

    /** Tries for a while: after a resize, the page measures some boxes again. */
    private static void assertNone(Page page, String search, String what) {
        await().pollInSameThread().untilAsserted(() -> assertEquals(List.of(), page.evaluate(search), what));
    }
}
