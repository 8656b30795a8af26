package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
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
    void aJobHasTheLabelsThatItWasGiven() {
        assertEquals(
                Map.of(),
                RawHttp.post("/api/v1/jobs")
                        .json("{\"labels\":null}")
                        .send(port)
                        .json()
                        .get("labels"));
        String longest = "\uD83D\uDC0B".repeat(256);
        Map<String, String> labels = new LinkedHashMap<>();
        for (int i = 0; i < 15; i++) {
            labels.put("A/b_c.d-" + i, longest);
        }
        labels.put("k".repeat(63), "");
        String body = new String(Json.write(Map.of("labels", labels)), StandardCharsets.UTF_8);

        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs").json(body).send(port);

        assertEquals(202, reply.status(), reply::text);
        assertEquals(labels, reply.json().get("labels"));
        assertEquals(
                labels, apiClient.awaitEnd((String) reply.json().get("job_id")).get("labels"));
    }

    private record BadLabel(String labels, int status, String code, String field) {}

    private static List<BadLabel> badLabels() {
        String tooMany =
                IntStream.range(0, 17).mapToObj(i -> "\"k" + i + "\":\"\"").collect(Collectors.joining(","));
        return List.of(
                new BadLabel("[]", 400, "wrong_type", "labels"),
                new BadLabel("\"a\"", 400, "wrong_type", "labels"),
                new BadLabel("{\"a\":1}", 400, "wrong_type", "labels.a"),
                new BadLabel("{\"a\":null}", 400, "wrong_type", "labels.a"),
                new BadLabel("{\"a\":\"x\",\"a\":\"y\"}", 400, "malformed_json", null),
                new BadLabel("{\"a\":\"\\ud83d\"}", 400, "malformed_json", null),
                new BadLabel("{\"\":\"x\"}", 422, "invalid_job", "labels."),
                new BadLabel("{\"-a\":\"x\"}", 422, "invalid_job", "labels.-a"),
                new BadLabel("{\"a b\":\"x\"}", 422, "invalid_job", "labels.a b"),
                new BadLabel("{\"a:b\":\"x\"}", 422, "invalid_job", "labels.a:b"),
                new BadLabel("{\"é\":\"x\"}", 422, "invalid_job", "labels.é"),
                new BadLabel("{\"a\":\"x\\ny\"}", 422, "invalid_job", "labels.a"),
                new BadLabel("{\"a\":\"\\u0000\"}", 422, "invalid_job", "labels.a"),
                new BadLabel("{\"a\":\"\\u2028\"}", 422, "invalid_job", "labels.a"),
                new BadLabel("{\"a\":\"" + "x".repeat(257) + "\"}", 422, "invalid_job", "labels.a"),
                new BadLabel("{\"" + "k".repeat(64) + "\":\"\"}", 422, "invalid_job", "labels." + "k".repeat(64)),
                new BadLabel("{" + tooMany + "}", 422, "invalid_job", "labels"));
    }

    @ParameterizedTest
    @MethodSource("badLabels")
    void aWrongLabelIsNamed(BadLabel bad) {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .json("{\"labels\":" + bad.labels + "}")
                .send(port);

        reply.assertProblem(bad.status, bad.code);
        List<?> errors = (List<?>) reply.json().get("errors");
        assertEquals(bad.field, errors.isEmpty() ? null : object(errors.get(0)).get("field"));
    }

    @Test
    void aWrongLabelIsNamedTogetherWithEverythingElse() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .json("{\"name\":\"a\\nb\",\"labels\":{\"!\":\"\"},\"params\":{\"min_length\":0}}")
                .send(port);

        assertEquals(
                List.of("name", "labels.!", "params.min_length"),
                ((List<?>) reply.json().get("errors"))
                        .stream().map(error -> object(error).get("field")).toList());
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
