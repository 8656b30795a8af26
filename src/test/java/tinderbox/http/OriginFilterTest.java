package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.TestServer;

/** Foreign names and pages are refused; pages of the configured origin are allowed. */
class OriginFilterTest {
    private static final String OURS = TestServer.CORS_ORIGIN;

    private final int port = TestServer.shared().port();

    private static Set<String> words(String header) {
        return new HashSet<>(Arrays.asList(header.split(", ")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:1", "[::1]:8080", "x.localhost", "10.1.2.3"})
    void ownNamesAreAllowed(String host) {
        assertEquals(200, RawHttp.get("/livez").header("Host", host).send(port).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/", "/api/v1/jobs", "/nothing"})
    void aForeignNameIsMisdirected(String path) {
        RawHttp.Reply reply =
                RawHttp.get(path).header("Host", "rebound.example").send(port);

        assertEquals(421, reply.status());
        assertEquals("foreign_host", reply.json().get("code"));
    }

    @Test
    void anAbsoluteUrlIsReadAsItsPath() {
        RawHttp absolute = RawHttp.get("http://localhost:" + port + "/livez");
        RawHttp foreign = RawHttp.get("http://rebound.example/livez").header("Host", "rebound.example");

        assertEquals(200, absolute.send(port).status());
        assertEquals(421, foreign.send(port).status());
    }

    @Test
    void thereIsExactlyOneWellFormedHost() {
        assertEquals(
                400,
                RawHttp.get("/livez")
                        .bare()
                        .header("Connection", "close")
                        .send(port)
                        .status());
        assertEquals(400, RawHttp.line("GET /livez HTTP/1.0").bare().send(port).status());
        assertEquals(
                400,
                RawHttp.get("/livez")
                        .header("Host", "localhost")
                        .header("Host", "localhost")
                        .send(port)
                        .status());
        for (String host : List.of("", "a b", "user@localhost", "localhost:x", "localhost:99999", "[::1")) {
            assertEquals(
                    400, RawHttp.get("/livez").header("Host", host).send(port).status(), host);
        }
    }

    @ParameterizedTest(name = "a stream for Origin {0}, Sec-Fetch-Site {1}: {2}")
    @CsvSource(
            nullValues = "none",
            value = {
                "https://evil.example, cross-site, 403",
                "http://localhost:1, same-site, 403",
                "none, cross-site, 403",
                "none, same-site, 403",
                "none, same-origin, 200",
                "none, none, 200",
                "https://lab.example.org, cross-site, 200"
            })
    void aForeignPageCannotOpenAnEventStream(String origin, String site, int status) {
        for (String path : List.of("/api/v1/events", "/api/v1/jobs/00000000-0000-4000-8000-000000000000/events")) {
            RawHttp request = RawHttp.request("HEAD", path);
            if (origin != null) {
                request.header("Origin", origin);
            }
            if (site != null) {
                request.header("Sec-Fetch-Site", site);
            }

            int answered = request.send(port).status();

            assertEquals(status == 200 && path.contains("jobs") ? 404 : status, answered, path);
        }
    }

    @ParameterizedTest
    @CsvSource({"/, same-origin", "/js/main.js, none", "/api/v1/server, none", "/api/v1/nothing, none"})
    void responsesAreForOurOwnPagesOnly(String path, String opener) {
        RawHttp.Reply reply = RawHttp.get(path).send(port);

        assertEquals("same-origin", reply.header("Cross-Origin-Resource-Policy"));
        assertEquals("nosniff", reply.header("X-Content-Type-Options"));
        assertEquals("no-referrer", reply.header("Referrer-Policy"));
        assertEquals(opener.equals("none") ? null : opener, reply.header("Cross-Origin-Opener-Policy"));
        String policy = reply.header("Content-Security-Policy");
        if (!path.endsWith(".js")) {
            assertTrue(policy.startsWith("default-src 'none'") && policy.contains("frame-ancestors 'none'"), policy);
        }
        if (path.startsWith("/api/")) {
            assertEquals("no-store", reply.header("Cache-Control"));
        }
    }

    @ParameterizedTest(name = "{0} with Origin {1}, Sec-Fetch-Site {2}: {3}")
    @CsvSource(
            nullValues = "none",
            value = {
                "POST, https://evil.example, cross-site, 403",
                "POST, null, cross-site, 403",
                "POST, none, cross-site, 403",
                "POST, http://localhost, same-site, 403",
                "DELETE, https://evil.example, none, 403",
                "POST, https://lab.example.org, cross-site, 404",
                "POST, none, same-origin, 404",
                "POST, none, none, 404",
                "GET, https://evil.example, cross-site, 404",
                "HEAD, https://evil.example, cross-site, 404"
            })
    void onlyForeignPagesThatChangeSomethingAreForbidden(String method, String origin, String site, int status) {
        String path = "/api/v1/jobs/00000000-0000-4000-8000-000000000000" + (method.equals("POST") ? "/cancel" : "");
        RawHttp request = RawHttp.request(method, path);
        if (origin != null) {
            request.header("Origin", origin);
        }
        if (site != null) {
            request.header("Sec-Fetch-Site", site);
        }

        RawHttp.Reply reply = request.send(port);

        assertEquals(status, reply.status(), reply::text);
        if (status == 403) {
            assertEquals("forbidden_origin", reply.json().get("code"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/v1/event%73",
                "/%61pi/v1/%65vents",
                "/api/v1/jobs/00000000-0000-4000-8000-000000000000/event%73",
                "http://localhost/api/v1/event%73"
            })
    void anotherSpellingOfAPathHasTheSameRules(String target) {
        RawHttp request = RawHttp.get(target).header("Host", "localhost");

        RawHttp.Reply reply = request.header("Origin", "https://evil.example").send(port);

        reply.assertProblem(403, "forbidden_origin");
        assertTrue(reply.header("Content-Security-Policy").startsWith("default-src 'none'"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/%61pi/v1/server", "/api/v1/nothing", "/%61pi/v1/nothing", "/nothing", "/livez", "/readyz"})
    void responsesOfTheApiMayDoNothingInABrowser(String target) {
        assertEquals(
                "default-src 'none'; frame-ancestors 'none'",
                RawHttp.get(target).send(port).header("Content-Security-Policy"));
        assertNull(RawHttp.get("/js/main.js").send(port).header("Content-Security-Policy"));
    }

    @Test
    void pagesOfEveryConfiguredOriginMayUseTheApi() {
        for (String origin : List.of(OURS, TestServer.OTHER_CORS_ORIGIN)) {
            RawHttp.Reply reply = RawHttp.post("/api/v1/jobs/00000000-0000-4000-8000-000000000000/cancel")
                    .header("Origin", origin)
                    .header("Sec-Fetch-Site", "cross-site")
                    .send(port);

            reply.assertProblem(404, "job_not_found");
            assertEquals(origin, reply.header("Access-Control-Allow-Origin"));
        }
    }

    @Test
    void ourOwnPageMayChange() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs/00000000-0000-4000-8000-000000000000/cancel")
                .header("Host", "LocalHost:" + port)
                .header("Origin", "http://localhost:" + port)
                .send(port);

        assertEquals(404, reply.status());
    }

    @Test
    void aPageOfTheConfiguredOriginGetsAPreflight() {
        RawHttp.Reply reply = RawHttp.request("OPTIONS", "/api/v1/jobs")
                .header("Origin", OURS)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type")
                .send(port);

        assertEquals(204, reply.status());
        assertEquals(OURS, reply.header("Access-Control-Allow-Origin"));
        assertEquals("Origin", reply.header("Vary"));
        assertEquals(
                Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"),
                words(reply.header("Access-Control-Allow-Methods")));
        assertEquals(
                Set.of(
                        "Content-Type",
                        "Idempotency-Key",
                        "If-Match",
                        "If-None-Match",
                        "If-Range",
                        "Range",
                        "Last-Event-ID",
                        "Authorization"),
                words(reply.header("Access-Control-Allow-Headers")));
        assertEquals("600", reply.header("Access-Control-Max-Age"));
        assertNull(reply.header("Access-Control-Allow-Credentials"));
    }

    @Test
    void aPageOfAnotherOriginGetsNoCorsHeaders() {
        RawHttp.Reply reply = RawHttp.request("OPTIONS", "/api/v1/jobs")
                .header("Origin", "https://evil.example")
                .header("Access-Control-Request-Method", "POST")
                .send(port);

        assertEquals("Origin", reply.header("Vary"));
        assertTrue(reply.headers().keySet().stream().noneMatch(name -> name.startsWith("access-control")));
        assertNull(RawHttp.get("/livez")
                .header("Origin", "https://evil.example")
                .send(port)
                .header("Access-Control-Allow-Origin"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs", "/api/v1/jobs/nonsense", "/nothing", "/api/v1/jobs?limit=0"})
    void everyResponseCanBeReadByTheConfiguredOriginErrorsToo(String path) {
        RawHttp.Reply reply = RawHttp.get(path).header("Origin", OURS).send(port);

        assertEquals(OURS, reply.header("Access-Control-Allow-Origin"));
        assertTrue(reply.header("Vary").startsWith("Origin"), reply.header("Vary"));
        assertEquals(
                Set.of(
                        "Location",
                        "ETag",
                        "Retry-After",
                        "Idempotency-Replayed",
                        "Content-Disposition",
                        "Content-Range",
                        "X-Request-Id",
                        "RateLimit",
                        "RateLimit-Policy",
                        "List-Truncated"),
                words(reply.header("Access-Control-Expose-Headers")));
    }

    @Test
    void theOldClientOnAnotherOriginSubmitsAJobAndPollsIt() {
        RawHttp.Reply accepted = RawHttp.post("/api/v1/jobs")
                .header("Origin", OURS)
                .header("Sec-Fetch-Site", "cross-site")
                .send(port);

        assertEquals(202, accepted.status());
        assertEquals(OURS, accepted.header("Access-Control-Allow-Origin"));
        RawHttp.Reply polled = RawHttp.get("/api/v1/jobs/" + accepted.json().get("job_id") + "?wait=60")
                .header("Origin", OURS)
                .send(port);
        assertEquals("SUCCEEDED", polled.json().get("status"));
        assertEquals(OURS, polled.header("Access-Control-Allow-Origin"));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/", "/livez", "/api/v1/jobs", "/nothing"})
    void everyResponseHasTheSecurityHeaders(String path) {
        RawHttp.Reply reply = RawHttp.get(path).send(port);

        assertEquals("nosniff", reply.header("X-Content-Type-Options"));
        assertEquals("no-referrer", reply.header("Referrer-Policy"));
        assertTrue(reply.header("X-Request-Id").matches("[0-9a-f]{16}"));
        assertNotEquals(
                reply.header("X-Request-Id"), RawHttp.get(path).send(port).header("X-Request-Id"));
        assertNull(reply.header("Server"));
        assertNull(reply.header("X-Powered-By"));
    }
}
