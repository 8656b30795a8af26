package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.support.TestServer;

/** The page comes from the server alone. */
class StaticFilesTest {
    private final int port = TestServer.shared().port();

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "/, text/html; charset=utf-8",
        "/index.html, text/html; charset=utf-8",
        "/?from=mail, text/html; charset=utf-8",
        "/css/app.css, text/css; charset=utf-8",
        "/favicon.svg, image/svg+xml"
    })
    void aFileIsSentOnceAndThenOnlyIfItChanges(String path, String contentType) {
        Raw.Reply reply = Raw.get(path).send(port);

        assertEquals(200, reply.status());
        assertEquals(contentType, reply.header("Content-Type"));
        assertEquals("no-cache", reply.header("Cache-Control"));
        assertEquals(
                "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; connect-src 'self';"
                        + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
                reply.header("Content-Security-Policy"));
        Raw.Reply again =
                Raw.get(path).header("If-None-Match", reply.header("ETag")).send(port);
        assertEquals(304, again.status());
        assertEquals(reply.header("ETag"), again.header("ETag"));
    }

    @Test
    void everyLinkOfThePageLeadsSomewhereOnThisServer() {
        String page = Raw.get("/").send(port).text();
        Matcher links = Pattern.compile("(?:href|src)=\"([^\"]*)\"").matcher(page);

        int found = 0;
        while (links.find()) {
            assertEquals(200, Raw.get("/" + links.group(1)).send(port).status(), links.group(1));
            found++;
        }

        assertTrue(found >= 7);
        assertTrue(
                !page.contains("style=") && !page.contains("<script") && !page.contains("<style"),
                "the CSP forbids it");
    }
}
