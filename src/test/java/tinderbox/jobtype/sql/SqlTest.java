package tinderbox.jobtype.sql;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Runs queries over the API. */
class SqlTest {
    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    @Test
    void aQueryWithoutTables() {
        assertEquals("one\n1\n", csv("SELECT 1 AS one"));
    }

    @Test
    void aJobIsNamedAfterItsQuery() {
        Map<String, Object> job = apiClient.job(succeeded("\n".repeat(300) + "SELECT 1\nAS one", Map.of()));

        assertEquals("SELECT 1 AS one", job.get("name"));
    }

    /** The columns of the file: an expression, the type of its column, its cell in CSV, and its value in JSON. */
    static Stream<Arguments> types() throws IOException {
        try (InputStream file = SqlTest.class.getResourceAsStream("/sql/types.txt")) {
            String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().map(line -> Arguments.of((Object[]) line.split(" \\| ", -1)));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void everyTypeIsExact(String expression, String type, String cell, String json) {
        String id = succeeded("SELECT " + expression + " AS v", Map.of());

        assertEquals("v\n" + cell + "\n", apiClient.csv(id));
        String page = apiClient.text("/api/v1/jobs/" + id + "/result");
        assertTrue(page.contains("{\"name\":\"v\",\"type\":\"" + type + "\"}"), page);
        assertTrue(page.contains("\"rows\":[[" + json + "]]"), page);
    }

    @Test
    void theOrderOfTheQueryIsThatOfTheResult() {
        String query = "SELECT id % 1000 AS a, id FROM range(20000) ORDER BY a DESC, id";

        List<String> expected = IntStream.range(0, 20_000)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(id -> -(id % 1000)).thenComparingInt(id -> id))
                .map(id -> id % 1000 + "," + id)
                .toList();
        assertEquals("a,id\n" + String.join("\n", expected) + "\n", csv(query));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT id FROM range(100)",
                "SELECT id FROM range(100) ORDER BY id",
                "SELECT id FROM range(100) ORDER BY id LIMIT 50",
                "SELECT id FROM range(100) LIMIT 60 - 10",
                "WITH t AS (SELECT id FROM range(100)) SELECT id FROM t LIMIT 50",
            })
    void maxRowsCutsTheResult(String query) {
        Map<String, Object> job = apiClient.job(succeeded(query, Map.of("max_rows", 33)));

        assertEquals(
                "id\n" + IntStream.range(0, 33).mapToObj(id -> id + "\n").collect(Collectors.joining()),
                apiClient.csv((String) job.get("job_id")));
        assertEquals(Map.of("rows", 33L, "cut", true), job.get("summary"));
        assertTrue(job.get("warnings").toString().contains("only the first 33 rows"), job::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT id FROM range(30), 30",
        "SELECT id FROM range(30), 31",
        "SELECT id FROM range(30) LIMIT 30, 30",
        "SELECT id FROM range(90) ORDER BY id LIMIT 30, 30",
        "SELECT id FROM range(30) ORDER BY id, 1000000000000",
    })
    void aResultThatFitsIsNotCut(String query, long maxRows) {
        Map<String, Object> job = apiClient.job(succeeded(query, Map.of("max_rows", maxRows)));

        assertEquals(Map.of("rows", 30L, "cut", false), job.get("summary"));
        assertEquals(List.of(), job.get("warnings"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"SELECT id FROM range(1000000000000000000) LIMIT 5", "SELECT id FROM range(1000000000000000000)"
            })
    void aLimitStopsEarly(String query) {
        assertEquals("id\n0\n1\n2\n3\n4\n", apiClient.csv(succeeded(query, Map.of("max_rows", 5))));
    }

    /** Each task of the large one ends soon, but there are many. */
    @Test
    void aSmallQueryEndsWhileALargeOneRuns() {
        String numbers = "SELECT id FROM range(400000000) WHERE hash(id) = 7";
        String large = apiClient.submit(
                "sql",
                Map.of(
                        "query",
                        "SELECT count(*) FROM (" + String.join(" UNION ALL ", Collections.nCopies(50, numbers)) + ")"));
        await().until(() -> runningTasks(large) > 0);
        try {
            succeeded("SELECT count(*) FROM `samples/air/airports.csv` GROUP BY state", Map.of());

            assertEquals("RUNNING", apiClient.job(large).get("status"));
        } finally {
            apiClient.post("/api/v1/jobs/" + large + "/cancel");
        }
        assertEquals("CANCELLED", apiClient.awaitEnd(large).get("status"));
    }

    /** Queries that would run for years, in loops in which Spark itself does not look whether it should stop. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT count(*) FROM range(1000000000000000000) WHERE id % 7 = 9",
                "SELECT count(*) FROM range(1000000) a, range(1000000) b, range(1000000) c WHERE a.id + b.id + c.id = -1",
                "SELECT count(*) FROM range(1000000) a JOIN range(1000000) b ON a.id % 2 = b.id % 2 AND a.id + b.id < 0",
                "SELECT count(*) FROM range(1000000) a JOIN range(1000000) b ON a.id % 2 = b.id % 2",
                "SELECT count(*) FROM range(1000000) a LEFT JOIN range(100000) b ON a.id + b.id < 0",
                "SELECT count(*) FROM (SELECT explode(sequence(1, 1000000)) a) t"
                        + " JOIN LATERAL (SELECT explode(sequence(1, 1000000)) b) JOIN range(1000000)",
                "SELECT aggregate(sequence(1, 50000), 0L, (acc, x) -> acc + aggregate(sequence(1, 50000), 0L,"
                        + " (p, q) -> p + size(transform(sequence(1, 50000), y -> y))))",
                "SELECT sum(s) FROM (SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 500000 PRECEDING AND CURRENT ROW) s"
                        + " FROM range(1000000))",
            })
    void anEndlessQueryStopsSoonAfterItIsCancelled(String query) {
        String id = apiClient.submit("sql", Map.of("query", query));
        await().until(() -> runningTasks(id) > 0);

        apiClient.post("/api/v1/jobs/" + id + "/cancel");

        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
    }

    private long runningTasks(String id) {
        return apiClient.job(id).get("progress") instanceof Map<?, ?> progress
                ? (Long) progress.get("tasks_running")
                : 0;
    }

    @Test
    void namesThatSeveralColumnsHaveGetANumber() {
        Map<String, Object> job = apiClient.job(succeeded("SELECT 1 AS a, 2 AS a_2, 3 AS a, 4 AS b, 5 AS a", Map.of()));

        assertEquals("a,a_2,a_3,b,a_4\n1,2,3,4,5\n", apiClient.csv((String) job.get("job_id")));
        assertTrue(job.get("warnings").toString().contains("a_3, a_4"), job::toString);
    }

    @Test
    void tooManyColumnsAreRefused() {
        String columns = IntStream.range(0, 1_001).mapToObj(i -> "1 AS c" + i).collect(Collectors.joining(","));
        Map<String, Object> job = apiClient.run("sql", Map.of("query", "SELECT " + columns));

        assertTrue(job.get("error").toString().contains("must not have more than 1000 columns"), job::toString);
    }

    @Test
    void aThousandColumnsAreWritten() {
        String columns = IntStream.range(0, 1_000)
                .mapToObj(i -> "id + " + i + " AS c" + i)
                .collect(Collectors.joining(","));

        String csv = csv("SELECT " + columns + " FROM range(3)");

        assertEquals(4, csv.lines().count());
        assertTrue(csv.endsWith(",1000,1001\n"));
    }

    @Test
    void thePlanNamesDatasets() {
        String id = succeeded("SELECT count(*) FROM `samples/air/airports.csv`", Map.of());

        String plan = (String) apiClient.get("/api/v1/jobs/" + id + "/plan").get("plan");

        assertTrue(plan.contains("samples/air/airports.csv"), plan);
        assertTrue(plan.contains("HashAggregate"), plan);
        assertFalse(plan.contains("org.apache"), plan);
        assertFalse(plan.contains("tb:"), plan);
        assertFalse(plan.contains(TestServer.shared().dataDir().toString()), plan);
    }

    @Test
    void aQueryWithoutColumnsIsRefused() {
        Map<String, Object> job = apiClient.run("sql", Map.of("query", "SELECT * EXCEPT (id) FROM range(3)"));

        assertEquals("FAILED", job.get("status"), job::toString);
        assertTrue(job.get("error").toString().contains("no columns"), job::toString);
    }

    @Test
    void aRowThatIsTooLargeIsRefused() {
        Map<String, Object> job = apiClient.run("sql", Map.of("query", "SELECT repeat('a', 20000000) AS a"));

        assertTrue(job.get("error").toString().contains("limit_exceeded"), job::toString);
        assertTrue(job.get("error").toString().contains("16 MiB"), job::toString);
    }

    @Test
    void aSubqueryWithTooManyRowsIsNotCollected() {
        Map<String, Object> job =
                apiClient.run("sql", Map.of("query", "SELECT (SELECT id FROM range(1000000000000000)) AS a"));

        assertEquals("FAILED", job.get("status"), job::toString);
        long rowsRead = (Long) ((Map<?, ?>) job.get("progress")).get("rows_read");
        assertTrue(rowsRead < 100, job::toString);
    }

    private String csv(String query) {
        return apiClient.csv(succeeded(query, Map.of()));
    }

    private String succeeded(String query, Map<String, Object> more) {
        Map<String, Object> params = new HashMap<>(more);
        params.put("query", query);
        Map<String, Object> job = apiClient.run("sql", params);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return (String) job.get("job_id");
    }
}
