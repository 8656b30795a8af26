package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@link PageMonitor} and {@link Axe}, on which all tests of the page rely, detect problems. */
class PageMonitorIT extends PageTest {
    @BeforeEach
    void openAnyView() {
        open("/jobs");
        assertThat(heading("Jobs")).isVisible();
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            a page from elsewhere       | a request leaves | window.open('http://127.0.0.1:9/')
            a request to elsewhere      | CSP: connect-src | fetch('http://127.0.0.1:9/').catch(() => {})
            a script of its own         | CSP: script-src  | document.head.append(Object.assign(document.createElement('script'), {textContent: '1'}))
            an error in the console     | error: broken    | console.error('broken')
            an uncaught error           | uncaught: .*torn | setTimeout(() => { throw new Error('torn'); })
            """)
    void theMonitorDetects(String name, String problem, String script) {
        page.evaluate("() => { " + script + " }");
        Predicate<String> matches = Pattern.compile(problem).asPredicate();
        page.waitForCondition(() -> pageMonitor.unexpected().stream().anyMatch(matches));
        assertThrows(AssertionError.class, pageMonitor::assertNoProblems);
        // Other messages about the same problem.
        pageMonitor.expect("CSP|Content Security Policy|ERR_|" + problem);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image-alt      | Object.assign(document.createElement('img'), {src: 'favicon.svg'})
            color-contrast | Object.assign(document.createElement('p'), {textContent: 'pale', style: 'color: #eee; background: #fff'})
            label          | document.createElement('input')
            """)
    void axeDetects(String rule, String element) {
        page.evaluate("() => document.querySelector('main').append(" + element + ")");
        AssertionError violation = assertThrows(AssertionError.class, () -> Axe.assertNoViolations(page, "planted"));
        assertTrue(violation.getMessage().contains(rule), violation::getMessage);
        // The content security policy may also complain about inline styles.
        pageMonitor.expect("CSP|Content Security Policy");
    }
}
