package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import tinderbox.config.Config;
import tinderbox.config.ConfigException;
import tinderbox.json.Json;

/** {@code --log-file}. */
class LogFileTest {
    private static final int LINES = 20_000;

    @TempDir
    private Path folder;

    /** Logs many lines. A process of its own, because a JVM has one log. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            LoggingStartup.begin();
            LoggingStartup.await(new Config.Logging(Config.LogFormat.JSON, Path.of(arguments[0]), 1 << 20));
            for (int line = 0; line < LINES; line++) {
                LoggerFactory.getLogger("tinderbox.Program").info("{}", line);
            }
            LoggerFactory.getLogger("org.apache.spark.Program").info("too quiet for the server's log");
            LoggerFactory.getLogger("org.apache.spark.Program").warn("of a library");
        }
    }

    @Test
    void aFullFileMakesRoomAndTheOldestIsDeleted() throws Exception {
        Path file = folder.resolve("100%d $1 é.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName(),
                        file.toString())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        assertEquals("", printed, "nothing is on standard error");

        List<String> messages = new ArrayList<>();
        for (int number = 7; number >= 0; number--) {
            Path part = number == 0 ? file : Path.of(file + "." + number);
            assertTrue(Files.size(part) <= (1 << 17) + 1000, part + " has " + Files.size(part) + " bytes");
            for (String line : Files.readAllLines(part)) {
                messages.add((String) Json.readStoredObject(line.getBytes(StandardCharsets.UTF_8))
                        .get("message"));
            }
        }
        int first = Integer.parseInt(messages.get(0));
        List<String> expected = new ArrayList<>(Stream.iterate(first, n -> n + 1)
                .limit(LINES - first)
                .map(String::valueOf)
                .toList());
        expected.add("of a library");
        assertEquals(expected, messages);
        assertTrue(first > 0, "the oldest lines are deleted");
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(8, files.count());
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsReported() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "").resolve("server.log");
        ConfigException refused = assertThrows(
                ConfigException.class,
                () -> LoggingStartup.await(new Config.Logging(Config.LogFormat.TEXT, file, 1 << 20)));
        assertEquals(
                List.of("--log-file " + file + " cannot be written: Not a directory: " + file), refused.problems());
    }
}
