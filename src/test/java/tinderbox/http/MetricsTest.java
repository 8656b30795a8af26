package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** What /metrics shows. {@code MonitoringTest} has a real Prometheus read it. */
class MetricsTest {
    private static final Pattern TYPE_LINE = Pattern.compile("^# TYPE (tinderbox_\\w+) ", Pattern.MULTILINE);
    private static final Pattern TABLE_ROW = Pattern.compile("^\\| (`tinderbox_[^|]+) \\|", Pattern.MULTILINE);
    private static final Pattern CODE = Pattern.compile("`(\\w+)`");

    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    private String text() {
        HttpResponse<byte[]> response =
                apiClient.send(apiClient.request("/metrics").build());
        assertEquals(200, response.statusCode());
        return new String(response.body(), StandardCharsets.UTF_8);
    }

    /** The value of each time series, such as {@code tinderbox_jobs{state="FAILED"}}. */
    private Map<String, Double> values() {
        Map<String, Double> values = new LinkedHashMap<>();
        text().lines().filter(line -> !line.startsWith("#")).forEach(line -> {
            int space = line.lastIndexOf(' ');
            values.put(line.substring(0, space), Double.valueOf(line.substring(space + 1)));
        });
        return values;
    }

    private static double rise(Map<String, Double> before, Map<String, Double> after, String series) {
        return after.getOrDefault(series, 0.0) - before.getOrDefault(series, 0.0);
    }

    @Test
    void theContentTypeIsThatOfTheTextFormat() {
        RawHttp.Reply reply = RawHttp.get("/metrics").send(server.port());
        assertEquals("text/plain; version=0.0.4; charset=utf-8", reply.header("Content-Type"));
        assertEquals(
                200, RawHttp.request("HEAD", "/metrics").send(server.port()).status());
    }

    @Test
    void jobsAreCountedByTypeAndOutcome() {
        Map<String, Double> before = values();
        apiClient.awaitEnd(apiClient.submit("word-count", Map.of()));
        apiClient.awaitEnd(apiClient.submit("failing", Map.of()));
        Map<String, Double> after = values();

        for (String type : Set.of("word-count", "failing")) {
            String label = "{type=\"" + type + "\"}";
            assertEquals(1, rise(before, after, "tinderbox_jobs_accepted_total" + label));
            assertEquals(1, rise(before, after, "tinderbox_attempts_started_total" + label));
            assertEquals(0, rise(before, after, "tinderbox_attempts_lost_total" + label));
            assertEquals(1, rise(before, after, "tinderbox_job_wait_seconds_count" + label));
            assertEquals(1, rise(before, after, "tinderbox_job_run_seconds_count" + label));
        }
        assertEquals(2, rise(before, after, "tinderbox_job_accept_seconds_count"));
        assertEquals(1, rise(before, after, "tinderbox_jobs_ended_total{outcome=\"succeeded\",type=\"word-count\"}"));
        assertEquals(1, rise(before, after, "tinderbox_jobs_ended_total{outcome=\"failed\",type=\"failing\"}"));
        assertEquals(1, rise(before, after, "tinderbox_jobs{state=\"FAILED\"}"));
        assertTrue(rise(before, after, "tinderbox_job_run_seconds_sum{type=\"word-count\"}") > 0);
        assertTrue(rise(before, after, "tinderbox_flush_seconds_count{files=\"jobs\"}") > 0);
        // Spark reports its tasks, and the index writes, a moment later.
        Awaitility.await().untilAsserted(() -> {
            Map<String, Double> now = values();
            assertTrue(rise(before, now, "tinderbox_spark_tasks_total{outcome=\"succeeded\"}") > 0);
            assertTrue(rise(before, now, "tinderbox_spark_task_seconds_total") > 0);
            assertTrue(rise(before, now, "tinderbox_index_seconds_count{operation=\"write\"}") > 0);
        });
    }

    @Test
    void aWaitingJobIsInTheQueueAndARunningOneIsNot() throws Exception {
        String key = "metrics";
        String running = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        assertEquals(1, values().get("tinderbox_running_jobs"));
        assertEquals(0, values().get("tinderbox_queued_jobs"));
        assertEquals(0, values().get("tinderbox_queue_oldest_seconds"));
        String second = apiClient.submit("blocking", Map.of("key", key));
        String third = apiClient.submit("blocking", Map.of("key", key));
        Awaitility.await().untilAsserted(() -> {
            Map<String, Double> values = values();
            assertEquals(2, values.get("tinderbox_running_jobs"));
            assertEquals(1, values.get("tinderbox_queued_jobs"));
            assertTrue(values.get("tinderbox_queue_oldest_seconds") > 0);
        });
        BlockingJob.gate(key).open();
        apiClient.awaitEnd(running);
        apiClient.awaitEnd(second);
        apiClient.awaitEnd(third);
    }

    @Test
    void requestsAreCountedByRouteNotByPath() {
        String id = apiClient.submit("word-count", Map.of());
        apiClient.awaitEnd(id);
        RawHttp.get("/metrics-of-nobody/" + id).send(server.port());
        RawHttp.request("BREW", "/api/v1/jobs").send(server.port());
        RawHttp.get("/%zz").send(server.port());
        Map<String, Double> before = values();
        for (int i = 0; i < 5; i++) {
            RawHttp.get("/metrics-of-nobody/" + id + i).send(server.port());
            RawHttp.request("BREW" + i, "/api/v1/jobs").send(server.port());
            RawHttp.get("/%zz" + i).send(server.port());
            RawHttp.get("/js/main.js").send(server.port());
            RawHttp.get("/api/v1/jobs/" + id).send(server.port());
        }
        Map<String, Double> after = values();

        String counter = "tinderbox_http_requests_total";
        assertEquals(5, rise(before, after, counter + "{method=\"none\",route=\"none\",status=\"404\"}"));
        assertEquals(5, rise(before, after, counter + "{method=\"none\",route=\"none\",status=\"501\"}"));
        assertEquals(5, rise(before, after, counter + "{method=\"none\",route=\"none\",status=\"400\"}"));
        assertEquals(5, rise(before, after, counter + "{method=\"GET\",route=\"page\",status=\"200\"}"));
        assertEquals(5, rise(before, after, counter + "{method=\"GET\",route=\"/api/v1/jobs/{id}\",status=\"200\"}"));
        assertEquals(
                5,
                rise(
                        before,
                        after,
                        "tinderbox_http_request_seconds_count{method=\"GET\",route=\"/api/v1/jobs/{id}\"}"));
        assertTrue(rise(before, after, "tinderbox_http_sent_bytes_total") > 1000);
        assertTrue(rise(before, after, "tinderbox_http_received_bytes_total") > 1000);
        assertFalse(text().contains(id));
    }

    @Test
    void aClientThatLeavesIsCounted() throws Exception {
        String key = "metrics-left";
        String id = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        String closed = "tinderbox_http_requests_total{method=\"GET\",route=\"/api/v1/jobs/{id}\",status=\"closed\"}";
        Map<String, Double> before = values();
        RawHttp.get("/api/v1/jobs/" + id + "?wait=60").open(server.port()).close();
        Awaitility.await().untilAsserted(() -> assertEquals(1, rise(before, values(), closed), this::text));
        // It did not wait for the server, so it says nothing about how quick the server is.
        assertEquals(
                0,
                rise(
                        before,
                        values(),
                        "tinderbox_http_request_seconds_count{method=\"GET\",route=\"/api/v1/jobs/{id}\"}"));
        BlockingJob.gate(key).open();
        apiClient.awaitEnd(id);
    }

    @Test
    void theDocumentListsEveryMetric() throws IOException {
        apiClient.awaitEnd(apiClient.submit("failing", Map.of()));
        Set<String> documented = new TreeSet<>();
        TABLE_ROW
                .matcher(Files.readString(Path.of("docs/monitoring.md")))
                .results()
                .flatMap(row -> CODE.matcher(row.group(1)).results())
                .map(name -> name.group(1))
                .forEach(documented::add);
        assertEquals(
                TYPE_LINE
                        .matcher(text())
                        .results()
                        .map((MatchResult type) -> type.group(1))
                        .collect(Collectors.toCollection(TreeSet::new)),
                documented);
    }
}
