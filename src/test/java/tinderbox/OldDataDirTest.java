package tinderbox;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/**
 * A server on a copy of a data dir that the first version of format 1 has left when it was killed: a job succeeded, its
 * rerun too, one failed, one was cancelled, and one waits. {@code responses/} has what that version responded for each
 * ended job. Never regenerate these files with a newer version.
 */
class OldDataDirTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final ApiClient API = new ApiClient(SERVER);
    private static final String PENDING = "3022c36a-6603-44e5-bed0-619cf2d9bab7";

    private static Path old;

    @TempDir
    private static Path copy;

    @BeforeAll
    static void startOnACopy() throws IOException, URISyntaxException {
        old = Path.of(OldDataDirTest.class.getResource("/old-data-dir").toURI());
        Path data = old.resolve("data");
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path target = copy.resolve(data.relativize(file).toString());
                Files.createDirectories(target.getParent());
                Files.copy(file, target);
            }
        }
        SERVER.restartOn(copy);
    }

    @AfterAll
    static void returnToTheSharedDataDir() {
        SERVER.restart();
    }

    private static List<Path> responses() throws IOException {
        try (Stream<Path> files = Files.list(old.resolve("responses"))) {
            return files.toList();
        }
    }

    private static Path folder(Object id) {
        return old.resolve("data/ended/2026-11").resolve((String) id);
    }

    private static byte[] download(Object id, String what) {
        HttpRequest request = API.request("/api/v1/jobs/" + id + "/" + what).build();
        HttpResponse<byte[]> response = API.send(request);
        assertEquals(
                200, response.statusCode(), () -> request + ": " + new String(response.body(), StandardCharsets.UTF_8));
        return response.body();
    }

    @Test
    void endedJobsHaveEveryFieldThatTheyHadBefore() throws Exception {
        for (Path response : responses()) {
            Map<String, Object> before = Json.readObject(Files.readAllBytes(response));
            Map<String, Object> now = API.job((String) before.get("job_id"));
            now.keySet().retainAll(before.keySet());
            assertEquals(before, now);
        }
    }

    @Test
    void theInputsOfAJobAreItsParameter() throws Exception {
        for (Path response : responses()) {
            Map<String, Object> before = Json.readObject(Files.readAllBytes(response));
            Object input = ((Map<?, ?>) before.get("params")).get("input");
            assertEquals(List.of(input), API.job((String) before.get("job_id")).get("inputs"));
        }
    }

    @Test
    void logsAndResultsAreTheSameBytes() throws Exception {
        int results = 0;
        for (Path response : responses()) {
            Object id = Json.readObject(Files.readAllBytes(response)).get("job_id");
            assertArrayEquals(Files.readAllBytes(folder(id).resolve("log.txt")), download(id, "log?format=text"));
            Path rows = folder(id).resolve("result/data.csv");
            if (Files.exists(rows)) {
                results++;
                assertArrayEquals(Files.readAllBytes(rows), download(id, "result?format=csv"));
                Map<String, Object> page = API.get("/api/v1/jobs/" + id + "/result?limit=2");
                assertEquals(List.of(List.of("whale", 3L), List.of("1+1", 1L)), page.get("rows"));
                assertEquals(
                        List.of(Map.of("name", "word", "type", "string"), Map.of("name", "count", "type", "integer")),
                        page.get("columns"));
            }
        }
        assertEquals(2, results);
    }

    @Test
    void theWaitingJobRunsAndItsKeyStillNamesIt() {
        Map<String, Object> ended = API.awaitEnd(PENDING);
        assertEquals("SUCCEEDED", ended.get("status"), ended::toString);
        assertEquals(1L, ended.get("attempt"));
        assertEquals("word,count\nwhale,3\n", API.csv(PENDING));

        HttpResponse<byte[]> replayed = API.send(API.request("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", "fixture-2")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"name\":\"Pending\",\"params\":{\"input\":\"uploads/fixture.txt\",\"min_count\":2}}"))
                .build());
        assertEquals(200, replayed.statusCode());
        assertEquals(PENDING, ApiClient.json(replayed).get("job_id"));
    }

    @Test
    void theDataDirGetsAFormatNumber() throws IOException {
        assertEquals("1\n", Files.readString(copy.resolve("format")));
        assertFalse(Files.exists(old.resolve("data/format")), "it had none");
    }

    @Test
    void listsSearchesAndDatasetsFindWhatWasThere() {
        assertEquals(5L, API.get("/api/v1/jobs").get("total"));
        assertEquals(3L, API.get("/api/v1/jobs?q=fixture.txt").get("total"));
        assertEquals(1L, API.get("/api/v1/jobs?status=CANCELLED").get("total"));
        assertEquals(
                List.of("uploads/broken.txt.gz", "uploads/fixture.txt", "uploads/lines.txt.gz"),
                ((List<?>) API.get("/api/v1/datasets?path=uploads").get("entries"))
                        .stream().map(entry -> ((Map<?, ?>) entry).get("path")).toList());
        assertTrue(((List<?>) API.get("/api/v1/audit").get("entries")).size() >= 8);
    }

    @Test
    void anEndedJobCanBeRunAgain() throws Exception {
        for (Path response : responses()) {
            Map<String, Object> before = Json.readObject(Files.readAllBytes(response));
            if (before.get("status").equals("FAILED")) {
                String id = (String) API.post("/api/v1/jobs/" + before.get("job_id") + "/rerun")
                        .get("job_id");
                assertEquals(before.get("params"), API.job(id).get("params"));
                assertEquals(before.get("error"), API.awaitEnd(id).get("error"));
                API.send(API.request("/api/v1/jobs/" + id).DELETE().build());
            }
        }
    }
}
