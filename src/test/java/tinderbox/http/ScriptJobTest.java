package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.EventStreamReader;
import tinderbox.support.ScriptJob;
import tinderbox.support.TestServer;

/** A job type with a text and a list of datasets, over HTTP; see {@link ScriptJob}. */
class ScriptJobTest {
    private static final String MOBY = "samples/moby-dick.txt";

    /** What follows is not part of the name of the job. */
    private static final String AFTER_LABEL = "fail " + "x".repeat(200);

    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);
    private final String name = UUID.randomUUID().toString();
    private final List<BlockingJob.Gate> gates = new ArrayList<>();

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object value) {
        return (List<Map<String, Object>>) value;
    }

    private static Map<String, Object> params(String script, String... more) {
        Map<String, Object> params = new LinkedHashMap<>();
        params.put("script", script);
        params.put("more", List.of(more));
        return params;
    }

    private RawHttp.Reply submit(Map<String, Object> params) {
        String body = new String(Json.write(Map.of("type", "script", "params", params)), StandardCharsets.UTF_8);
        return RawHttp.post("/api/v1/jobs").json(body).send(server.port());
    }

    private String upload() {
        RawHttp.Reply reply = RawHttp.request("PUT", "/api/v1/datasets/uploads/" + name)
                .body("one two\n".getBytes(StandardCharsets.UTF_8))
                .send(server.port());
        assertEquals(201, reply.status(), reply::text);
        return "uploads/" + name;
    }

    private RawHttp.Reply deleteUpload() {
        return RawHttp.request("DELETE", "/api/v1/datasets/uploads/" + name).send(server.port());
    }

    /** Takes every slot, so that later jobs wait. */
    private void takeSlots() throws InterruptedException {
        for (int slot = 0; slot < 2; slot++) {
            BlockingJob.Gate gate = BlockingJob.gate(name + slot);
            gates.add(gate);
            apiClient.submit("blocking", Map.of("key", name + slot));
            gate.awaitReached();
        }
    }

    @AfterEach
    void freeSlots() {
        gates.forEach(BlockingJob.Gate::open);
    }

    @Test
    void theFormGetsTheBoundsOfTextsAndLists() {
        RawHttp.Reply reply = RawHttp.get("/api/v1/job-types").send(server.port());

        assertTrue(reply.text().contains("""
                "kind":"text","default":null,"minimum":null,"maximum":null,"max_length":65536,"max_items":null,"""));
        assertTrue(reply.text().contains("""
                "kind":"datasets","default":[],"minimum":null,"maximum":null,"max_length":null,"max_items":20,"""));
    }

    @Test
    void aTextIsKeptAsItWasSentAlsoByARerun() {
        String script = "size " + MOBY + "\r\n\tsize samples/PROVENANCE.md \uD83D\uDC33\r";
        Map<String, Object> job = apiClient.run("script", params(script, "samples/state-of-the-union"));

        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(params(script, "samples/state-of-the-union"), job.get("params"));
        List<String> inputs = List.of(MOBY, "samples/PROVENANCE.md", "samples/state-of-the-union");
        assertEquals(inputs, job.get("inputs"));
        assertEquals("Script size " + MOBY + "   size samples/PROVENANCE.md \uD83D\uDC33", job.get("name"));
        assertTrue(apiClient.csv(job.get("job_id").toString()).startsWith("dataset,bytes\n" + MOBY + ",1204997\n"));

        Map<String, Object> again = apiClient.post("/api/v1/jobs/" + job.get("job_id") + "/rerun");
        assertEquals(job.get("params"), again.get("params"));
        assertEquals(inputs, again.get("inputs"));
        assertEquals(
                "SUCCEEDED", apiClient.awaitEnd(again.get("job_id").toString()).get("status"));
    }

    @Test
    void problemsInATextHaveTheirPosition() {
        RawHttp.Reply reply = submit(params("size " + MOBY + "\r\n  size\nsize\n", MOBY));

        reply.assertProblem(422, "invalid_job");
        assertTrue(reply.text().endsWith("""
                        "errors":[{"field":"params.script","message":"must be size DATASET, or fail",\
                        "position":{"line":2,"column":3,"length":4}},\
                        {"field":"params.script","message":"must be size DATASET, or fail",\
                        "position":{"line":3,"column":1,"length":4}}]}"""), reply::text);
        assertEquals(
                Map.of("line", 1L, "column", 6L, "length", 15L),
                objects(submit(params("size samples/nothing")).json().get("errors"))
                        .get(0)
                        .get("position"));
        assertEquals(
                List.of("params.more[1]", "params.more[2]"),
                submit(params("fail", MOBY, MOBY, "samples/nothing")).fields());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\u0000", "\\u001b", "\\u007f", "\\u0085"})
    void aTextHasNoControlCharacters(String escaped) {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .json("{\"type\":\"script\",\"params\":{\"script\":\"fail\\r\\n\\ud83d\\udc33 " + escaped + "\"}}")
                .send(server.port());

        reply.assertProblem(422, "invalid_job");
        assertEquals(
                Map.of("line", 2L, "column", 3L, "length", 1L),
                objects(reply.json().get("errors")).get(0).get("position"));
    }

    @Test
    void theLongestTextFitsIntoARequest() {
        String escaped = "\\u0061".repeat(65_531);
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .json("{\"type\":\"script\",\"params\":{\"script\":\"fail " + escaped + "\"}}")
                .send(server.port());

        assertEquals(202, reply.status());
        assertEquals(
                "fail " + "a".repeat(65_531), object(reply.json().get("params")).get("script"));
        submit(params("fail " + "a".repeat(65_532))).assertProblem(422, "invalid_job");
    }

    @Test
    void listsAndEventsHaveTheBeginningOfALongText() throws IOException {
        Map<String, Object> params = params("fail " + "\uD83D\uDC33".repeat(1_000));
        List<String> inputs =
                IntStream.range(0, 11).mapToObj(i -> "test/" + name + i).toList();
        for (String input : inputs) {
            Files.writeString(server.root().resolve(input.substring("test/".length())), "x");
        }
        params.put("more", inputs);
        String id = (String) apiClient.run("script", params).get("job_id");

        Map<String, Object> whole = apiClient.job(id);
        assertEquals(List.of(params, inputs, false), beginnings(whole));
        String beginning = "fail " + "\uD83D\uDC33".repeat(495) + "…";
        List<Object> expected =
                List.of(Map.of("script", beginning, "more", inputs.subList(0, 10)), inputs.subList(0, 10), true);
        assertEquals(
                expected,
                beginnings(objects(apiClient.get("/api/v1/jobs?q=" + id).get("jobs"))
                        .get(0)));
        try (EventStreamReader events = EventStreamReader.open(server.uri("/api/v1/jobs/" + id + "/events"), null)) {
            assertEquals(expected, beginnings(object(events.next().json().get("job"))));
        }
    }

    private static List<Object> beginnings(Map<String, Object> job) {
        return List.of(job.get("params"), job.get("inputs"), job.get("shortened"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{upload}", "uploads", "uploads/"})
    void anUploadThatAWaitingJobNamesInItsTextStays(String input) throws Exception {
        String upload = upload();
        takeSlots();
        Map<String, Object> job =
                submit(params("size " + input.replace("{upload}", upload))).json();

        assertEquals("PENDING", job.get("status"), job::toString);
        deleteUpload().assertProblem(409, "dataset_in_use");
        apiClient.post("/api/v1/jobs/" + job.get("job_id") + "/cancel");
        assertEquals(204, deleteUpload().status());
    }

    @Test
    void aSearchFindsTheTextUpToItsBound() {
        String id = (String) apiClient
                .run("script", params(AFTER_LABEL + name + "-Needle " + "x".repeat(500) + name + "-end"))
                .get("job_id");

        assertEquals(List.of(id), found(name + "-needle"));
        assertEquals(List.of(), found(name + "-end"));
    }

    private List<Object> found(String text) {
        return objects(apiClient.get("/api/v1/jobs?q=" + text).get("jobs")).stream()
                .map(job -> job.get("job_id"))
                .toList();
    }

    @Test
    void aRestartKeepsInputsSearchTextAndPositions() throws Exception {
        String upload = upload();
        String failed = (String) apiClient
                .run("script", params("size " + MOBY + "\n  " + AFTER_LABEL + name + "-failed"))
                .get("job_id");
        Map<String, Object> error = object(apiClient.job(failed).get("error"));
        assertEquals(
                Map.of(
                        "code", "job_error",
                        "message", "The script says so",
                        "hint", "delete this line",
                        "position", Map.of("line", 2L, "column", 3L, "length", 4L)),
                error);
        takeSlots();
        String waiting =
                apiClient.submit("script", params("size " + upload + " " + AFTER_LABEL + "-waiting\nsize " + MOBY));

        server.restart();

        assertEquals(error, apiClient.job(failed).get("error"));
        assertEquals(List.of(failed), found(name + "-failed"));
        assertEquals(List.of(waiting), found("x-waiting"));
        assertEquals(List.of(upload, MOBY), apiClient.job(waiting).get("inputs"));
        deleteUpload().assertProblem(409, "dataset_in_use");
        freeSlots();
        assertEquals("SUCCEEDED", apiClient.awaitEnd(waiting).get("status"));
        assertEquals(204, deleteUpload().status());
    }

    @Test
    void theAuditLogHasTheBeginningOfALongText() {
        String id = (String)
                apiClient.run("script", params("fail " + "é".repeat(10_000))).get("job_id");

        Map<String, Object> entry = objects(apiClient
                        .get("/api/v1/audit?action=submit&target=" + id)
                        .get("entries"))
                .get(0);
        assertEquals(true, entry.get("params_cut"));
        String begins = object(entry.get("params")).get("begins").toString();
        assertTrue(begins.contains("fail éé") && begins.length() < 2_000, begins);
        assertTrue(entry.toString().length() < 4_000, entry::toString);
    }
}
