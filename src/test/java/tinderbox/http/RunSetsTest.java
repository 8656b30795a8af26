package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** Run sets, over the wire. */
class RunSetsTest {
    private static final String PATH = "/api/v1/run-sets";

    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);
    private final String key = UUID.randomUUID().toString();

    private HttpResponse<byte[]> post(Map<String, Object> body, String idempotencyKey) {
        HttpRequest.Builder request = apiClient.request(PATH).header("Content-Type", "application/json");
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", idempotencyKey);
        }
        return apiClient.send(request.POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    private static Map<String, Object> body(String type, Map<String, Object> params, Map<String, Object> forEach) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", "Books");
        body.put("type", type);
        body.put("params", params);
        body.put("for_each", forEach);
        body.put("labels", Map.of("course", "a"));
        return body;
    }

    private Map<String, Object> accepted(Map<String, Object> body) {
        HttpResponse<byte[]> response = post(body, null);
        Map<String, Object> set = ApiClient.json(response);
        assertEquals(201, response.statusCode(), set::toString);
        assertEquals(
                PATH + "/" + set.get("run_set_id"),
                response.headers().firstValue("Location").orElse(""));
        return set;
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object list) {
        return (List<Map<String, Object>>) list;
    }

    private List<Map<String, Object>> rows(Object id, String sort) {
        return objects(apiClient.get(PATH + "/" + id + "/jobs" + sort).get("jobs"));
    }

    private void awaitEnd(Object id) {
        rows(id, "").forEach(row -> apiClient.awaitEnd(row.get("job_id").toString()));
    }

    @Test
    void everyCombinationIsAJobAndTheOverviewComparesThem() throws Exception {
        Path folder = Files.createDirectories(server.root().resolve("sets"));
        Files.writeString(folder.resolve("a.txt"), "one two two\n");
        Files.writeString(folder.resolve("b.txt"), "one two three four\n");
        Map<String, Object> forEach = new LinkedHashMap<>();
        forEach.put("input", List.of("test/sets/a.txt", "test/sets/b.txt"));
        forEach.put("min_count", List.of(1, 2));
        Object id = accepted(body("word-count", Map.of("case_sensitive", true), forEach))
                .get("run_set_id");
        awaitEnd(id);

        Map<String, Object> set = apiClient.get(PATH + "/" + id);
        assertEquals(4L, set.get("jobs"));
        assertEquals(4L, ((Map<?, ?>) set.get("counts")).get("SUCCEEDED"));
        assertEquals(0L, set.get("gone"));
        assertEquals(true, ((Map<?, ?>) set.get("params")).get("case_sensitive"));
        assertEquals(List.of(1L, 2L), ((Map<?, ?>) set.get("for_each")).get("min_count"));

        List<Map<String, Object>> rows = rows(id, "");
        assertEquals(
                List.of(
                        Map.of("input", "test/sets/a.txt", "min_count", 1L),
                        Map.of("input", "test/sets/a.txt", "min_count", 2L),
                        Map.of("input", "test/sets/b.txt", "min_count", 1L),
                        Map.of("input", "test/sets/b.txt", "min_count", 2L)),
                rows.stream().map(row -> row.get("params")).toList());
        assertEquals(
                List.of(2L, 2L, 4L, 4L),
                rows.stream()
                        .map(row -> ((Map<?, ?>) row.get("summary")).get("distinct_words"))
                        .toList());
        assertEquals(
                List.of(3L, 4L, 1L, 2L),
                rows(id, "?sort=-summary.distinct_words").stream()
                        .map(row -> row.get("number"))
                        .toList());

        assertEquals(
                "number,job_id,status,params.input,params.min_count,duration_ms,summary.words,",
                apiClient.text(PATH + "/" + id + "/jobs?format=csv").substring(0, 77));

        assertEquals(2, rows(id, "?q=B.TXT&status=succeeded&status=GONE").size());
        assertEquals(0, rows(id, "?q=b.txt&status=failed").size());
        assertEquals(1, rows(id, "?q=" + rows.get(0).get("job_id")).size());
        assertEquals(
                2,
                apiClient
                        .text(PATH + "/" + id + "/jobs?format=csv&q=b.txt")
                        .lines()
                        .skip(1)
                        .count());

        Map<String, Object> job = apiClient.job(rows.get(3).get("job_id").toString());
        assertEquals("Books: test/sets/b.txt, 2", job.get("name"));
        assertEquals(Map.of("course", "a"), job.get("labels"));
        assertEquals(id, job.get("run_set"));
        assertEquals(4L, apiClient.get("/api/v1/jobs?run_set=" + id).get("total"));
        apiClient.send(
                apiClient.request("/api/v1/jobs/" + job.get("job_id")).DELETE().build());
        assertEquals("GONE", rows(id, "").get(3).get("status"));
        assertEquals(1L, apiClient.get(PATH + "/" + id).get("gone"));

        List<String> ids =
                rows.stream().map(row -> row.get("job_id").toString()).toList();
        assertEquals(
                "job_id,status,input,min_count,word,count\n"
                        + ids.get(0) + ",SUCCEEDED,test/sets/a.txt,1,two,2\n"
                        + ids.get(0) + ",SUCCEEDED,test/sets/a.txt,1,one,1\n"
                        + ids.get(1) + ",SUCCEEDED,test/sets/a.txt,2,two,2\n"
                        + ids.get(2) + ",SUCCEEDED,test/sets/b.txt,1,four,1\n"
                        + ids.get(2) + ",SUCCEEDED,test/sets/b.txt,1,one,1\n"
                        + ids.get(2) + ",SUCCEEDED,test/sets/b.txt,1,three,1\n"
                        + ids.get(2) + ",SUCCEEDED,test/sets/b.txt,1,two,1\n"
                        + ids.get(3) + ",GONE,test/sets/b.txt,2,,\n",
                apiClient.text(PATH + "/" + id + "/result"));
        assertEquals(
                "{\"job_id\":\"" + ids.get(0)
                        + "\",\"status\":\"SUCCEEDED\",\"input\":\"test/sets/a.txt\",\"min_count\":1,\"word\":\"two\",\"count\":2}",
                apiClient
                        .text(PATH + "/" + id + "/result?format=ndjson")
                        .lines()
                        .findFirst()
                        .orElse(""));
    }

    /** The folder of the result of a job. */
    private Path result(Object set, int job) throws IOException {
        String id = rows(set, "").get(job).get("job_id").toString();
        try (Stream<Path> months = Files.list(server.dataDir().resolve("ended"))) {
            return months.map(month -> month.resolve(id).resolve("result"))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void columnsOfAllResultsComeByName() throws Exception {
        Object id = accepted(body(
                        "sql",
                        Map.of(),
                        Map.of(
                                "query",
                                List.of(
                                        "SELECT '=1' AS a, 2 AS status",
                                        "SELECT 'x,\"y' AS b, CAST(NULL AS STRING) AS a",
                                        "SELECT a FROM VALUES (1) AS t(a) WHERE a > 1",
                                        "SELECT raise_error('no') AS a"))))
                .get("run_set_id");
        awaitEnd(id);
        String csv = apiClient.text(PATH + "/" + id + "/result?safe=true&bom=true");
        List<String> lines = new ArrayList<>();
        csv.lines()
                .forEach(line -> lines.add(line.replaceFirst("^[0-9a-f-]{36}", "ID")
                        .replaceAll("\"SELECT.*?\"(?=,|$)|SELECT [^,]*", "Q")));
        assertEquals(
                List.of(
                        "\ufeffjob_id,status,query,a,result.status,b",
                        "ID,SUCCEEDED,Q,'=1,2,",
                        "ID,SUCCEEDED,Q,,,\"x,\"\"y\"",
                        "ID,FAILED,Q,,,"),
                lines);

        // What was verified is verified again if the file has changed.
        Files.writeString(result(id, 0).resolve("data.csv"), "x", StandardOpenOption.APPEND);
        Files.move(result(id, 1), result(id, 1).resolveSibling("moved"));
        assertEquals(
                List.of("UNREADABLE", "UNREADABLE", "FAILED"),
                apiClient
                        .text(PATH + "/" + id + "/result")
                        .lines()
                        .skip(1)
                        .map(line -> line.split(",", 3)[1])
                        .toList());
        assertEquals(4, rows(id, "").size(), "the overview has a row for each");
    }

    @Test
    void aRunSetIsChangedCancelledRunAgainAndDeletedAsOne() throws Exception {
        Map<String, Object> set =
                accepted(body("blocking", Map.of(), Map.of("key", List.of(key, key + "2", key + "3"))));
        Object id = set.get("run_set_id");
        BlockingJob.gate(key).awaitReached();
        assertEquals(409, change("DELETE", "/" + id, null).statusCode());

        String etag = apiClient
                .send(apiClient.request(PATH + "/" + id).build())
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        HttpResponse<byte[]> edited = change("PATCH", "/" + id, etag);
        assertEquals(200, edited.statusCode(), () -> ApiClient.json(edited).toString());
        assertEquals("A note.", ApiClient.json(edited).get("note"));
        assertEquals("local", ApiClient.json(edited).get("edited_by"));
        assertEquals(
                ApiClient.json(edited).get("edited_at"),
                apiClient.get(PATH + "/" + id).get("edited_at"));
        assertEquals(412, change("PATCH", "/" + id, etag).statusCode());
        List<Map<String, Object>> rows = rows(id, "");
        rows.forEach(row -> assertEquals(
                Map.of("course", "b"),
                apiClient.job(row.get("job_id").toString()).get("labels")));

        HttpResponse<byte[]> cancelled = change("POST", "/" + id + "/cancel", null);
        assertEquals(202, cancelled.statusCode());
        BlockingJob.gate(key).open();
        awaitEnd(id);
        assertEquals(3L, ((Map<?, ?>) apiClient.get(PATH + "/" + id).get("counts")).get("CANCELLED"));
        assertEquals(409, change("POST", "/" + id + "/cancel", null).statusCode());

        BlockingJob.gate(key + "2").open();
        BlockingJob.gate(key + "3").open();
        HttpResponse<byte[]> again = change("POST", "/" + id + "/rerun", null);
        Object rerun = ApiClient.json(again).get("run_set_id");
        assertEquals(201, again.statusCode());
        assertEquals(id, ApiClient.json(again).get("rerun_of"));
        assertEquals("Renamed", ApiClient.json(again).get("name"));
        awaitEnd(rerun);
        List<Map<String, Object>> rerunRows = rows(rerun, "");
        Map<String, Object> second =
                apiClient.job(rerunRows.get(1).get("job_id").toString());
        assertEquals("SUCCEEDED", second.get("status"));
        assertEquals(rows.get(1).get("job_id"), second.get("rerun_of"));
        assertEquals(Map.of("course", "b"), second.get("labels"));

        assertEquals(204, change("DELETE", "/" + id, null).statusCode());
        assertEquals(404, change("DELETE", "/" + id, null).statusCode());
        assertEquals(0L, apiClient.get("/api/v1/jobs?run_set=" + id).get("total"));
    }

    private HttpResponse<byte[]> change(String method, String path, String ifMatch) {
        HttpRequest.Builder request = apiClient.request(PATH + path);
        if (ifMatch == null) {
            return apiClient.send(
                    request.method(method, HttpRequest.BodyPublishers.noBody()).build());
        }
        return apiClient.send(request.header("If-Match", ifMatch)
                .header("Content-Type", "application/json")
                .method(
                        method,
                        HttpRequest.BodyPublishers.ofString(
                                "{\"name\":\"Renamed\",\"note\":\"A note.\",\"labels\":{\"course\":\"b\"}}"))
                .build());
    }

    @Test
    void aSecondRequestWithTheSameKeyIsTheSameRunSetAlsoAfterARestart() {
        BlockingJob.gate(key).open();
        Map<String, Object> body = body("blocking", Map.of(), Map.of("key", List.of(key)));
        HttpResponse<byte[]> first = post(body, key);
        Object id = ApiClient.json(first).get("run_set_id");
        awaitEnd(id);
        server.restart();
        HttpResponse<byte[]> second = post(body, key);
        assertEquals(201, first.statusCode());
        assertEquals(200, second.statusCode());
        assertEquals("true", second.headers().firstValue("Idempotency-Replayed").orElse(""));
        assertEquals(id, ApiClient.json(second).get("run_set_id"));
        assertEquals(1L, apiClient.get("/api/v1/jobs?run_set=" + id).get("total"));
        HttpResponse<byte[]> other = post(body("blocking", Map.of(), Map.of("key", List.of("x"))), key);
        assertEquals("idempotency_mismatch", ApiClient.json(other).get("code"));
        Map<String, Object> page = apiClient.get(PATH + "?limit=1&q=" + id);
        assertEquals(1L, page.get("total"));
        assertEquals(id, objects(page.get("run_sets")).get(0).get("run_set_id"));
    }

    @Test
    void whatIsWrongIsNamedAndNothingIsAccepted() {
        long before = (Long) apiClient.get("/api/v1/jobs").get("total");
        Map<String, Object> forEach = new LinkedHashMap<>();
        forEach.put("input", List.of("samples/moby-dick.txt", "samples/nothing"));
        forEach.put("min_count", List.of(1, 0));
        assertProblems(
                422,
                List.of("params.min_length", "for_each.min_count[1]", "for_each.input[1]"),
                body("word-count", Map.of("min_length", 0), forEach));
        assertProblems(422, List.of("for_each"), body("word-count", Map.of(), Map.of()));
        assertProblems(
                422,
                List.of("for_each.input", "for_each.input[1]"),
                body("word-count", Map.of("input", "a"), Map.of("input", List.of("a", "a"))));
        assertProblems(
                422,
                List.of("for_each"),
                body(
                        "word-count",
                        Map.of(),
                        Map.of(
                                "min_count",
                                IntStream.rangeClosed(1, 501).boxed().toList())));
        Map<String, Object> many = new LinkedHashMap<>();
        IntStream.range(0, 50_000).forEach(i -> many.put("p" + i, List.of(1)));
        assertProblems(422, List.of("for_each"), body("word-count", Map.of(), many));
        // What varies has 10 million characters in all jobs.
        Map<String, Object> large = Map.of(
                "query",
                List.of("SELECT 1 -- " + "x".repeat(20_000)),
                "max_rows",
                IntStream.rangeClosed(1, 500).boxed().toList());
        assertProblems(422, List.of("for_each"), body("sql", Map.of(), large));
        assertProblems(400, List.of("for_each.input"), body("word-count", Map.of(), Map.of("input", "a")));
        assertEquals(before, apiClient.get("/api/v1/jobs").get("total"));
    }

    private void assertProblems(int status, List<String> fields, Map<String, Object> body) {
        HttpResponse<byte[]> response = post(body, null);
        Map<String, Object> problem = ApiClient.json(response);
        assertEquals(status, response.statusCode(), problem::toString);
        List<Object> found = new ArrayList<>();
        objects(problem.get("errors")).forEach(error -> found.add(error.get("field")));
        assertEquals(fields, found);
        assertTrue(problem.get("detail").toString().contains("run set"), problem::toString);
    }
}
