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
import tinderbox.support.Api;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** The header {@code Idempotency-Key}, over the wire. */
class IdempotencyTest {
    private static final int DUPLICATES = 100;

    private final Api api = new Api(TestServer.shared());
    private final String key = UUID.randomUUID().toString();

    private HttpResponse<byte[]> send(String sentKey, String gate) {
        return api.send(api.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", sentKey)
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"type\":\"blocking\",\"params\":{\"key\":\"" + gate + "\"}}"))
                .build());
    }

    private static String id(HttpResponse<byte[]> answer) {
        return Api.json(answer).get("job_id").toString();
    }

    @Test
    void aHundredParallelDuplicatesMakeOneJob() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(DUPLICATES);
        List<HttpResponse<byte[]>> answers = new ArrayList<>();
        try {
            Callable<HttpResponse<byte[]>> duplicate = () -> send(key, key);
            for (Future<HttpResponse<byte[]>> answer :
                    clients.invokeAll(java.util.Collections.nCopies(DUPLICATES, duplicate))) {
                answers.add(answer.get());
            }
        } finally {
            clients.shutdown();
        }
        Set<String> ids = new HashSet<>();
        int accepted = 0;
        for (HttpResponse<byte[]> answer : answers) {
            switch (answer.statusCode()) {
                case 202 -> {
                    accepted++;
                    ids.add(id(answer));
                }
                case 200 -> {
                    assertEquals(
                            "true",
                            answer.headers().firstValue("Idempotency-Replayed").orElse(""));
                    ids.add(id(answer));
                }
                case 409 ->
                    assertEquals("idempotency_in_flight", Api.json(answer).get("code"));
                default -> throw new AssertionError(Api.json(answer).toString());
            }
        }
        assertEquals(1, accepted, "one of them is accepted");
        assertEquals(1, ids.size(), "and the others are it");
        BlockingJob.gate(key).open();
        String id = ids.iterator().next();
        assertEquals("SUCCEEDED", api.ended(id).get("status"));
        HttpResponse<byte[]> late = send(key, key);
        assertEquals(200, late.statusCode());
        assertEquals(id, id(late));
    }

    @Test
    void aKeyHoldsForItsBodyUntilItsJobIsDeleted() {
        BlockingJob.gate(key).open();
        String first = id(send(key, key));
        HttpResponse<byte[]> other = send(key, "another-gate");
        assertEquals(422, other.statusCode());
        assertEquals("idempotency_mismatch", Api.json(other).get("code"));
        api.ended(first);
        assertEquals(
                204,
                api.send(api.request("/api/v1/jobs/" + first).DELETE().build()).statusCode());
        HttpResponse<byte[]> freed = send(key, key);
        assertEquals(202, freed.statusCode());
        assertNotEquals(first, id(freed));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "tab\tinside"})
    void aKeyThatIsNoneIsRefused(String malformed) {
        assertRefused(malformed);
    }

    @Test
    void aKeyThatIsTooLongIsRefused() {
        assertRefused("k".repeat(256));
        BlockingJob.gate(key).open();
        assertEquals(202, send(key + "k".repeat(255 - key.length()), key).statusCode());
    }

    private void assertRefused(String malformed) {
        HttpResponse<byte[]> answer = send(malformed, key);
        assertEquals(400, answer.statusCode());
        assertTrue(Api.json(answer).get("detail").toString().contains("Idempotency-Key"));
    }
}
