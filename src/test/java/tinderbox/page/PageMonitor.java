package tinderbox.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Request;
import com.microsoft.playwright.Response;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tinderbox.support.Contract;

/**
 * Records problems that are not visible on the page: requests to other servers, responses that openapi.yaml does not
 * describe (their bodies apart), and errors and warnings in the browser's console. A test must declare the problems that it expects; any other fails it.
 */
final class PageMonitor {
    private static final String REPORT_VIOLATIONS = """
            document.addEventListener('securitypolicyviolation',
                (e) => console.error(`CSP: ${e.violatedDirective} forbids ${e.blockedURI} ${e.sample}`));
            """;

    private final List<String> problems = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();
    private final String origin;

    /** Monitors all pages of a context. */
    PageMonitor(BrowserContext context, URI origin) {
        this.origin = origin.toString();
        context.addInitScript(REPORT_VIOLATIONS);
        context.onRequest(this::onRequest);
        context.onResponse(this::onResponse);
        context.onConsoleMessage(this::onConsoleMessage);
        context.onWebError(error -> problems.add("uncaught: " + error.error()));
    }

    private void onRequest(Request request) {
        String url = request.url();
        // Icons that the page draws, and downloads that it creates, are not sent anywhere.
        boolean stays = url.startsWith("data:") || url.startsWith("blob:");
        if (!stays && !url.startsWith(origin)) {
            problems.add("a request leaves the server: " + url);
        }
    }

    private void onResponse(Response response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        // Browsers keep it from everybody, so it counts as sent.
        headers.put("set-cookie", List.of("hidden"));
        response.headers().forEach((name, value) -> headers.put(name, List.of(value)));
        try {
            String path = URI.create(response.url()).getRawPath();
            Contract.check(response.request().method(), path, response.status(), headers, null);
        } catch (AssertionError e) {
            problems.add(e.getMessage());
        }
    }

    private void onConsoleMessage(ConsoleMessage message) {
        if (message.type().equals("error") || message.type().equals("warning")) {
            problems.add(message.type() + ": " + message.text() + " (" + message.location() + ")");
        }
    }

    /** Forgets the problems that there were and those that were expected. */
    void forget() {
        problems.clear();
        expected.clear();
    }

    /** Expects problems that match a regular expression. */
    void expect(String regex) {
        expected.add(Pattern.compile(regex));
    }

    /** Expects responses with an error status, which the browser logs even if the page handles them. */
    void expectStatus(int status) {
        expect("responded with a status of " + status);
    }

    /** Expects requests that fail because the server is down or starting. */
    void expectOffline() {
        expectStatus(503);
        expect("net::ERR_(CONNECTION_REFUSED|CONNECTION_RESET|INCOMPLETE_CHUNKED_ENCODING|EMPTY_RESPONSE"
                + "|SOCKET_NOT_CONNECTED|ABORTED|INTERNET_DISCONNECTED)");
    }

    /** Fails if there are unexpected problems. */
    void assertNoProblems() {
        assertEquals(List.of(), unexpected(), "problems in the browser");
    }

    /** The problems that the test does not expect. */
    List<String> unexpected() {
        return problems.stream()
                .filter(problem -> expected.stream()
                        .noneMatch(pattern -> pattern.matcher(problem).find()))
                .toList();
    }
}
