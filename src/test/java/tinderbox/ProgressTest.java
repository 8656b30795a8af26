package tinderbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.ReadingJob;
import tinderbox.support.TestServer;

/** The progress of a job while it runs and afterwards, with real Spark. */
class ProgressTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    private Map<String, Object> progress(String id) {
        return object(apiClient.job(id).get("progress"));
    }

    private Map<String, Object> stages(String id) {
        return apiClient.get("/api/v1/jobs/" + id + "/stages");
    }

    private static List<Map<String, Object>> table(Map<String, Object> stages) {
        return ((List<?>) stages.get("stages"))
                .stream().map(ProgressTest::object).toList();
    }

    private static long number(Map<String, Object> object, String name) {
        return ((Number) object.get(name)).longValue();
    }

    /** The final progress of every job that succeeded. */
    private static void assertAllIsDone(Map<String, Object> progress) {
        assertEquals(progress.get("stages_total"), progress.get("stages_done"), progress::toString);
        assertEquals(progress.get("tasks_total"), progress.get("tasks_done"), progress::toString);
        assertEquals(0L, progress.get("tasks_running"), progress::toString);
    }

    private String ofLines(String name, int lines) throws IOException {
        Files.writeString(server.root().resolve(name), "one line of many\n".repeat(lines));
        return "test/" + name;
    }

    @Test
    void bytesReadOfAFolderIncreaseToExactlyItsSize() {
        String id = apiClient.submit("word-count", Map.of("input", "samples/state-of-the-union/"));
        List<Long> seen = new ArrayList<>();
        while (apiClient.job(id).get("finished_at") == null) {
            Map<String, Object> now = progress(id);
            if (now != null) {
                seen.add(number(now, "bytes_read"));
            }
        }
        Map<String, Object> end = progress(id);
        seen.add(number(end, "bytes_read"));
        assertEquals(seen.stream().sorted().toList(), seen);
        assertEquals(10_761_413L, end.get("bytes_total"));
        assertEquals(end.get("bytes_total"), end.get("bytes_read"));
        assertNull(end.get("rows_read"), "input that is read as bytes has no rows");
        assertAllIsDone(end);
    }

    @Test
    void aCompressedFileCountsWithItsSizeOnDisk() throws Exception {
        Path file = server.root().resolve("compressed.txt.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            for (int i = 0; i < 50_000; i++) {
                out.write((i + " words in a line\n").getBytes(StandardCharsets.UTF_8));
            }
        }
        Map<String, Object> end = object(apiClient
                .run("word-count", Map.of("input", "test/compressed.txt.gz"))
                .get("progress"));
        assertEquals(Files.size(file), end.get("bytes_total"));
        assertEquals(Files.size(file), end.get("bytes_read"));
    }

    @Test
    void anInputThatIsReadTwiceDoesNotExceedItsSize() throws Exception {
        String input = ofLines("twice.txt", 100_000);
        Map<String, Object> job = apiClient.run("reading", Map.of("input", input, "mode", "twice"));
        Map<String, Object> end = object(job.get("progress"));
        assertEquals(1_700_000L, end.get("bytes_total"));
        assertEquals(1_700_000L, end.get("bytes_read"));
        assertEquals(200_000L, end.get("rows_read"));
        List<Map<String, Object>> table = table(stages((String) job.get("job_id")));
        assertEquals(2, table.size());
        table.forEach(stage -> assertTrue(number(stage, "bytes_read") >= 1_700_000, stage::toString));
    }

    @Test
    void theEndWaitsForEarlierEvents() throws Exception {
        String input = ofLines("unheard.txt", 1_000);
        Map<String, Object> job = apiClient.run("reading", Map.of("input", input, "mode", "late-listener"));
        assertEquals(17_000L, object(job.get("progress")).get("bytes_read"));
        Map<String, Object> stage = table(stages((String) job.get("job_id"))).get(0);
        assertEquals(false, stage.get("incomplete"), stage::toString);
    }

    @Test
    void bytesReadIncreaseWhileALongTaskRuns() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = apiClient.submit(
                "reading", Map.of("input", ofLines("long.txt", 1_000), "mode", "custom-reader", "key", key));
        ReadingJob.readHalf(key);
        await().until(() -> progress(id) != null && number(progress(id), "bytes_read") == 8_500);
        Map<String, Object> half = stages(id);
        assertEquals(1L, object(half.get("progress")).get("tasks_running"));
        assertEquals("RUNNING", table(half).get(0).get("status"));
        assertEquals(8_500L, table(half).get(0).get("bytes_read"));
        assertNull(table(half).get(0).get("duration_ms"));
        ReadingJob.readHalf(key);
        Map<String, Object> end = object(apiClient.awaitEnd(id).get("progress"));
        assertEquals(17_000L, end.get("bytes_read"));
        assertNull(end.get("rows_read"), "this reader counts no rows");
    }

    @Test
    void eachStageOfAWordCountIsListedOnce() {
        String id = (String) apiClient.run("word-count", Map.of()).get("job_id");
        Map<String, Object> stages = stages(id);
        assertEquals(id, stages.get("job_id"));
        assertEquals(1L, stages.get("attempt"));
        assertEquals(0L, stages.get("stages_dropped"));
        assertEquals(apiClient.job(id).get("progress"), stages.get("progress"));
        List<Map<String, Object>> table = table(stages);
        assertEquals(number(object(stages.get("progress")), "stages_total"), table.size());
        assertEquals(1_204_997L, table.get(0).get("bytes_read"));
        for (Map<String, Object> stage : table) {
            assertEquals("COMPLETE", stage.get("status"), stage::toString);
            assertEquals(1L, stage.get("attempts"), stage::toString);
            assertEquals(stage.get("tasks_total"), stage.get("tasks_done"), stage::toString);
            assertEquals(0L, stage.get("tasks_running"), stage::toString);
            assertTrue(number(stage, "duration_ms") >= 0, stage::toString);
            assertEquals(false, stage.get("incomplete"), stage::toString);
        }
    }

    @Test
    void aFailedJobKeepsItsStages() throws Exception {
        String input = ofLines("failing.txt", 1_000);
        Map<String, Object> job = apiClient.run("reading", Map.of("input", input, "mode", "then-fail"));
        assertEquals("FAILED", job.get("status"));
        List<Map<String, Object>> table = table(stages((String) job.get("job_id")));
        assertEquals(
                List.of("COMPLETE", "FAILED"),
                table.stream().map(stage -> stage.get("status")).toList());
        assertTrue(number(table.get(1), "tasks_failed") >= 1, table::toString);
        Map<String, Object> end = object(job.get("progress"));
        assertEquals(1L, end.get("stages_done"));
        assertEquals(2L, end.get("stages_total"));
        assertEquals(0L, end.get("tasks_running"));
        assertEquals(17_000L, end.get("bytes_read"));
    }

    @Test
    void aCancelledJobKeepsItsProgress() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = apiClient.submit("blocking", Map.of("key", key, "mode", "tasks"));
        BlockingJob.gate(key).awaitReached();
        apiClient.post("/api/v1/jobs/" + id + "/cancel");
        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
        assertEquals("FAILED", table(stages(id)).get(0).get("status"));
        assertEquals(0L, progress(id).get("tasks_running"));
        assertEquals(0L, progress(id).get("tasks_done"));
    }

    @Test
    void theFinalProgressIsRightIfSparkDropsEvents() {
        server.restart(Map.of("spark.scheduler.listenerbus.eventqueue.tinderbox.capacity", "1"));
        try {
            Map<String, Object> job = apiClient.run("word-count", Map.of("input", "samples/state-of-the-union"));
            assertEquals("SUCCEEDED", job.get("status"));
            assertAllIsDone(object(job.get("progress")));
            List<Map<String, Object>> table = table(stages((String) job.get("job_id")));
            for (Map<String, Object> stage : table) {
                assertTrue(List.of("COMPLETE", "SKIPPED").contains(stage.get("status")), stage::toString);
            }
        } finally {
            server.restart();
        }
    }

    @Test
    void aJobThatHasNotRunHasNoStages() throws Exception {
        String key = UUID.randomUUID().toString();
        List<String> first = List.of(
                apiClient.submit("blocking", Map.of("key", key)), apiClient.submit("blocking", Map.of("key", key)));
        String waiting = apiClient.submit("blocking", Map.of("key", key));
        Map<String, Object> stages = stages(waiting);
        assertEquals(List.of(), stages.get("stages"));
        assertNull(stages.get("progress"));
        BlockingJob.gate(key).open();
        for (String id : first) {
            apiClient.awaitEnd(id);
        }
        assertEquals("SUCCEEDED", apiClient.awaitEnd(waiting).get("status"));
        assertEquals("job_not_found", stages(UUID.randomUUID().toString()).get("code"));
        assertEquals(
                "bad_query",
                apiClient.get("/api/v1/jobs/" + waiting + "/stages?x=1").get("code"));
    }

    @Test
    void theStagesOfAnEndedJobAreDeletedWithTheJob() throws Exception {
        String id = (String) apiClient.run("word-count", Map.of()).get("job_id");
        Map<String, Object> job = apiClient.job(id);
        Map<String, Object> before = stages(id);
        server.restart();
        assertEquals(before, stages(id));
        assertEquals(job.get("progress"), progress(id));
        Map<String, Object> item =
                object(((List<?>) apiClient.get("/api/v1/jobs?q=" + id).get("jobs")).get(0));
        assertNull(item.get("progress"), "a list does not read every job's folder");
        try (var found = Files.find(server.dataDir(), 5, (path, file) -> path.endsWith(Path.of(id, "stages.json")))) {
            Path kept = found.findFirst().orElseThrow();
            byte[] whole = Files.readAllBytes(kept);
            Files.write(kept, Arrays.copyOf(whole, whole.length / 2));
        }
        // The server caches the stages of ended jobs.
        server.restart();
        assertEquals(List.of(), stages(id).get("stages"));
        assertNull(progress(id));
        assertEquals(job.get("summary"), apiClient.job(id).get("summary"), "a truncated stages file does no harm");
        assertEquals(
                204,
                apiClient
                        .send(apiClient.request("/api/v1/jobs/" + id).DELETE().build())
                        .statusCode());
        assertEquals("job_not_found", stages(id).get("code"));
    }
}
