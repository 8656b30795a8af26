package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.support.TestServer;

/** A bad body gets a problem document that says what is wrong, at which position, and what to do. */
class BadBodyTest {
    private static final String NOBODY = "00000000-0000-4000-8000-000000000000";

    private final int port = TestServer.shared().port();

    private RawHttp.Reply submit(String json) {
        return RawHttp.post("/api/v1/jobs").json(json).send(port);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "{ | at position 1",
                "{\"type\" | at position 7",
                "{\"type\":} | at position 9",
                "{\"type\":\"word-count\",} | at position 22",
                "{\"a\":tru} | at position",
                "{'type':'word-count'} | at position 2",
                "[] | at position 1",
                "null | at position 1",
                "\"word-count\" | at position 1",
                "{} {} | at position 4",
                "{\"name\":\"a\tb\"} | at position 11",
                "{\"name\":\"\\ud83d\"} | at position 10",
                "{\"name\":\"\\udc00\\ud800\"} | at position 10",
                "nonsense | at position 1",
                "{\"params\":{\"min_length\":+1}} | at position 25",
                "{\"params\":{\"min_length\":1e999999999}} | at position 25",
                "{\"type\":\"word-count\",\"type\":\"word-count\"} | The key \"type\" is there twice",
                "{\"params\":{\"min_length\":1,\"min_length\":2}} | The key \"min_length\" is there twice"
            })
    void malformedJsonIsRefusedWithItsPosition(String body, String position) {
        RawHttp.Reply reply = submit(body);

        reply.assertProblem(400, "malformed_json");
        assertTrue(reply.json().get("detail").toString().contains(position), reply::text);
    }

    @Test
    void aBodyThatIsNotUtf8IsRefusedWithItsPosition() {
        var body = new ByteArrayOutputStream();
        body.writeBytes("{\"name\":\"".getBytes(StandardCharsets.UTF_8));
        body.write(0xFF);
        body.writeBytes("\"}".getBytes(StandardCharsets.UTF_8));

        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Content-Type", "application/json")
                .body(body.toByteArray())
                .send(port);

        reply.assertProblem(400, "malformed_json");
        assertTrue(reply.json().get("detail").toString().contains("Not UTF-8 at position 10"), reply::text);
    }

    @Test
    void nestingBeyondTheLimitIsRefused() {
        submit("{\"params\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}").assertProblem(400, "malformed_json");
    }

    @Test
    void aRefusedNumberLeavesTheAuditReadable() {
        submit("{\"params\":{\"min_length\":1e999999999}}").assertProblem(400, "malformed_json");

        // Refusals beyond a rate are only counted in the audit log, and other tests are refused a lot, too.
        await().untilAsserted(() -> {
            submit("{\"params\":{\"min_length\":1e999}}").assertProblem(422, "invalid_job");
            RawHttp.Reply audit =
                    RawHttp.get("/api/v1/audit?action=submit&limit=2").send(port);
            assertEquals(200, audit.status(), audit::text);
            assertTrue(audit.text().contains("\"min_length\":\"1E+999\""), audit::text);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "\r\n\t", "\ufeff", "\ufeff \n", "\ufeff{}"})
    void aBlankBodyIsEmptyAndAByteOrderMarkIsSkipped(String body) {
        RawHttp.Reply reply =
                RawHttp.post("/api/v1/jobs/" + NOBODY + "/cancel").json(body).send(port);

        reply.assertProblem(404, "job_not_found");
    }

    @Test
    void everyUnknownFieldAndWrongTypeIsReported() {
        RawHttp.Reply reply = submit("{\"typ\":\"x\",\"name\":7,\"params\":[],\"kolour\":null}");

        reply.assertProblem(400, "unknown_field");
        assertEquals(List.of("typ", "kolour", "name", "params"), reply.fields());
    }

    @Test
    void wrongTypesAreReported() {
        RawHttp.Reply reply = submit("{\"type\":true,\"name\":7,\"params\":\"x\"}");

        reply.assertProblem(400, "wrong_type");
        assertEquals(List.of("type", "name", "params"), reply.fields());
    }

    @Test
    void everyWrongParameterIsReportedTogetherWithTheName() {
        RawHttp.Reply reply =
                submit("{\"name\":\"" + "x".repeat(201) + "\\u0007\",\"params\":{\"input\":\"samples/none.txt\","
                        + "\"min_length\":0,\"min_count\":\"many\",\"case_sensitive\":\"yes\",\"size\":1}}");

        reply.assertProblem(422, "invalid_job");
        assertEquals(
                List.of(
                        "name",
                        "name",
                        "params.input",
                        "params.case_sensitive",
                        "params.min_length",
                        "params.min_count",
                        "params.size"),
                reply.fields());
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\n", "\\u0085", "\\u2028", "\\u2029"})
    void aNameIsOneLine(String end) {
        RawHttp.Reply reply = submit("{\"name\":\"a" + end + "b\"}");

        reply.assertProblem(422, "invalid_job");
        assertEquals(List.of("name"), reply.fields());
    }

    @Test
    void anUnknownJobTypeIsRefused() {
        RawHttp.Reply reply = submit("{\"type\":\"pi\"}");

        reply.assertProblem(422, "invalid_job");
        assertEquals(List.of("type"), reply.fields());
    }

    @ParameterizedTest(name = "the input {0} is refused")
    @ValueSource(
            strings = {
                "samples/../samples/moby-dick.txt",
                "samples/..",
                "../samples/moby-dick.txt",
                "samples/%2e%2e/x",
                "/etc/passwd",
                "file:///etc/passwd",
                "samples/*",
                "samples/moby-dick.txt,samples/PROVENANCE.md",
                "samples\\\\moby-dick.txt",
                "samples/no-such-file.txt",
                "nowhere/moby-dick.txt",
                ""
            })
    void aPathWithoutADatasetIsRefused(String input) {
        RawHttp.Reply reply = submit("{\"params\":{\"input\":\"" + input + "\"}}");

        reply.assertProblem(422, "invalid_job");
        assertEquals(List.of("params.input"), reply.fields());
    }

    @Test
    void aLinkOutOfItsRootAndAFolderWithoutFilesAreRefused() throws IOException {
        Path root = TestServer.shared().root();
        Path outside = Files.createTempFile("outside", ".txt");
        Files.createSymbolicLink(root.resolve("link.txt"), outside);
        Files.createSymbolicLink(root.resolve("link"), outside.getParent());
        Files.createDirectories(root.resolve("no-files/folder"));
        Files.writeString(root.resolve("no-files/.hidden"), "hidden\n");

        for (String input : List.of(
                "test/link.txt", "test/link/" + outside.getFileName(), "test/no-files", "test/no-files/.hidden")) {
            RawHttp.Reply reply = submit("{\"params\":{\"input\":\"" + input + "\"}}");

            reply.assertProblem(422, "invalid_job");
            assertEquals(List.of("params.input"), reply.fields());
            assertFalse(reply.text().contains(root.toString()));
        }
    }

    @Test
    void curlsDefaultContentTypeIsRefusedWithAdvice() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("{}".getBytes(StandardCharsets.UTF_8))
                .send(port);

        reply.assertProblem(415, "unsupported_media_type");
        assertTrue(reply.json().get("detail").toString().contains("-H 'Content-Type: application/json'"));
    }

    @ParameterizedTest(name = "{0}: {1} is refused")
    @CsvSource({
        "Content-Type, text/plain",
        "Content-Type, application/jsonp",
        "Content-Type, application/json; charset=utf-16",
        "Content-Encoding, gzip"
    })
    void otherMediaTypesAreRefused(String header, String value) {
        RawHttp.post("/api/v1/jobs")
                .header(header, value)
                .body("{}".getBytes(StandardCharsets.UTF_8))
                .send(port)
                .assertProblem(415, "unsupported_media_type");
    }

    @Test
    void aBodyOfATooLargeContentLengthIsRefused() {
        RawHttp.post("/api/v1/jobs").body(new byte[3 << 20]).send(port).assertProblem(413, "too_large");
    }

    @Test
    void aTooLargeChunkedBodyIsRefused() {
        RawHttp.post("/api/v1/jobs").chunked(new byte[5 << 20]).send(port).assertProblem(413, "too_large");
    }

    @Test
    void aBodyAsLargeAsAllowedIsRead() {
        byte[] body = ("{\"name\":\"x\"" + " ".repeat((1 << 20) - 13) + "}}").getBytes(StandardCharsets.UTF_8);
        assertEquals(1 << 20, body.length);

        RawHttp.post("/api/v1/jobs").chunked(body).send(port).assertProblem(400, "malformed_json");
    }

    @Test
    void cancelAndRerunTakeNoFields() {
        for (String call : List.of("cancel", "rerun")) {
            RawHttp.Reply reply = RawHttp.post("/api/v1/jobs/" + NOBODY + "/" + call)
                    .json("{\"force\":true}")
                    .send(port);
            reply.assertProblem(400, "unknown_field");
            assertEquals(List.of("force"), reply.fields());
        }
    }

    @Test
    void brokenChunksCreateNoJob() throws IOException {
        try (Socket socket = RawHttp.post("/api/v1/jobs")
                .header("Transfer-Encoding", "chunked")
                .open(port)) {
            socket.getOutputStream().write("2\r\n{}\r\nZZ\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

            RawHttp.read(socket).assertProblem(400, "malformed_request");
        }
    }
}
