package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.undertow.util.Methods;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.http.message.Handler;
import tinderbox.http.message.RequestTarget;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

class RouterTest {
    private static final Handler NOTHING = request -> Response.empty(204);

    private final Router router = new Router(
            List.of(
                    Route.get("/api/jobs", NOTHING, "q"),
                    Route.post("/api/jobs", NOTHING),
                    Route.get("/api/jobs/{id}", NOTHING),
                    Route.delete("/api/jobs/{id}", NOTHING),
                    Route.post("/api/jobs/{id}/cancel", NOTHING)),
            StaticFiles.read().join());

    private Router.RouteGroup find(String path) {
        return router.find(RequestTarget.segments(path));
    }

    @Test
    void bracesCaptureASegment() {
        assertEquals(
                Map.of("id", "a/b"),
                find("/api/jobs/a%2Fb").on(Methods.GET).orElseThrow().captured());
    }

    @Test
    void aRouteKnowsItsParameters() {
        assertEquals(
                List.of("q"),
                find("/api/jobs").on(Methods.GET).orElseThrow().route().parameters());
    }

    @Test
    void headUsesTheRouteOfGet() {
        assertTrue(find("/api/jobs").on(Methods.HEAD).isPresent());
        assertTrue(find("/api/jobs/1/cancel").on(Methods.HEAD).isEmpty());
    }

    @Test
    void allowListsTheMethodsOfAPath() {
        assertEquals("GET, HEAD, POST, OPTIONS", find("/api/jobs").allow());
        assertEquals("GET, HEAD, DELETE, OPTIONS", find("/api/jobs/1").allow());
        assertEquals("POST, OPTIONS", find("/api/jobs/1/cancel").allow());
        assertEquals("GET, HEAD, OPTIONS", find("/").allow());
    }

    @ParameterizedTest(name = "{0} leads nowhere")
    @ValueSource(
            strings = {
                "/api/jobs/",
                "//api/jobs",
                "/api//jobs",
                "/api/jobs/1/",
                "/api/jobs//cancel",
                "/api/jobs/1/CANCEL",
                "/API/jobs",
                "/api/jobs;v=1",
                "/api/jobs/1/cancel/now",
                "/api/./jobs",
                "/api/x/../jobs",
                "*",
                "/static/index.html",
                "/index.htm",
                "/css/",
                "/css",
                "/css/../index.html",
                "/css/%2e%2e/index.html",
                "/css%2Fapp.css",
                "/css%5Capp.css",
                "/index.html%00.css",
                "/.index.html",
                "/tinderbox/http/HttpServer.class",
                "/META-INF/MANIFEST.MF"
            })
    void otherPathsAreNotFound(String path) {
        assertEquals(
                ErrorCode.PATH_NOT_FOUND,
                assertThrows(JobException.class, () -> find(path)).code());
    }

    @ParameterizedTest(name = "{0} is malformed")
    @ValueSource(strings = {"/api/jobs/%", "/api/jobs/%zz", "/api/jobs/%C0%AF"})
    void aUrlThatIsNotUtf8IsMalformed(String path) {
        assertEquals(
                ErrorCode.MALFORMED_REQUEST,
                assertThrows(JobException.class, () -> find(path)).code());
    }

    @Test
    void anAbsoluteUrlIsReducedToItsPath() {
        assertEquals(List.of("a", "b"), RequestTarget.segments("http://box:80/a/b"));
        assertEquals(List.of(""), RequestTarget.segments("http://box"));
    }
}
