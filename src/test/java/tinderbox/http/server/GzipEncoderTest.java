package tinderbox.http.server;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.http.RawHttp;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** JSON is compressed for clients that accept gzip; nothing else is. */
class GzipEncoderTest {
    private static String job;

    private final int port = TestServer.shared().port();

    @BeforeAll
    static void aJobHasEnded() {
        var apiClient = new ApiClient(TestServer.shared());
        job = "/api/v1/jobs/" + apiClient.run("word-count", Map.of()).get("job_id");
    }

    private RawHttp.Reply get(String path, String acceptEncoding) {
        RawHttp request = RawHttp.get(path);
        return acceptEncoding == null
                ? request.send(port)
                : request.header("Accept-Encoding", acceptEncoding).send(port);
    }

    private static byte[] unpacked(RawHttp.Reply reply) throws IOException {
        return new GZIPInputStream(new ByteArrayInputStream(reply.bytes())).readAllBytes();
    }

    @Test
    void aJobIsCompressedWithAWeakTagThatMatchesAgain() throws IOException {
        RawHttp.Reply plain = get(job, null);
        RawHttp.Reply packed = get(job, "gzip, deflate, br");

        assertEquals("gzip", packed.header("Content-Encoding"));
        assertTrue(packed.bytes().length < plain.bytes().length);
        assertArrayEquals(plain.bytes(), unpacked(packed));
        assertEquals("W/" + plain.header("ETag"), packed.header("ETag"));
        for (RawHttp.Reply reply : new RawHttp.Reply[] {plain, packed}) {
            assertEquals("Origin, Accept-Encoding", reply.header("Vary"));
            assertEquals("application/json; charset=utf-8", reply.header("Content-Type"));
            for (String coding : new String[] {"gzip", "identity"}) {
                RawHttp.Reply again = RawHttp.get(job)
                        .header("Accept-Encoding", coding)
                        .header("If-None-Match", reply.header("ETag"))
                        .send(port);
                assertEquals(304, again.status());
                assertEquals(0, again.bytes().length);
                assertEquals("Origin, Accept-Encoding", again.header("Vary"));
                assertNull(again.header("Content-Encoding"));
                assertEquals((coding.equals("gzip") ? packed : plain).header("ETag"), again.header("ETag"));
            }
        }
    }

    @Test
    void headHasTheHeadersThatGetWouldHave() {
        for (String coding : new String[] {"gzip", "identity"}) {
            RawHttp.Reply get = get(job, coding);
            RawHttp.Reply head = RawHttp.request("HEAD", job)
                    .header("Accept-Encoding", coding)
                    .send(port);

            for (String name : new String[] {"Content-Length", "Content-Encoding", "ETag", "Vary", "Content-Type"}) {
                assertEquals(get.header(name), head.header(name), name);
            }
            assertEquals(0, head.bytes().length);
        }
    }

    @ParameterizedTest(name = "[{0}]: {1}")
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "gzip;q=0 | none",
                "identity;q=0.5, gzip;q=0.4 | none",
                "identity;q=0.4, gzip;q=0.5 | gzip",
                "*;q=0.1 | gzip",
                "br | none",
                "GZIP;Q=1.000 | gzip"
            })
    void theClientChooses(String header, String coding) {
        assertEquals(coding, get("/api/v1/job-types", header).header("Content-Encoding"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/jobs?limit=1", "/api/v1/job-types", "/result?limit=1000", "/log"})
    void everyLargeJsonResponseIsCompressed(String path) throws IOException {
        String target = path.startsWith("/api") ? path : job + path;
        RawHttp.Reply plain = get(target, null);
        RawHttp.Reply packed = get(target, "gzip");

        boolean large = plain.bytes().length >= 1024;
        assertEquals(large ? "Origin, Accept-Encoding" : "Origin", plain.header("Vary"));
        assertEquals(plain.header("Vary"), packed.header("Vary"));
        assertEquals(large ? "gzip" : null, packed.header("Content-Encoding"));
        assertArrayEquals(plain.bytes(), large ? unpacked(packed) : packed.bytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/livez", "/api/v1/jobs?limit=0", "/api/v1/nothing"})
    void smallResponsesAndProblemsAreNotCompressed(String path) {
        assertNull(get(path, "gzip").header("Content-Encoding"));
    }

    @Test
    void downloadsKeepTheirStrongTagsAndRanges() {
        RawHttp.Reply csv = get(job + "/result?format=csv", "gzip");
        assertNull(csv.header("Content-Encoding"));
        assertTrue(csv.header("ETag").startsWith("\""));
        assertEquals("bytes", csv.header("Accept-Ranges"));
        assertEquals(
                206,
                RawHttp.get(job + "/result?format=csv")
                        .header("Accept-Encoding", "gzip")
                        .header("Range", "bytes=0-9")
                        .send(port)
                        .status());
        assertNull(get(job + "/result?format=ndjson", "gzip").header("Content-Encoding"));
        assertNull(get(job + "/log?format=text", "gzip").header("Content-Encoding"));
        assertNull(RawHttp.request("HEAD", "/api/v1/events")
                .header("Accept-Encoding", "gzip")
                .send(port)
                .header("Content-Encoding"));
    }
}
