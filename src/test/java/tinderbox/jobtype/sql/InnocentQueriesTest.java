package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.QueryExecution;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tinderbox.job.JobException;
import tinderbox.json.Json;
import tinderbox.oracle.FunctionExamples;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Queries that must run. */
class InnocentQueriesTest {
    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    @BeforeAll
    static void tables() {
        QueryLists.copyTables(TestServer.shared().root());
    }

    @Test
    void allRunButTheOneThatReadsXml() {
        Map<String, String> jobs = new LinkedHashMap<>();
        List<String> refused = new ArrayList<>();
        for (String query : QueryLists.of("innocent.sql")) {
            HttpResponse<byte[]> response = submit(query);
            if (response.statusCode() == 202) {
                jobs.put((String) ApiClient.json(response).get("job_id"), query);
            } else {
                refused.add(query + ": " + ApiClient.json(response));
            }
        }
        assertEquals(1, refused.size(), () -> String.join("\n", refused));
        assertTrue(refused.get(0).contains("from_xml"), refused.get(0));
        List<String> failed = new ArrayList<>();
        jobs.forEach((id, query) -> {
            Map<String, Object> job = apiClient.awaitEnd(id);
            if (!job.get("status").equals("SUCCEEDED")) {
                failed.add(query + ": " + job.get("error"));
            }
        });
        assertEquals("", String.join("\n", failed));
    }

    /** A function is allowed by its name, and what Spark makes of it by its class: both must know all of them. */
    @Test
    void everyAllowedFunctionPassesBothChecks() throws Exception {
        apiClient.run("sql", Map.of("query", "SELECT 1"));
        SparkSession session = SparkSession.active().newSession();
        SqlSession.configure(session);
        List<String> refused = new ArrayList<>();
        for (FunctionExamples.Example example : FunctionExamples.read()) {
            if (SqlLists.FUNCTIONS.getOrDefault(example.function(), "").isEmpty()) {
                try {
                    ParsedSql parsed = SqlParser.parse(example.query(), Map.of());
                    QueryExecution execution = ((org.apache.spark.sql.classic.SparkSession) session)
                            .sessionState()
                            .executePlan(parsed.plan(), CommandExecutionMode.SKIP());
                    SqlChecker.checkAnalyzed(execution.analyzed(), parsed.text());
                } catch (Exception e) {
                    String message = e.getMessage() + (e instanceof JobException refusal ? refusal.problems() : "");
                    // Spark has it only in its own tests.
                    if (!message.startsWith("[UNSUPPORTED_TIME_TYPE]")) {
                        refused.add(example + ": " + message);
                    }
                }
            }
        }
        assertEquals("", String.join("\n", refused));
    }

    /** Spark cannot compile these, and says so; it interprets them. */
    @Test
    void whatIsInterpretedLeavesNothingInTheLog() {
        Map<String, Object> job = apiClient.run(
                "sql", Map.of("query", "SELECT typeof(1), typeof(array('a')), try_element_at(array(1, 2, 3), 1)"));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        String log = apiClient.text("/api/v1/jobs/" + job.get("job_id") + "/log");
        assertFalse(log.contains("Exception"), log);
    }

    @Test
    void literalsComeBackUnchanged() {
        List<String> queries = QueryLists.of("literal.sql");
        for (String query : queries.subList(0, 5)) {
            Map<String, Object> job = apiClient.run("sql", Map.of("query", query));
            String literal = query.substring(query.indexOf('\'') + 1, query.lastIndexOf('\''));
            assertEquals(
                    literal,
                    apiClient
                            .csv((String) job.get("job_id"))
                            .lines()
                            .skip(1)
                            .findFirst()
                            .orElseThrow());
        }
        HttpResponse<byte[]> response = submit(queries.get(5));
        assertEquals(422, response.statusCode());
        assertTrue(ApiClient.json(response).toString().contains("has a syntax error at '$'"));
    }

    private HttpResponse<byte[]> submit(String query) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(
                        Json.write(Map.of("type", "sql", "params", Map.of("query", query)))))
                .build());
    }
}
