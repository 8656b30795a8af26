package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tinderbox.job.JobState;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** The state of the server. */
class ServerStatusTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void theServerShowsItsFacts() {
        Awaitility.await()
                .until(() -> RawHttp.get("/readyz").send(server.port()).status(), status -> status == 200);

        Map<String, Object> facts = apiClient.get("/api/v1/server");

        assertEquals(
                List.of(
                        "version",
                        "spark_version",
                        "java_version",
                        "master",
                        "cores",
                        "executors",
                        "session",
                        "heap",
                        "limits",
                        "counts",
                        "event_streams",
                        "started_at",
                        "uptime_ms",
                        "ready",
                        "auth",
                        "private",
                        "user",
                        "role"),
                List.copyOf(facts.keySet()));
        assertEquals("4.2.0", facts.get("spark_version"));
        assertEquals("local[2]", facts.get("master"));
        assertEquals(2L, facts.get("cores"));
        assertEquals(2L, object(facts.get("limits")).get("max_running"));
        assertEquals(1L << 30, object(facts.get("limits")).get("max_input_bytes"));
        assertEquals(200L, object(facts.get("limits")).get("max_expansion"));
        assertEquals(
                List.of(JobState.values()).stream().map(Enum::name).toList(),
                List.copyOf(object(facts.get("counts")).keySet()));
        assertTrue((Long) object(facts.get("heap")).get("max_bytes") > 0);
        assertEquals(true, facts.get("ready"));
        assertEquals(false, facts.get("auth"));
        assertEquals(false, facts.get("private"));
        assertEquals("local", facts.get("user"));
        assertEquals("admin", facts.get("role"));
    }

    @Test
    void theServerShowsHowBusyItIs() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        Map<String, Object> history = Awaitility.await()
                .until(
                        () -> apiClient.get("/api/v1/server/history"),
                        found -> !((List<?>) found.get("samples")).isEmpty());
        assertTrue(
                ((List<?>) history.get("jobs"))
                        .stream().map(ServerStatusTest::object).anyMatch(job -> id.equals(job.get("job_id"))),
                history::toString);
        BlockingJob.gate(key).open();
        apiClient.awaitEnd(id);
    }

    @Test
    void itLivesAndBecomesReady() {
        assertEquals(Map.of("status", "live"), apiClient.get("/livez"));
        Awaitility.await()
                .until(() -> RawHttp.get("/readyz").send(server.port()).status(), status -> status == 200);
        assertEquals(Map.of("status", "ready"), apiClient.get("/readyz"));
        List<?> checks = (List<?>) apiClient.get("/readyz?verbose").get("checks");
        assertEquals(
                List.of("name", "ok", "detail", "hint"),
                List.copyOf(object(checks.get(0)).keySet()));
    }
}
