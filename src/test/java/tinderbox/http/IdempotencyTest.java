package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** The header {@code Idempotency-Key}, over the wire. */
class IdempotencyTest {
    private static final int DUPLICATES = 100;

    private final ApiClient apiClient = new ApiClient(TestServer.shared());
    private final String key = UUID.randomUUID().toString();

    private HttpResponse<byte[]> send(String sentKey, String gate) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", sentKey)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"type\":\"blocking\",\"params\":{\"key\":\"" + gate + "\"}}"))
                .build());
    }

    private HttpResponse<byte[]> rerun(String sentKey, String job) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs/" + job + "/rerun")
                .header("Idempotency-Key", sentKey)
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    private static String id(HttpResponse<byte[]> response) {
        return ApiClient.json(response).get("job_id").toString();
    }

    /** Sends the same request many times at once, and returns the one job that it creates. */
    private static String theJobOf(Callable<HttpResponse<byte[]>> duplicate) throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(DUPLICATES);
        List<HttpResponse<byte[]>> responses = new ArrayList<>();
        try {
            for (Future<HttpResponse<byte[]>> response :
                    clients.invokeAll(java.util.Collections.nCopies(DUPLICATES, duplicate))) {
                responses.add(response.get());
            }
        } finally {
            clients.shutdown();
        }
        Set<String> ids = new HashSet<>();
        int accepted = 0;
        for (HttpResponse<byte[]> response : responses) {
            switch (response.statusCode()) {
                case 202 -> {
                    accepted++;
                    ids.add(id(response));
                }
                case 200 -> {
                    assertReplayed(response);
                    ids.add(id(response));
                }
                case 409 ->
                    assertEquals(
                            "idempotency_in_flight", ApiClient.json(response).get("code"));
                default -> throw new AssertionError(ApiClient.json(response).toString());
            }
        }
        assertEquals(1, accepted, "one of them is accepted");
        assertEquals(1, ids.size(), "and the others are it");
        return ids.iterator().next();
    }

    private static void assertReplayed(HttpResponse<byte[]> response) {
        assertEquals(200, response.statusCode());
        assertEquals(
                "true", response.headers().firstValue("Idempotency-Replayed").orElse(""));
    }

    private static void assertMismatch(HttpResponse<byte[]> response) {
        assertEquals(422, response.statusCode());
        assertEquals("idempotency_mismatch", ApiClient.json(response).get("code"));
    }

    @Test
    void aHundredParallelDuplicatesMakeOneJob() throws Exception {
        String id = theJobOf(() -> send(key, key));
        BlockingJob.gate(key).open();
        assertEquals("SUCCEEDED", apiClient.awaitEnd(id).get("status"));
        HttpResponse<byte[]> late = send(key, key);
        assertEquals(200, late.statusCode());
        assertEquals(id, id(late));
    }

    @Test
    void aHundredParallelRerunsMakeOneJob() throws Exception {
        BlockingJob.gate(key).open();
        String old = id(send(key, key));
        apiClient.awaitEnd(old);
        String rerunKey = "rerun-" + key;

        String again = theJobOf(() -> rerun(rerunKey, old));

        assertEquals(old, apiClient.awaitEnd(again).get("rerun_of"));
        HttpResponse<byte[]> late = rerun(rerunKey, old);
        assertReplayed(late);
        assertEquals(again, id(late));
        assertEquals(
                "/api/v1/jobs/" + again, late.headers().firstValue("Location").orElse(""));
        assertNotEquals(again, id(rerun("another-" + key, old)));
    }

    @Test
    void aKeyOfARerunHoldsForThatJob() {
        BlockingJob.gate(key).open();
        String old = id(send(key, key));
        String other = id(send("other-" + key, key));
        String rerunKey = "rerun-" + key;
        assertEquals(202, rerun(rerunKey, old).statusCode());

        assertMismatch(rerun(rerunKey, other));
        assertMismatch(send(rerunKey, key));
        assertMismatch(rerun(key, old));
        assertEquals(400, rerun("two words", old).statusCode());
    }

    @Test
    void aKeyHoldsForItsBodyUntilItsJobIsDeleted() {
        BlockingJob.gate(key).open();
        String first = id(send(key, key));
        assertMismatch(send(key, "another-gate"));
        apiClient.awaitEnd(first);
        assertEquals(
                204,
                apiClient
                        .send(apiClient
                                .request("/api/v1/jobs/" + first)
                                .DELETE()
                                .build())
                        .statusCode());
        HttpResponse<byte[]> freed = send(key, key);
        assertEquals(202, freed.statusCode());
        assertNotEquals(first, id(freed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "tab\tinside"})
    void aMalformedKeyIsRefused(String malformed) {
        assertRefused(malformed);
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        assertRefused("k".repeat(256));
        BlockingJob.gate(key).open();
        assertEquals(202, send(key + "k".repeat(255 - key.length()), key).statusCode());
    }

    private void assertRefused(String malformed) {
        HttpResponse<byte[]> response = send(malformed, key);
        assertEquals(400, response.statusCode());
        assertTrue(ApiClient.json(response).get("detail").toString().contains("Idempotency-Key"));
    }
}
