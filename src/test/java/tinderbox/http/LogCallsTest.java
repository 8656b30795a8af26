package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.support.Api;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** A job's log is read by the page and downloaded whole. */
class LogCallsTest {
    private static final TestServer SERVER = TestServer.shared();
    private static final int PORT = SERVER.port();
    private static final Api API = new Api(SERVER);

    private static String id;
    private static String path;
    private static long total;

    @BeforeAll
    static void failOnce() {
        id = (String) API.run("failing", Map.of("how", "in-driver")).get("job_id");
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
    void aPageIsWhereItIsAskedFor(String query, int from, int count, boolean eof) {
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
    void theDownloadIsTheWholeLog() {
        for (Raw request : List.of(Raw.get(path + "?format=text"), Raw.get(path).header("Accept", "text/plain"))) {
            Raw.Reply reply = request.send(PORT);

            assertEquals(200, reply.status());
            assertEquals("text/plain; charset=utf-8", reply.header("Content-Type"));
            assertEquals(
                    "attachment; filename=\"failing-" + id.substring(0, 8) + "-log.txt\"",
                    reply.header("Content-Disposition"));
            assertEquals(total, reply.text().lines().count());
            assertNull(reply.header("Accept-Ranges"));
        }
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
                Raw.get("/api/v1/jobs/" + running + "/log?format=text")
                        .send(PORT)
                        .status());
        BlockingJob.gate(key).open();
        API.ended(running);
    }
}
