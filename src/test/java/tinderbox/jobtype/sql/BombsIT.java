package tinderbox.jobtype.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.fault.ServerProcess;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;

/**
 * Queries that would need all the time or memory there is: each is refused, or ends, and nothing of it is left. They have a
 * server of their own, because some fill its heap.
 */
class BombsIT {
    /** How a bomb that is not refused may end, besides being cancelled. */
    private static final Set<?> FAILURES = Set.of("out_of_memory", "limit_exceeded", "invalid_query");

    @TempDir
    private static Path base;

    private static ServerProcess server;
    private static ApiClient apiClient;

    @BeforeAll
    static void start() {
        server = ServerProcess.on(base.resolve("data")).start();
        apiClient = server.apiClient();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private HttpResponse<byte[]> post(Map<String, Object> params) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(Map.of("type", "sql", "params", params))))
                .build());
    }

    @Test
    void everyBombIsRefusedOrEndsAndNothingIsLeft() {
        List<String> bombs = new ArrayList<>(QueryLists.of("bombs.sql"));
        bombs.add(
                "SELECT count(*) FROM range(100000) a, range(100000) b, range(100000) c, range(100000) d, range(100000) e"
                        + " WHERE a.id < b.id AND b.id < c.id AND c.id < d.id AND d.id < e.id");
        bombs.add(IntStream.range(0, 200)
                .mapToObj(i -> "JOIN range(9) t" + i)
                .collect(Collectors.joining(" ", "SELECT count(*) FROM range(9) ", "")));
        Map<String, String> accepted = new LinkedHashMap<>();
        for (String bomb : bombs) {
            HttpResponse<byte[]> response = post(Map.of("query", bomb));
            if (response.statusCode() == 202) {
                accepted.put((String) ApiClient.json(response).get("job_id"), bomb);
            } else {
                assertEquals(422, response.statusCode(), bomb);
            }
        }
        String innocent = apiClient.submit("sql", Map.of("query", "SELECT count(*) FROM range(10)"));

        accepted.forEach(this::end);

        assertEquals("SUCCEEDED", apiClient.awaitEnd(innocent).get("status"));
        await().until(() -> readiness("queries"), "no ended query keeps a thread busy"::equals);
        await().until(() -> readiness("slots"), "no job ignores that it was asked to stop"::equals);
        assertTrue(accepted.size() >= 8, accepted::toString);
    }

    private static String readiness(String check) {
        return ((List<?>) apiClient.get("/readyz?verbose").get("checks"))
                .stream()
                        .map(each -> (Map<?, ?>) each)
                        .filter(each -> each.get("name").equals(check))
                        .map(each -> each.get("detail").toString())
                        .findFirst()
                        .orElseThrow();
    }

    private void end(String id, String bomb) {
        await().until(() -> {
            Map<String, Object> job = apiClient.job(id);
            return job.get("finished_at") != null
                    || (job.get("progress") instanceof Map<?, ?> progress && (Long) progress.get("tasks_running") > 0);
        });
        apiClient.post("/api/v1/jobs/" + id + "/cancel");
        Map<String, Object> job = apiClient.awaitEnd(id);
        boolean isEnded = job.get("status").equals("CANCELLED")
                || (job.get("error") instanceof Map<?, ?> error && FAILURES.contains(error.get("code")));
        assertTrue(isEnded, () -> bomb + " → " + job);
    }

    @Test
    void tooMuchTextIsRefused() {
        assertEquals(
                413,
                post(Map.of("query", "SELECT '" + "x".repeat(10 << 20) + "'")).statusCode());
        for (int depth : List.of(101, 30_000, 100_000)) {
            HttpResponse<byte[]> response =
                    post(Map.of("query", "SELECT " + "(".repeat(depth) + 1 + ")".repeat(depth)));
            assertEquals(422, response.statusCode());
            String problem = ApiClient.json(response).get("errors").toString();
            assertTrue(problem.contains("nested more than 100") || problem.contains("65536"), problem);
        }
    }

    @Test
    void asDeepAsAllowedWorks() {
        String chain = "name" + " || name".repeat(SqlChecker.MAX_DEPTH - 10);
        String cases =
                IntStream.range(0, 90)
                                .mapToObj(i -> "CASE WHEN id > " + i + " THEN ")
                                .collect(Collectors.joining()) + "1" + " END".repeat(90);
        Map<String, Object> job = apiClient.run(
                "sql",
                Map.of(
                        "query",
                        "SELECT length(" + chain + "), " + cases
                                + " FROM (SELECT id, string(id) AS name FROM range(1000))"));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
    }
}
