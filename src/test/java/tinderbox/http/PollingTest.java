package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** Long polls and conditional requests for a job. */
class PollingTest {
    private final TestServer server = TestServer.shared();
    private final int port = server.port();
    private final ApiClient apiClient = new ApiClient(server);

    private static String path(String id) {
        return "/api/v1/jobs/" + id;
    }

    /** A job that runs until its gate is opened. */
    private String running(String key) throws InterruptedException {
        String id = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        return id;
    }

    @Test
    void aJobThatHasNotChangedIsNotSentAgain() {
        String id =
                (String) apiClient.run("failing", Map.of("mode", "in-driver")).get("job_id");

        RawHttp.Reply first = RawHttp.get(path(id)).send(port);
        String etag = first.header("ETag");
        assertTrue(etag.matches("\"[0-9a-f]{32}-[0-9a-f]{16}\""), etag);
        for (String known : List.of(etag, "\"other\", " + etag, "W/" + etag, "*")) {
            RawHttp.Reply again =
                    RawHttp.get(path(id)).header("If-None-Match", known).send(port);
            assertEquals(304, again.status(), known);
            assertEquals(0, again.bytes().length);
            assertEquals(etag, again.header("ETag"));
            assertNull(again.header("Content-Length"));
        }
        assertEquals(
                200,
                RawHttp.get(path(id))
                        .header("If-None-Match", "\"other\"")
                        .send(port)
                        .status());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"/api/v1/jobs", "/api/v1/job-types", "/api/v1/datasets", "/livez", "/", "/css/app.css"})
    void headHasTheHeadersOfGetAndNoBody(String path) {
        RawHttp.Reply get = RawHttp.get(path).send(port);
        RawHttp.Reply head = RawHttp.request("HEAD", path).send(port);

        assertEquals(200, head.status());
        assertEquals(0, head.bytes().length);
        assertEquals(Integer.toString(get.bytes().length), get.header("Content-Length"));
        assertEquals(get.headers().keySet(), head.headers().keySet());
        assertEquals(get.header("Content-Type"), head.header("Content-Type"));
        if (!path.equals("/api/v1/jobs")) {
            assertEquals(get.header("Content-Length"), head.header("Content-Length"));
        }
    }

    @Test
    void aLongPollEndsWithTheJobAndHoldsNoThread() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = running(key);
        List<Socket> waiting = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                waiting.add(RawHttp.get(path(id) + "?wait=60").open(port));
            }
            assertEquals(200, RawHttp.get("/livez").send(port).status(), "there are only 16 worker threads");

            BlockingJob.gate(key).open();

            for (Socket socket : waiting) {
                RawHttp.Reply reply = RawHttp.read(socket);
                assertEquals(200, reply.status());
                assertEquals("SUCCEEDED", reply.json().get("status"));
                assertNotNull(reply.header("ETag"));
            }
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    @Test
    void aLongPollThatTimesOutShowsTheCurrentJob() throws Exception {
        String key = UUID.randomUUID().toString();
        String id = running(key);

        RawHttp.Reply reply = RawHttp.get(path(id) + "?wait=1").send(port);

        assertEquals(200, reply.status());
        assertEquals("RUNNING", reply.json().get("status"));
        BlockingJob.gate(key).open();
        assertEquals("SUCCEEDED", apiClient.awaitEnd(id).get("status"));
        assertEquals(
                "SUCCEEDED",
                RawHttp.get(path(id) + "?wait=60").send(port).json().get("status"));
    }

    @Test
    void anEndedJobIsShownAsItWasUntilItIsDeleted() {
        String id =
                (String) apiClient.run("failing", Map.of("mode", "in-driver")).get("job_id");
        byte[] first = RawHttp.get(path(id)).send(port).bytes();
        for (int i = 0; i < 3; i++) {
            assertArrayEquals(first, RawHttp.get(path(id)).send(port).bytes());
        }
        assertEquals(204, RawHttp.request("DELETE", path(id)).send(port).status());
        assertEquals(404, RawHttp.get(path(id)).send(port).status());
    }
}
