package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** Jobs are read, listed, cancelled and run again over HTTP. */
class JobsTest {
    private static final List<String> IN_A_LIST = List.of(
            "job_id",
            "type",
            "name",
            "named",
            "status",
            "params",
            "inputs",
            "shortened",
            "submitted_by",
            "submitted_at",
            "started_at",
            "finished_at",
            "duration_ms",
            "queue_position",
            "attempt",
            "max_attempts",
            "rerun_of",
            "progress",
            "error",
            "error_message",
            "warnings",
            "results_path");
    private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

    private final TestServer server = TestServer.shared();
    private final int port = server.port();
    private final ApiClient apiClient = new ApiClient(server);

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object value) {
        return (List<Map<String, Object>>) value;
    }

    private static String path(String id) {
        return "/api/v1/jobs/" + id;
    }

    /** A job that runs until its gate is opened. */
    private String running(String key) throws InterruptedException {
        String id = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        return id;
    }

    @Test
    void aJobHasEveryFieldFromItsBeginningToItsEnd() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = running(key);

        Map<String, Object> job = apiClient.job(id);
        List<String> whole = new ArrayList<>(IN_A_LIST);
        whole.add(IN_A_LIST.size() - 1, "summary");
        whole.add("log_preview");
        assertEquals(whole, List.copyOf(job.keySet()));
        assertEquals("RUNNING", job.get("status"));
        assertEquals("local", job.get("submitted_by"));
        assertTrue(job.get("submitted_at").toString().matches(TIME));
        assertTrue(job.get("started_at").toString().matches(TIME));
        assertNull(job.get("finished_at"));
        assertTrue((Long) job.get("duration_ms") >= 0);
        assertEquals(1L, job.get("attempt"));
        assertEquals(2L, job.get("max_attempts"));
        assertEquals(
                List.of(
                        "phase",
                        "stages_done",
                        "stages_total",
                        "tasks_done",
                        "tasks_running",
                        "tasks_total",
                        "bytes_read",
                        "bytes_total",
                        "rows_read",
                        "shuffle_read_bytes",
                        "shuffle_write_bytes"),
                List.copyOf(object(job.get("progress")).keySet()));
        assertNull(job.get("summary"));
        assertNull(job.get("results_path"));
        assertNull(job.get("error"));

        BlockingJob.gate(key).open();
        job = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", job.get("status"));
        assertTrue(job.get("finished_at").toString().matches(TIME));
        assertEquals(0L, object(job.get("progress")).get("tasks_running"));
        assertEquals(Map.of("key", key), job.get("summary"));
        assertEquals(path(id) + "/result", job.get("results_path"));
    }

    @Test
    void aFailedJobSaysWhyAndWhatToDo() {
        Map<String, Object> job = apiClient.run("failing", Map.of("mode", "in-driver"));

        assertEquals("FAILED", job.get("status"));
        Map<String, Object> error = object(job.get("error"));
        assertEquals(List.of("code", "message", "hint"), List.copyOf(error.keySet()));
        assertEquals(error.get("message"), job.get("error_message"));
        assertFalse(job.get("error_message").toString().contains("at tinderbox."));
        assertNull(job.get("results_path"));
        RawHttp.Reply result =
                RawHttp.get(path(job.get("job_id").toString()) + "/result").send(port);
        assertEquals(409, result.status());
        assertEquals("wrong_state", result.json().get("code"));
    }

    @Test
    void theListIsNewestFirstAndFiltered() {
        String mark = UUID.randomUUID().toString();
        String first = apiClient.submit("failing", Map.of("mode", "in-driver"));
        List<String> named = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String body = "{\"type\":\"failing\",\"name\":\"" + mark + " " + i + "\"}";
            named.add(0, (String)
                    RawHttp.post("/api/v1/jobs").json(body).send(port).json().get("job_id"));
        }
        named.forEach(apiClient::awaitEnd);
        apiClient.awaitEnd(first);

        Map<String, Object> page = apiClient.get("/api/v1/jobs?q=" + mark + "&limit=2");
        assertEquals(List.of("jobs", "total", "limit", "offset", "counts"), List.copyOf(page.keySet()));
        assertEquals(
                named.subList(0, 2),
                objects(page.get("jobs")).stream().map(job -> job.get("job_id")).toList());
        assertEquals(3L, page.get("total"));
        assertEquals(2L, page.get("limit"));
        assertEquals(0L, page.get("offset"));
        assertEquals(3L, object(page.get("counts")).get("FAILED"));
        assertEquals(IN_A_LIST, List.copyOf(objects(page.get("jobs")).get(0).keySet()));

        page = apiClient.get("/api/v1/jobs?q=" + mark + "&offset=2&status=FAILED&status=RUNNING&type=failing");
        assertEquals(
                named.subList(2, 3),
                objects(page.get("jobs")).stream().map(job -> job.get("job_id")).toList());
        assertEquals(3L, page.get("total"));

        page = apiClient.get("/api/v1/jobs?q=" + mark + "&status=SUCCEEDED");
        assertEquals(0L, page.get("total"));
        assertEquals(3L, object(page.get("counts")).get("FAILED"), "the counts are under the other filters");
        assertEquals(
                0L, apiClient.get("/api/v1/jobs?q=" + mark + "&type=word-count").get("total"));
        assertEquals(
                0L,
                apiClient.get("/api/v1/jobs?q=" + mark + "&submitted_by=nobody").get("total"));
    }

    @Test
    void aJobIsCancelledOnceAndThenDeleted() throws Exception {
        String id = running(UUID.randomUUID().toString());
        RawHttp.Reply tooEarly = RawHttp.request("DELETE", path(id)).send(port);
        assertEquals(409, tooEarly.status());
        assertEquals("wrong_state", tooEarly.json().get("code"));

        RawHttp.Reply cancel = RawHttp.post(path(id) + "/cancel").send(port);

        assertEquals(202, cancel.status());
        assertTrue(List.of("CANCELLING", "CANCELLED")
                .contains((String) cancel.json().get("status")));
        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
        assertEquals(
                409, RawHttp.post(path(id) + "/cancel").json("{}").send(port).status());
        RawHttp.Reply delete = RawHttp.request("DELETE", path(id)).send(port);
        assertEquals(204, delete.status());
        assertEquals(0, delete.bytes().length);
        assertEquals(404, RawHttp.get(path(id)).send(port).status());
        assertEquals(404, RawHttp.request("DELETE", path(id)).send(port).status());
    }

    @Test
    void rerunMakesANewJobOfTheOldParameters() {
        Map<String, Object> old =
                apiClient.run("word-count", Map.of("input", "samples/moby-dick.txt", "min_count", 1000));
        String oldId = (String) old.get("job_id");

        RawHttp.Reply reply = RawHttp.post(path(oldId) + "/rerun").send(port);

        assertEquals(202, reply.status());
        Map<String, Object> job = reply.json();
        assertNotEquals(oldId, job.get("job_id"));
        assertEquals(path((String) job.get("job_id")), reply.header("Location"));
        assertEquals(oldId, job.get("rerun_of"));
        assertEquals(old.get("params"), job.get("params"));
        assertEquals(old.get("name"), job.get("name"));
        assertEquals(false, job.get("named"));
    }
}
