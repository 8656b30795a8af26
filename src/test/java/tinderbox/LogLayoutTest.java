package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import tinderbox.json.Json;

/** The server's log with the configuration in the JAR. */
class LogLayoutTest {
    private static final String FORMAT = "tinderbox.log-format";

    private static String line(String message, Throwable thrown) {
        return line(((LoggerContext) LogManager.getContext(false)).getConfiguration(), message, thrown);
    }

    private static String line(Configuration configuration, String message, Throwable thrown) {
        byte[] line = configuration
                .getAppender("console")
                .getLayout()
                .toByteArray(Log4jLogEvent.newBuilder()
                        .setLoggerName("tinderbox.X")
                        .setLevel(Level.INFO)
                        .setThreadName("main")
                        .setTimeMillis(1000)
                        .setMessage(new SimpleMessage(message))
                        .setThrown(thrown)
                        .build());
        return new String(line, StandardCharsets.UTF_8);
    }

    /** A line of {@code --log-format json}. */
    private static Map<String, Object> jsonLine(String message, Throwable thrown) throws Exception {
        System.setProperty(FORMAT, "json");
        try (var context = new LoggerContext(
                "json", null, LogLayoutTest.class.getResource("/log4j2.xml").toURI())) {
            context.start();
            String line = line(context.getConfiguration(), message, thrown);
            assertEquals(1, line.lines().count());
            return Json.readStoredObject(line.getBytes(StandardCharsets.UTF_8));
        } finally {
            System.clearProperty(FORMAT);
        }
    }

    @Test
    void aMessageCannotForgeALine() {
        String line = line("a\r\nb\u001b[31m\u202ec\u0000d\u2028é 😀", null);

        assertTrue(line.endsWith("X: a\\r\\nb?[31m?c?d?é 😀" + System.lineSeparator()), line);
    }

    @Test
    void aLineHasTheIdOfItsRequest() throws Exception {
        MDC.put("request_id", "0123456789abcdef");
        try {
            assertEquals(
                    "1970-01-01T00:00:01.000Z INFO  [main] X: (request 0123456789abcdef) a" + System.lineSeparator(),
                    line("a", null));
            assertEquals("0123456789abcdef", jsonLine("a", null).get("http.request.id"));
        } finally {
            MDC.remove("request_id");
        }
        assertEquals("1970-01-01T00:00:01.000Z INFO  [main] X: a" + System.lineSeparator(), line("a", null));
    }

    @Test
    void inJsonAnEventIsOneObject() throws Exception {
        assertEquals(
                Map.of(
                        "@timestamp", "1970-01-01T00:00:01.000Z",
                        "log.level", "INFO",
                        "message", "a\r\nb?[31m?c?d?é 😀 \"q\"",
                        "log.logger", "tinderbox.X",
                        "process.thread.name", "main",
                        "service.name", "tinderbox",
                        "ecs.version", "1.2.0"),
                jsonLine("a\r\nb\u001b[31m\u202ec\u0000d\u2028é 😀 \"q\"", null));
        Map<String, Object> failed = jsonLine("failed", new IllegalStateException("a\nb"));
        assertEquals("java.lang.IllegalStateException", failed.get("error.type"));
        assertEquals("a\nb", failed.get("error.message"));
        assertTrue(((String) failed.get("error.stack_trace")).contains("at tinderbox.LogLayoutTest"));
    }

    @Test
    void anExceptionCannotForgeALine() {
        String line = line("failed", new IllegalStateException("a\u001b[31m\u202eb"));

        assertTrue(line.contains("java.lang.IllegalStateException: a?[31m?b"), line);
        assertEquals(-1, line.indexOf('\u001b'));
    }
}
