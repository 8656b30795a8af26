package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.TestServer;

/** A bad request line or header gets a problem document that says what is wrong. */
class BadRequestTest {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private final int port = TestServer.shared().port();

    static Stream<Arguments> queries() {
        return Stream.of(
                arguments("/api/v1/jobs?limit=0", List.of("limit")),
                arguments("/api/v1/jobs?limit=501", List.of("limit")),
                arguments("/api/v1/jobs?limit=ten&offset=-1", List.of("limit", "offset")),
                arguments("/api/v1/jobs?limit=%2B1&offset=%D9%A1", List.of("limit", "offset")),
                arguments("/api/v1/jobs?limit=1e1&offset=99999999999999999999", List.of("limit", "offset")),
                arguments("/api/v1/jobs?limit=1&limit=2", List.of("limit")),
                arguments("/api/v1/jobs?status=DONE&status=RUNNING", List.of("status")),
                arguments("/api/v1/jobs?state=RUNNING&page=2", List.of("state", "page")),
                arguments("/api/v1/jobs?since=&rerun_of=&sort=", List.of("since", "rerun_of", "sort")),
                arguments("/api/v1/jobs/" + NOBODY + "?wait=61", List.of("wait")),
                arguments("/api/v1/jobs/" + NOBODY + "?wait=-1", List.of("wait")),
                arguments("/api/v1/jobs/" + NOBODY + "?wait=1.5", List.of("wait")),
                arguments("/api/v1/jobs/" + NOBODY + "?wait=", List.of("wait")),
                arguments("/api/v1/jobs/" + NOBODY + "/log?limit=10001&level=LOUD", List.of("limit", "level")),
                arguments("/api/v1/jobs/" + NOBODY + "/log?format=text&from=3", List.of("from")),
                arguments("/api/v1/jobs/" + NOBODY + "/log?format=csv", List.of("format")),
                arguments("/api/v1/jobs/" + NOBODY + "/result?limit=0&offset=-1", List.of("offset", "limit")),
                arguments("/api/v1/jobs/" + NOBODY + "/result?format=csv&limit=3", List.of("limit")),
                arguments("/api/v1/jobs/" + NOBODY + "/result?safe=1", List.of("safe")),
                arguments("/api/v1/jobs/" + NOBODY + "/result?format=arrow", List.of("format")),
                arguments("/api/v1/job-types?type=word-count", List.of("type")),
                arguments("/api/v1/datasets?folder=samples", List.of("folder")),
                arguments("/api/v1/datasets/preview", List.of("path")),
                arguments("/api/v1/server?verbose", List.of("verbose")),
                arguments("/livez?verbose", List.of("verbose")),
                arguments("/readyz?verbose=maybe", List.of("verbose")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("queries")
    void aWrongQueryIsRefusedWithEveryProblem(String target, List<String> fields) {
        RawHttp.Reply reply = RawHttp.get(target).send(port);

        reply.assertProblem(400, "bad_query");
        assertEquals(fields, reply.fields());
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "POST, /api/v1/jobs?dry_run=1",
        "POST, /api/v1/jobs/00000000-0000-4000-8000-000000000000/cancel?force=1",
        "POST, /api/v1/jobs/00000000-0000-4000-8000-000000000000/rerun?times=2",
        "DELETE, /api/v1/jobs/00000000-0000-4000-8000-000000000000?force=1"
    })
    void anUnknownParameterIsRefusedBeforeAnythingIsDone(String method, String target) {
        RawHttp.request(method, target).send(port).assertProblem(400, "bad_query");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "/api",
                "/api/v1",
                "/api/v1/",
                "/api/v1/jobs/",
                "/api/v1/nothing",
                "/api/v2/jobs",
                "/api/v1/jobs/" + NOBODY + "/",
                "/api/v1/jobs/" + NOBODY + "/nothing",
                "//api/v1/jobs",
                "/index.php",
                "/css",
                "/css/..%2Findex.html",
                "/log4j2.xml",
                "/%2e%2e/log4j2.xml"
            })
    void anUnknownPathIs404AndNeverARedirect(String path) {
        RawHttp.get(path).send(port).assertProblem(404, "path_not_found");
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | ",
                "GET | /stages",
                "GET | /events",
                "GET | /log",
                "GET | /log?format=text",
                "GET | /result",
                "GET | /result?format=csv",
                "POST | /cancel",
                "POST | /rerun",
                "DELETE | ",
                "GET | ?wait=1"
            })
    void anUnknownJobIs404AndSoIsAMalformedId(String method, String rest) {
        String after = rest == null ? "" : rest;

        RawHttp.request(method, "/api/v1/jobs/" + NOBODY + after).send(port).assertProblem(404, "job_not_found");
        for (String id : List.of("1", "..%2F" + NOBODY, NOBODY.replace('0', 'A'), NOBODY + "0", "%00", "null")) {
            RawHttp.request(method, "/api/v1/jobs/" + id + after).send(port).assertProblem(404, "job_not_found");
        }
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "PUT | /api/v1/jobs | GET, HEAD, OPTIONS, POST",
                "DELETE | /api/v1/jobs | GET, HEAD, OPTIONS, POST",
                "POST | /api/v1/jobs/x | DELETE, GET, HEAD, OPTIONS, PATCH",
                "GET | /api/v1/jobs/x/cancel | OPTIONS, POST",
                "HEAD | /api/v1/jobs/x/rerun | OPTIONS, POST",
                "POST | /api/v1/server | GET, HEAD, OPTIONS",
                "PATCH | /api/v1/jobs | GET, HEAD, OPTIONS, POST",
                "TRACE | / | GET, HEAD, OPTIONS",
                "POST | / | GET, HEAD, OPTIONS"
            })
    void anotherMethodIs405WithTheAllowedOnes(String method, String path, String allowed) {
        RawHttp.Reply reply = RawHttp.request(method, path).send(port);

        assertEquals(405, reply.status());
        if (!method.equals("HEAD")) {
            reply.assertProblem(405, "method_not_allowed");
        }
        assertEquals(
                allowed,
                String.join(
                        ", ",
                        Stream.of(reply.header("Allow").split(", ")).sorted().toList()));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "get, /livez",
        "Get, /livez",
        "post, /api/v1/jobs",
        "delete, /api/v1/nothing",
        "BREW, /livez",
        "CONNECT, localhost:80"
    })
    void anUnknownMethodIs501(String method, String target) {
        RawHttp.request(method, target).send(port).assertProblem(501, "not_implemented");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://localhost/livez",
                "file://localhost/livez",
                "httpx://localhost/livez",
                "ws://localhost/api/v1/events",
                "http://localhost:1/livez",
                "http://user@localhost/livez",
                "http://evil.example/localhost",
                "http://localhost.evil.example/livez"
            })
    void anAbsoluteUrlOfAnotherSchemeOrHostIs400(String target) {
        RawHttp.get(target).header("Host", "localhost").send(port).assertProblem(400, "malformed_request");
    }

    @Test
    void anAbsoluteHttpUrlIsReadAsItsPath() {
        for (String target : List.of("http://localhost/livez", "HTTP://localhost/livez", "https://localhost/livez")) {
            assertEquals(
                    200,
                    RawHttp.get(target).header("Host", "localhost").send(port).status(),
                    target);
        }
    }

    @Test
    void optionsListsTheMethods() {
        RawHttp.Reply reply = RawHttp.request("OPTIONS", "/api/v1/jobs").send(port);

        assertEquals(204, reply.status());
        assertEquals("POST, GET, HEAD, OPTIONS", reply.header("Allow"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs?q=%FF", "/api/v1/jobs/%C0%AF"})
    void aUrlThatIsNotUtf8IsRefused(String target) {
        RawHttp.get(target).send(port).assertProblem(400, "malformed_request");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/api/v1/jobs?q=%", "/api/v1/jobs?q=%zz", "/api/v1/jobs/%2", "/%", "/api/v1/jobs?%g0=1", "/x;%=1"
            })
    void brokenPercentEncodingIs400(String target) {
        RawHttp.get(target).send(port).assertProblem(400, "malformed_request");
    }

    @Test
    void anUnparseableRequestGetsAProblemDocumentToo() {
        RawHttp manyHeaders = RawHttp.get("/livez");
        for (int i = 0; i < 70; i++) {
            manyHeaders.header("X-Header-" + i, "x");
        }
        for (RawHttp request : List.of(
                manyHeaders,
                RawHttp.get("/livez?" + "a=1&".repeat(70)),
                RawHttp.get("/livez").header("X-Long", "x".repeat(20_000)),
                RawHttp.get("/" + "x".repeat(40_000)),
                RawHttp.line("GET /livez"),
                RawHttp.line("GET  /livez HTTP/1.1"),
                RawHttp.line("G@T /livez HTTP/1.1"),
                RawHttp.line("GET /livez HTTP/1.1 "),
                RawHttp.line("GET /livez HTTP/2.0"),
                RawHttp.line("nonsense"),
                RawHttp.get("/livez").header("X Y", "z"),
                RawHttp.get("/livez").header("Host", "localhost").header("Host", "localhost"),
                RawHttp.get("/livez").header("Host", "a b"),
                RawHttp.get("/livez").bare())) {
            RawHttp.Reply reply = request.send(port);

            reply.assertProblem(400, "malformed_request");
            assertEquals("close", reply.header("Connection"));
        }
    }

    @ParameterizedTest(name = "Accept: {0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "/result | text/html",
                "/result | application/vnd.apache.arrow.stream",
                "/result | application/json;q=0, text/csv;q=0",
                "/log | text/csv"
            })
    void aFormatThatIsNotOfferedIs406(String path, String accept) {
        RawHttp.get("/api/v1/jobs/" + NOBODY + path)
                .header("Accept", accept)
                .send(port)
                .assertProblem(406, "not_acceptable");
    }

    @Test
    void anUnknownDatasetIs404() {
        for (String path :
                List.of("nowhere", "samples/none", "samples/..", "/etc", "samples/%00", "samples/moby-dick.txt")) {
            RawHttp.get("/api/v1/datasets?path=" + path).send(port).assertProblem(404, "dataset_not_found");
        }
        for (String path : List.of("nowhere/x", "samples", "samples/none.txt", "samples/../x", "file:/etc/passwd")) {
            RawHttp.get("/api/v1/datasets/preview?path=" + path).send(port).assertProblem(404, "dataset_not_found");
        }
    }
}
