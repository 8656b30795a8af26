package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The commands against something else that listens at the address. */
class ForeignServerTest {
    private static final String JOB = "00000000-0000-0000-0000-000000000000";

    @TempDir
    Path folder;

    /** Runs a command against a server that always sends this response. */
    private static CliRun run(int status, String contentType, String body, String... command) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Content-Type", contentType);
            exchange.getResponseHeaders().add("Retry-After", "Wed, 21 Oct 2026 07:28:00 GMT");
            exchange.getResponseHeaders().add("Location", "http://127.0.0.1:1/");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            List<String> words = new ArrayList<>(List.of(command));
            words.addAll(List.of(
                    "--server", "http://127.0.0.1:" + server.getAddress().getPort()));
            return CliRun.of(words.toArray(String[]::new));
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "wait | 200 | text/html | <p>",
                "wait | 200 | text/event-stream | event: snapshot\\ndata: x\\n\\n",
                "status | 302 | text/html | ``",
                "status | 302 | application/json | {}",
                "status | 500 | application/json | {}",
                "list | 200 | application/json | {}",
                "status | 200 | application/json | {}",
                "log | 200 | application/json | {\"lines\":[1],\"next\":1}",
                "status | 503 | text/html | <p>",
                "result | 200 | application/json | {\"columns\":[{\"name\":\"a\"}],\"rows\":[[]],\"total\":1}",
                "rerun | 200 | application/json | {}",
                "cancel | 200 | application/json | {\"status\":1}"
            })
    void thatItIsNoTinderboxServerIsSaid(String command, int status, String type, String body) throws Exception {
        CliRun run = run(status, type, body.replace("\\n", "\n"), command, command.equals("list") ? "--limit=1" : JOB);
        assertEquals(1, run.code(), run.err());
        assertEquals("", run.out());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(run.err().endsWith("check the address\n"), run.err());
    }

    @Test
    void anEventWithoutAStatusIsNotTheEnd() throws Exception {
        String events = "event: snapshot\ndata: {\"job\":{}}\n\nevent: job\ndata: {\"status\":\"SUCCEEDED\"}\n\n";
        assertEquals(1, run(200, "text/event-stream", events, "wait", JOB).code());
    }

    @Test
    void itControlsNoTerminal() throws Exception {
        String evil = "\\u001b]0;x\\u0007\\u009b\\u202e";
        String body =
                "{\"job_id\":\"E\",\"path\":\"E\",\"secret\":\"E\",\"status\":\"E\",\"lines\":[{\"n\":0,\"time\":\"E\",\"level\":\"INFO\",\"text\":\"E\"}],\"next\":1,\"total\":1}"
                        .replace("E", evil);
        String file = Files.writeString(folder.resolve("file"), "").toString();
        for (List<String> command : List.of(
                List.of("rerun", JOB),
                List.of("cancel", JOB),
                List.of("status", JOB),
                List.of("log", JOB),
                List.of("upload", file),
                List.of("token", "create", "--name", "a", "--role", "viewer"))) {
            CliRun run = run(200, "application/json", body, command.toArray(String[]::new));
            assertEquals(0, run.code(), run.err());
            assertTrue(run.out().contains("?]0;x???"), run.out());
            assertFalse(run.out().contains("\u001b"), run.out());
        }
        CliRun refused = run(
                400,
                "application/json",
                "{\"title\":\"E\",\"errors\":[{\"field\":\"E\",\"message\":\"E\",\"position\":{\"line\":-1,\"column\":-9,\"length\":-7}}]}"
                        .replace("E", evil),
                "rerun",
                JOB);
        assertEquals("tinderbox: ?]0;x??? ?]0;x???\n", refused.err());
    }
}
