package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.http.message.PercentCodec;
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
            "labels",
            "note",
            "edited_by",
            "edited_at",
            "submitted_by",
            "submitted_at",
            "started_at",
            "finished_at",
            "duration_ms",
            "queue_position",
            "attempt",
            "max_attempts",
            "rerun_of",
            "run_set",
            "preset",
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
        assertEquals(
                List.of("jobs", "total", "limit", "offset", "counts", "next", "after"), List.copyOf(page.keySet()));
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

    /** Submits a job with a name and labels, and returns its id. */
    private String submit(String name, String labels) {
        String body = "{\"type\":\"failing\",\"name\":\"" + name + "\",\"labels\":" + labels + "}";
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs").json(body).send(port);
        assertEquals(202, reply.status(), reply::text);
        return (String) reply.json().get("job_id");
    }

    private List<Object> ids(Map<String, Object> page) {
        return objects(page.get("jobs")).stream().map(job -> job.get("job_id")).toList();
    }

    @Test
    void aListIsReadPageByPageThroughItsLinks() {
        String mark = "page & by % page " + UUID.randomUUID();
        List<Object> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(0, submit(mark, "{}"));
        }
        String first = "/api/v1/jobs?q=" + PercentCodec.encodeSegment(mark) + "&type=failing&limit=2&status=failed"
                + "&status=Pending&status=RUNNING&offset=1";
        List<Object> listed = new ArrayList<>(all.subList(0, 1));
        Map<String, Object> page = Map.of("next", first);
        for (String next = first; next != null; next = (String) page.get("next")) {
            page = apiClient.get(next);
            assertEquals(5L, page.get("total"));
            listed.addAll(ids(page));
            // No page that follows is affected.
            apiClient.awaitEnd(submit(mark.substring(0, 4), "{}"));
        }
        assertEquals(all, listed);

        String cursor = (String) page.get("after");
        assertEquals(List.of(), ids(apiClient.get("/api/v1/jobs?after=" + cursor + "&q=" + mark.substring(17))));
        List<Object> later = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            later.add(submit(mark, "{}"));
        }
        Map<String, Object> two = apiClient.get("/api/v1/jobs?limit=2&q=" + mark.substring(17) + "&after=" + cursor);
        assertEquals(List.of(later.get(1), later.get(0)), ids(two), "newest first, but those next to the cursor");
        Map<String, Object> rest = apiClient.get((String) two.get("next"));
        assertEquals(later.subList(2, 3), ids(rest));
        assertNull(rest.get("next"));
        assertEquals(
                later.subList(2, 3),
                ids(apiClient.get("/api/v1/jobs?q=" + mark.substring(17) + "&after=" + two.get("after"))));
        later.forEach(id -> apiClient.awaitEnd((String) id));
        RawHttp.request("DELETE", path((String) later.get(1))).send(port);
        assertEquals(
                later.subList(2, 3),
                ids(apiClient.get("/api/v1/jobs?q=" + mark.substring(17) + "&after=" + two.get("after"))),
                "the cursor of a deleted job");
    }

    @Test
    void aListIsSortedByAColumn() {
        String mark = UUID.randomUUID().toString();
        List<String> names = List.of("b ", "C ", "a ");
        List<String> ids = names.stream().map(name -> submit(name + mark, "{}")).toList();
        ids.forEach(apiClient::awaitEnd);
        Map<String, Object> page = apiClient.get("/api/v1/jobs?sort=name&q=" + mark);
        assertEquals(List.of(ids.get(2), ids.get(0), ids.get(1)), ids(page));
        assertNull(page.get("next"));
        assertNull(page.get("after"));
        assertEquals(List.of(ids.get(0)), ids(apiClient.get("/api/v1/jobs?sort=-name&limit=1&offset=1&q=" + mark)));
        for (String column :
                List.of("submitted_at", "finished_at", "duration_ms", "name", "type", "status", "submitted_by")) {
            assertEquals(
                    3,
                    ids(apiClient.get("/api/v1/jobs?sort=-" + column + "&q=" + mark))
                            .size());
        }
        RawHttp.get("/api/v1/jobs?sort=name&offset=10001").send(port).assertProblem(400, "bad_query");
    }

    @Test
    void listsAreCsvToo() {
        String mark = UUID.randomUUID().toString();
        String id = submit("=1+1, \\\"" + mark, "{\"k\":\"ä\"}");
        apiClient.awaitEnd(id);
        RawHttp.Reply csv = RawHttp.get("/api/v1/jobs?q=" + mark + "&format=csv&safe=1&bom=1")
                .send(port);
        assertEquals("text/csv; charset=utf-8; header=present", csv.header("Content-Type"));
        assertEquals("attachment; filename=\"jobs.csv\"", csv.header("Content-Disposition"));
        String[] lines = csv.text().split("\n", -1);
        assertEquals(3, lines.length, csv.text());
        assertTrue(lines[0].startsWith("\ufeffjob_id,type,name,status,"), lines[0]);
        assertTrue(lines[1].startsWith(id + ",failing,\"'=1+1, \"\"" + mark + "\",FAILED,local,20"), lines[1]);
        assertTrue(lines[1].contains(",\"{\"\"k\"\":\"\"ä\"\"}\",,,,"), lines[1]);
        assertTrue(apiClient.text("/api/v1/jobs?format=csv&q=" + mark).contains(",\"=1+1, "), "without safe");
        Map<String, Object> words = apiClient.run("word-count", Map.of("input", "samples/moby-dick.txt"));
        String stages = apiClient.text(path((String) words.get("job_id")) + "/stages?format=csv");
        assertTrue(stages.startsWith("stage_id,attempts,name,status,tasks_total,"), stages);
        assertTrue(stages.lines().skip(1).allMatch(line -> line.matches("\\d+,1,.*,COMPLETE,.*")), stages);
        String datasets = apiClient.text("/api/v1/datasets?path=samples&format=csv");
        assertTrue(datasets.contains("\nmoby-dick.txt,samples/moby-dick.txt,file,"), datasets);
        assertEquals(200, RawHttp.get("/api/v1/jobs?safe=1").send(port).status(), "it says nothing about JSON");
        RawHttp.get("/api/v1/jobs?format=xml").send(port).assertProblem(400, "bad_query");
    }

    @Test
    void aCsvHasAllJobsThatMatch() {
        String mark = UUID.randomUUID().toString();
        List<String> ids = IntStream.range(0, 60)
                .mapToObj(i -> submit("j" + i + mark, "{}"))
                .collect(Collectors.toList());
        String list = "/api/v1/jobs?format=csv&q=" + mark;
        RawHttp.Reply inOrder = RawHttp.get(list + "&sort=submitted_at").send(port);
        assertEquals(ids, firstCells(inOrder));
        assertNull(inOrder.header("List-Truncated"));
        Collections.reverse(ids);
        assertEquals(ids, firstCells(RawHttp.get(list).send(port)));
        assertEquals(
                ids.subList(5, 60), firstCells(RawHttp.get(list + "&offset=5").send(port)));
        for (String sort : List.of("", "&sort=-submitted_at")) {
            RawHttp.Reply page = RawHttp.get(list + sort + "&limit=2").send(port);
            assertEquals(ids.subList(0, 2), firstCells(page));
            assertEquals("true", page.header("List-Truncated"));
            assertEquals("attachment; filename=\"jobs-truncated.csv\"", page.header("Content-Disposition"));
        }
    }

    private static List<String> firstCells(RawHttp.Reply csv) {
        return csv.text()
                .lines()
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(',')))
                .toList();
    }

    @Test
    void aListIsFilteredByTimeRerunAndLabels() {
        String mark = UUID.randomUUID().toString();
        String old = submit("old", "{\"run\":\"" + mark + "\",\"team/x\":\"a:b \uD83D\uDC0B\"}");
        apiClient.awaitEnd(old);
        Map<String, Object> job = apiClient.post(path(old) + "/rerun");
        String rerun = (String) job.get("job_id");
        assertEquals(Map.of("run", mark, "team/x", "a:b \uD83D\uDC0B"), job.get("labels"), "labels are kept");
        String run = "/api/v1/jobs?label=run:" + mark;

        assertEquals(List.of(rerun, old), ids(apiClient.get(run)));
        assertEquals(List.of(rerun), ids(apiClient.get(run + "&rerun_of=" + old)));
        assertEquals(List.of(), ids(apiClient.get(run + "&rerun_of=" + rerun)));
        String time = (String) job.get("submitted_at");
        assertTrue(ids(apiClient.get(run + "&since=" + time)).contains(rerun));
        assertFalse(ids(apiClient.get(run + "&until=" + time)).contains(rerun), "until itself is excluded");
        assertEquals(
                List.of(rerun, old),
                ids(apiClient.get(run + "&since=-1000000000-01-01T00:00:00Z&until=%2B1000000000-12-31T23:59:59Z")));
        assertEquals(
                List.of(rerun, old),
                ids(apiClient.get(
                        run + "&label=team/x&label=team/x:" + PercentCodec.encodeSegment("a:b \uD83D\uDC0B"))));
        assertEquals(List.of(), ids(apiClient.get(run + "&label=team")));
        assertEquals(List.of(), ids(apiClient.get(run + "&label=team/x:a")));
        assertEquals(List.of(), ids(apiClient.get(run + "&label=run:")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "before=garbage",
                "before=" + Long.MAX_VALUE,
                "after=am9iIDk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5",
                "after=am9iIC0x",
                "before=%00",
                "before=am9iIDE&after=am9iIDE",
                "before=am9iIDE&offset=1",
                "after=am9iIDE&sort=name",
                "sort=-",
                "sort=NAME",
                "sort=name,type",
                "rerun_of=1",
                "run_set=1",
                "preset=1",
                "since=yesterday",
                "label=",
                "label=:value",
                "label=a%0A",
                "label=a&label=b&label=c&label=d&label=e&label=f&label=g&label=h&label=i&label=j&label=k&label=l"
                        + "&label=m&label=n&label=o&label=p&label=q"
            })
    void aWrongParameterOfAListIsNamed(String query) {
        RawHttp.get("/api/v1/jobs?" + query).send(port).assertProblem(400, "bad_query");
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

    private RawHttp.Reply edit(String id, String etag, String body) {
        RawHttp request = RawHttp.request("PATCH", path(id)).json(body);
        return (etag == null ? request : request.header("If-Match", etag)).send(port);
    }

    @Test
    void aJobIsEditedWhileItRunsAndAfterwards() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = running(key);
        String etag = RawHttp.get(path(id)).send(port).header("ETag");
        edit(id, null, "{\"name\":\"no\"}").assertProblem(428, "precondition_required");

        RawHttp.Reply reply = edit(
                id,
                etag,
                "{\"name\":\" Nëw " + key + " \",\"note\":\"a\\r\\nb\",\"labels\":{\"k\":\"" + key
                        + "\",\"l\":\"v\"}}");

        assertEquals(200, reply.status(), reply::text);
        Map<String, Object> job = reply.json();
        assertEquals("Nëw " + key, job.get("name"));
        assertEquals(true, job.get("named"));
        assertEquals("a\nb", job.get("note"));
        assertEquals(Map.of("k", key, "l", "v"), job.get("labels"));
        assertEquals("local", job.get("edited_by"));
        assertTrue(job.get("edited_at").toString().matches(TIME));
        edit(id, etag, "{\"name\":\"lost\"}").assertProblem(412, "precondition_failed");
        assertEquals(List.of(id), ids(apiClient.get("/api/v1/jobs?status=running&label=k:" + key)));
        BlockingJob.gate(key).open();
        Map<String, Object> ended = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", ended.get("status"));
        assertEquals("Nëw " + key, ended.get("name"));

        etag = "W/" + RawHttp.get(path(id)).send(port).header("ETag");
        String longNote = "n".repeat(600);
        job = edit(id, etag, "{\"note\":\"" + longNote + "\",\"labels\":{\"l\":null}}")
                .json();
        assertEquals(longNote, job.get("note"));
        assertEquals(job, apiClient.job(id), "also the response that is kept");
        assertEquals(Map.of("k", key), job.get("labels"));
        Map<String, Object> listed = objects(
                        apiClient.get("/api/v1/jobs?q=nËW%20" + key).get("jobs"))
                .get(0);
        assertEquals("n".repeat(500) + "…", listed.get("note"));
        assertEquals(true, listed.get("shortened"));
        String at = (String) job.get("edited_at");
        assertEquals(
                at, edit(id, "*", "{\"labels\":{\"k\":\"" + key + "\"}}").json().get("edited_at"), "no change");
        Map<String, Object> rerun = apiClient.post(path(id) + "/rerun");
        assertEquals("Nëw " + key, rerun.get("name"));
        assertEquals(Map.of("k", key), rerun.get("labels"));
        assertNull(rerun.get("note"));
        job = edit(id, "*", "{\"name\":null,\"note\":\" \",\"labels\":null}").json();
        assertEquals(false, job.get("named"));
        assertNull(job.get("note"));
        assertEquals(Map.of(), job.get("labels"));
        assertEquals(
                List.of(rerun.get("job_id")), ids(apiClient.get("/api/v1/jobs?q=" + PercentCodec.encodeSegment(key))));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "400, unknown_field, `{\"params\":{}}`",
                "400, wrong_type, `{\"name\":1}`",
                "400, wrong_type, `{\"labels\":[]}`",
                "400, wrong_type, `{\"labels\":{\"a\":1}}`",
                "422, invalid_job, `{\"name\":\"a\\nb\"}`",
                "422, invalid_job, `{\"note\":\"a\\u0000b\"}`",
                "422, invalid_job, `{\"labels\":{\"a:\":\"b\"}}`",
                "400, malformed_json, `{`"
            })
    void aWrongEditIsRefused(int status, String code, String body) {
        String id = submit("unchanged", "{}");
        edit(id, "*", body).assertProblem(status, code);
        edit(id, "*", "{\"note\":\"" + "n".repeat(4001) + "\"}").assertProblem(422, "invalid_job");
        assertNull(apiClient.job(id).get("edited_at"));
        edit(UUID.randomUUID().toString(), "*", "{}").assertProblem(404, "job_not_found");
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
