package tinderbox.page;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every test of the page relies on: nothing escapes the witness, nor axe. */
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
    void theWitnessSees(String what, String complaint, String script) {
        page.evaluate("() => { " + script + " }");
        Predicate<String> isThat = Pattern.compile(complaint).asPredicate();
        page.waitForCondition(() -> pageMonitor.unexpected().stream().anyMatch(isThat));
        assertThrows(AssertionError.class, pageMonitor::assertQuiet);
        // What else the browser says of the same.
        pageMonitor.provoke("CSP|Content Security Policy|ERR_|" + complaint);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            image-alt      | Object.assign(document.createElement('img'), {src: 'favicon.svg'})
            color-contrast | Object.assign(document.createElement('p'), {textContent: 'pale', style: 'color: #eee; background: #fff'})
            label          | document.createElement('input')
            """)
    void axeSees(String rule, String element) {
        page.evaluate("() => document.querySelector('main').append(" + element + ")");
        AssertionError seen = assertThrows(AssertionError.class, () -> Axe.assertNoViolations(page, "planted"));
        assertTrue(seen.getMessage().contains(rule), seen::getMessage);
        // Where the policy forbids styles in elements, that is said as well.
        pageMonitor.provoke("CSP|Content Security Policy");
    }
}
