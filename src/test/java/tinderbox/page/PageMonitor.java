package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Request;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Sees what a page does beside what it shows: requests to anywhere but its server, and what the browser complains of.
 * A test says beforehand which complaints it provokes; every other is a failure.
 */
final class PageMonitor {
    private static final String REPORT_VIOLATIONS = """
            document.addEventListener('securitypolicyviolation',
                (e) => console.error(`CSP: ${e.violatedDirective} forbids ${e.blockedURI} ${e.sample}`));
            """;

    private final List<String> complaints = new ArrayList<>();
    private final List<Pattern> provoked = new ArrayList<>();
    private final String origin;

    /** Watches every page of the context. */
    PageMonitor(BrowserContext context, URI origin) {
        this.origin = origin.toString();
        context.addInitScript(REPORT_VIOLATIONS);
        context.onRequest(this::requested);
        context.onConsoleMessage(this::said);
        context.onWebError(error -> complaints.add("uncaught: " + error.error()));
    }

    private void requested(Request request) {
        String url = request.url();
        // Icons that the page draws itself, and downloads that it makes, go nowhere.
        boolean stays = url.startsWith("data:") || url.startsWith("blob:");
        if (!stays && !url.startsWith(origin)) {
            complaints.add("a request leaves the server: " + url);
        }
    }

    private void said(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.type() + ": " + message.text() + " (" + message.location() + ")");
        }
    }

    /** A regular expression for a complaint that this test brings about on purpose. */
    void provoke(String complaint) {
        provoked.add(Pattern.compile(complaint));
    }

    /** Calls answered with an error, which the browser tells in its console whatever the page makes of it. */
    void provokeStatus(int status) {
        provoke("responded with a status of " + status);
    }

    /** Calls that find no server, or one that is still starting. */
    void provokeOffline() {
        provokeStatus(503);
        provoke("net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE"
                + "|SOCKET_NOT_CONNECTED|ABORTED|INTERNET_DISCONNECTED)");
    }

    /** Fails where anything was complained of. */
    void assertQuiet() {
        assertEquals(List.of(), unexpected(), "what the browser complains of");
    }

    /** The complaints that nobody has said beforehand. */
    List<String> unexpected() {
        return complaints.stream()
                .filter(complaint -> provoked.stream()
                        .noneMatch(pattern -> pattern.matcher(complaint).find()))
                .toList();
    }
}
