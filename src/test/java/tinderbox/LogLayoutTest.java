package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.Test;

/** The server's log with the configuration in the JAR. */
class LogLayoutTest {
    private static String line(String message, Throwable thrown) {
        Configuration configuration = ((LoggerContext) LogManager.getContext(false)).getConfiguration();
        byte[] line = configuration
                .getAppender("console")
                .getLayout()
                .toByteArray(Log4jLogEvent.newBuilder()
                        .setLoggerName("tinderbox.X")
                        .setLevel(Level.INFO)
                        .setMessage(new SimpleMessage(message))
                        .setThrown(thrown)
                        .build());
        return new String(line, StandardCharsets.UTF_8);
    }

    @Test
    void aMessageCannotForgeALine() {
        String line = line("a\r\nb\u001b[31m\u202ec\u0000d\u2028é 😀", null);

        assertTrue(line.endsWith("X: a\\r\\nb?[31m?c?d?é 😀" + System.lineSeparator()), line);
    }

    @Test
    void anExceptionCannotForgeALine() {
        String line = line("failed", new IllegalStateException("a\u001b[31m\u202eb"));

        assertTrue(line.contains("java.lang.IllegalStateException: a?[31m?b"), line);
        assertEquals(-1, line.indexOf('\u001b'));
    }
}
