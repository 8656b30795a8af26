package tinderbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.ServerLog;
import tinderbox.support.TestServer;

/** The data dir, or a folder in it, is moved away while the server runs, and comes back. */
class StorageOutageTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    private HttpResponse<byte[]> post() {
        return apiClient.send(
                apiClient.request("/api/v1/jobs").POST(BodyPublishers.noBody()).build());
    }

    private HttpResponse<byte[]> get(String path) {
        return apiClient.send(apiClient.request(path).build());
    }

    private static void assertRefused(HttpResponse<byte[]> response) {
        Map<String, Object> problem = ApiClient.json(response);
        assertEquals(503, response.statusCode(), problem::toString);
        assertEquals("storage_unavailable", problem.get("code"));
        assertFalse(problem.toString().contains("/data"), problem::toString);
        assertTrue(response.headers().firstValue("Retry-After").isPresent());
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "."})
    void anOutageIsLoggedOnceAndLosesNoJob(String folder) throws Exception {
        String key = UUID.randomUUID().toString();
        String id = apiClient.submit("blocking", Map.of("key", key));
        String other = UUID.randomUUID().toString();
        String second = apiClient.submit("blocking", Map.of("key", other));
        String waiting = apiClient.submit("word-count", Map.of());
        BlockingJob.gate(key).awaitReached();
        BlockingJob.gate(other).awaitReached();
        Path here = server.dataDir().resolve(folder).normalize();
        Path away = here.resolveSibling(here.getFileName() + "-away");
        try (ServerLog log = new ServerLog()) {
            Files.move(here, away);
            try {
                BlockingJob.gate(key).open();
                assertRefused(post());
                assertRefused(post());
                HttpResponse<byte[]> ready = get("/readyz?verbose");
                assertEquals(503, ready.statusCode());
                String checks = new String(ready.body(), StandardCharsets.UTF_8);
                assertTrue(checks.contains("the data dir cannot be written"), checks);
                assertEquals("RUNNING", apiClient.job(id).get("status"));
            } finally {
                Files.move(away, here);
                BlockingJob.gate(other).open();
            }
            // Its rows could not be written, so it has failed.
            assertEquals("FAILED", apiClient.awaitEnd(id).get("status"));
            assertEquals("SUCCEEDED", apiClient.awaitEnd(waiting).get("status"));
            await().until(() -> get("/readyz").statusCode() == 200);
            // The access log reports its own outage.
            assertEquals(
                    1,
                    log.lines("no job is accepted or started").size(),
                    () -> log.lines().toString());
            assertEquals(
                    1,
                    log.lines("can be written again").size(),
                    () -> log.lines().toString());
            assertEquals(0, log.stackTraces(), () -> log.lines().toString());
        }
        assertEquals("SUCCEEDED", apiClient.awaitEnd(second).get("status"));
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"));
    }
}
