package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** Logs are read in pages and downloaded. */
class LogsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final int PORT = SERVER.port();
    private static final ApiClient API = new ApiClient(SERVER);

    private static String id;
    private static String path;
    private static long total;

    @BeforeAll
    static void failOnce() {
        id = (String) API.run("failing", Map.of("mode", "in-driver")).get("job_id");
        path = "/api/v1/jobs/" + id + "/log";
        total = (Long) API.get(path).get("total");
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> lines(Map<String, Object> page) {
        return (List<Map<String, Object>>) page.get("lines");
    }

    @Test
    void aPageHasNumberedLines() {
        Map<String, Object> page = API.get(path);

        assertEquals(
                List.of("job_id", "from", "next", "total", "truncated_before", "eof", "lines"),
                List.copyOf(page.keySet()));
        assertEquals(id, page.get("job_id"));
        assertEquals(0L, page.get("from"));
        assertEquals(total, page.get("next"));
        assertEquals(0L, page.get("truncated_before"));
        assertEquals(true, page.get("eof"));
        assertEquals(total, lines(page).size());
        Map<String, Object> first = lines(page).get(0);
        assertEquals(List.of("n", "time", "level", "text"), List.copyOf(first.keySet()));
        assertEquals(0L, first.get("n"));
        assertEquals("INFO", first.get("level"));
        assertTrue(first.get("time").toString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "?limit=1, 0, 1, false",
        "?from=1&limit=1, 1, 1, false",
        "?from=-1, -1, 1, true",
        "?from=1000000, 0, 0, true"
    })
    void aPageHasTheRequestedLines(String query, int from, int count, boolean eof) {
        Map<String, Object> page = API.get(path + query);

        assertEquals(count, lines(page).size());
        assertEquals(eof, page.get("eof"));
        if (count > 0) {
            assertEquals(from < 0 ? total + from : from, lines(page).get(0).get("n"));
        }
    }

    @Test
    void onlyLinesOfALevelAreShown() {
        List<Map<String, Object>> errors = lines(API.get(path + "?level=ERROR"));

        assertTrue(!errors.isEmpty() && errors.size() < total);
        assertTrue(errors.stream().allMatch(line -> line.get("level").equals("ERROR")));
    }

    @Test
    void onlyLinesWithATextAreShown() {
        List<Map<String, Object>> found = lines(API.get(path + "?q=ATTEMPT%201"));

        assertTrue(!found.isEmpty() && found.size() < total);
        assertTrue(found.stream().allMatch(line -> line.get("text").toString().contains("Attempt 1")));
        assertEquals(List.of(), lines(API.get(path + "?q=ATTEMPT%201&level=ERROR")));
    }

    @Test
    void theDownloadIsTheWholeLog() {
        for (RawHttp request :
                List.of(RawHttp.get(path + "?format=text"), RawHttp.get(path).header("Accept", "text/plain"))) {
            RawHttp.Reply reply = request.send(PORT);

            assertEquals(200, reply.status());
            assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
            assertEquals(
                    "attachment; filename=\"failing-" + id.substring(0, 8) + "-log.txt\"",
                    reply.header("Content-Disposition"));
            assertEquals(total, reply.text().lines().count());
            RawHttp.Reply rest = RawHttp.get(path + "?format=text")
                    .header("Range", "bytes=10-")
                    .header("If-Range", reply.header("ETag"))
                    .send(PORT);
            assertEquals(206, rest.status());
            assertEquals(reply.text().substring(10), rest.text());
            assertEquals(
                    304,
                    RawHttp.get(path + "?format=text")
                            .header("If-None-Match", reply.header("ETag"))
                            .send(PORT)
                            .status());
        }
    }

    @Test
    void aLogThatGrewTooLargeSaysWhatIsGoneAndKeepsTheFailure() {
        String large = (String)
                API.run("printing", Map.of("word", "plum", "long_lines", 9_000)).get("job_id");
        Map<String, Object> page = API.get("/api/v1/jobs/" + large + "/log?from=5&limit=1");
        long gone = (Long) page.get("truncated_before");

        assertTrue(gone > 500 && gone < 3_000, () -> gone + " lines are gone");
        assertEquals(gone, page.get("from"));
        assertEquals(gone, lines(page).get(0).get("n"));
        assertTrue((Long) page.get("total") > 9_000);
        List<Map<String, Object>> errors = lines(API.get("/api/v1/jobs/" + large + "/log?level=ERROR&from=-100"));
        assertTrue(errors.get(0).get("text").toString().contains("that was too much plum"));
        assertTrue(API.job(large).get("log_preview").toString().contains("that was too much plum"));

        RawHttp.Reply reply =
                RawHttp.get("/api/v1/jobs/" + large + "/log?format=text").send(PORT);
        List<String> text = reply.text().lines().toList();
        assertEquals("The first " + gone + " lines are gone: the log grew beyond its limit", text.get(0));
        assertEquals((Long) page.get("total") - gone + 1, text.size());
        assertTrue(Long.parseLong(reply.header("Content-Length")) < 65 << 20);
    }

    @Test
    void aListReadsNoLog() throws Exception {
        String unreadable =
                (String) API.run("failing", Map.of("mode", "in-driver")).get("job_id");
        Path month = SERVER.dataDir()
                .resolve("ended")
                .resolve(API.job(unreadable).get("finished_at").toString().substring(0, 7));
        Path log = month.resolve(unreadable).resolve("log.txt");
        Files.delete(log);
        Files.createDirectory(log);

        assertEquals(
                500,
                RawHttp.get("/api/v1/jobs/" + unreadable + "/log").send(PORT).status());
        assertEquals(200, RawHttp.get("/api/v1/jobs?q=" + unreadable).send(PORT).status());
        Files.delete(log);
    }

    @Test
    void aLogCanBeReadWhileTheJobRunsAndBeforeIt() throws Exception {
        String key = UUID.randomUUID().toString();
        String running = API.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();

        Map<String, Object> page = API.get("/api/v1/jobs/" + running + "/log");

        assertEquals(false, page.get("eof"));
        assertTrue(!lines(page).isEmpty());
        assertEquals(
                200,
                RawHttp.get("/api/v1/jobs/" + running + "/log?format=text")
                        .send(PORT)
                        .status());
        BlockingJob.gate(key).open();
        API.awaitEnd(running);
    }
}
