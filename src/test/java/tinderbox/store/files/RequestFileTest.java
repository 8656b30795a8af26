package tinderbox.store.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobRequest;
import tinderbox.job.Labels;

class RequestFileTest {
    private static JobRequest request(Map<String, Object> params, List<String> inputs, String searchText) {
        return new JobRequest(
                JobId.random(),
                7,
                "script",
                "a job",
                true,
                params,
                inputs,
                searchText,
                Map.of(),
                "local",
                Instant.parse("2026-01-05T12:00:00Z"),
                new JobOrigin(
                        JobId.random(),
                        JobId.random().toString(),
                        JobId.random().toString()),
                new IdempotencyKey("key", "0".repeat(64)));
    }

    private static byte[] older(JobRequest request) {
        String json = new String(RequestFile.write(request), StandardCharsets.UTF_8);
        String older = json.replaceFirst(",\"inputs\":\\[.*?\\],\"search_text\":\"[^\"]*\"", "")
                .replace(",\"named\":true", "");
        assertFalse(older.contains("inputs") || older.contains("search_text") || older.contains("named"), older);
        return older.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void everythingIsStored() throws Exception {
        JobRequest request = request(
                Map.of("script", "size lab/a\r\n\uD83D\uDC33", "more", List.of("lab/b"), "count", 3L, "fast", true),
                List.of("lab/a", "lab/b"),
                "size lab/a");
        assertEquals(request, RequestFile.read(RequestFile.write(request)));
    }

    @Test
    void labelsThatNoJobMayHaveAreLeftOut() throws Exception {
        JobRequest request = request(Map.of(), List.of(), "");
        Map<String, String> labels = new LinkedHashMap<>(Map.of("two lines", "b", "c", "a\nb", "d", "x".repeat(257)));
        for (int i = 0; i < Labels.MAX; i++) {
            labels.put("k" + i, "v");
        }
        Map<String, String> allowed = new LinkedHashMap<>(labels);
        allowed.keySet().removeAll(List.of("two lines", "c", "d"));
        labels.put("one more", "v");
        JobRequest stored = new JobRequest(
                request.id(),
                request.seq(),
                request.type(),
                request.name(),
                request.isNamed(),
                request.params(),
                request.inputs(),
                request.searchText(),
                labels,
                request.submittedBy(),
                request.submittedAt(),
                request.origin(),
                request.idempotencyKey());
        assertEquals(allowed, RequestFile.read(RequestFile.write(stored)).labels());
    }

    @Test
    void theInputOfAnOlderFileIsItsParameterOfThatName() throws Exception {
        JobRequest request = request(Map.of("input", "samples/a.txt"), List.of("samples/a.txt"), "samples/a.txt");
        assertEquals(request, RequestFile.read(older(request)));
        JobRequest without = request(Map.of("input", 3L), List.of(), "");
        assertEquals(without, RequestFile.read(older(without)));
    }
}
