package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Jobs are submitted over HTTP. */
class SubmitTest {
    private final TestServer server = TestServer.shared();
    private final int port = server.port();
    private final ApiClient apiClient = new ApiClient(server);

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private static String path(String id) {
        return "/api/v1/jobs/" + id;
    }

    @Test
    void theOldClientNeedsNoBodyAndNoContentType() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs").send(port);

        assertEquals(202, reply.status(), reply::text);
        assertEquals("application/json; charset=utf-8", reply.header("Content-Type"));
        Map<String, Object> job = reply.json();
        String id = (String) job.get("job_id");
        assertEquals(path(id), reply.header("Location"));
        assertEquals("word-count", job.get("type"));
        assertEquals("samples/moby-dick.txt", object(job.get("params")).get("input"));
        assertTrue(List.of("PENDING", "RUNNING").contains((String) job.get("status")));
        Map<String, Object> ended = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", ended.get("status"));
        assertNull(ended.get("error_message"));
        assertFalse(ended.get("log_preview").toString().isEmpty());
    }

    @ParameterizedTest(name = "the body [{0}]")
    @ValueSource(
            strings = {"", "{}", "{\"type\":null,\"name\":null,\"params\":null}", "{\"params\":{\"min_count\":null}}"})
    void anAbsentOrNullFieldHasItsDefault(String body) {
        Map<String, Object> job =
                RawHttp.post("/api/v1/jobs").json(body).send(port).json();

        assertEquals("word-count", job.get("type"));
        assertEquals(
                Map.of(
                        "input",
                        "samples/moby-dick.txt",
                        "case_sensitive",
                        false,
                        "strip_punctuation",
                        false,
                        "min_length",
                        1L,
                        "min_count",
                        1L,
                        "delay_seconds",
                        0L),
                job.get("params"));
    }

    @ParameterizedTest(name = "Content-Type: {0}")
    @ValueSource(strings = {"application/json", "Application/JSON; charset=\"UTF-8\"", "application/merge-patch+json"})
    void everyMediaTypeOfJsonIsAccepted(String contentType) {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Content-Type", contentType)
                .body("{\"name\":\"Moby-Dick\"}".getBytes(StandardCharsets.UTF_8))
                .send(port);

        assertEquals(202, reply.status(), reply::text);
        assertEquals("Moby-Dick", reply.json().get("name"));
    }

    @Test
    void anEmptyFormIsAnEmptyBody() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(new byte[0])
                .send(port);

        assertEquals(202, reply.status(), reply::text);
    }

    @Test
    void aChunkedBodyIsAccepted() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .chunked("{\"name\":\"in chunks \uD83D\uDC33\"}".getBytes(StandardCharsets.UTF_8))
                .send(port);

        assertEquals("in chunks \uD83D\uDC33", reply.json().get("name"));
    }
}
