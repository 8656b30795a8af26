package tinderbox.security.audit;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that writes an audit log is killed. */
class AuditKillTest {
    private static final long FILE_BYTES = 100_000;

    @TempDir
    Path dataDir;

    /** The process: writes lines for ever, and prints the number of each. */
    static final class Writer {
        private Writer() {}

        public static void main(String[] arguments) throws Exception {
            try (AuditLog log = new AuditLog(Path.of(arguments[0]), Clock.systemUTC(), FILE_BYTES)) {
                for (long i = 1; !System.out.checkError(); i++) {
                    log.append(AuditFixture.event("ann", AuditAction.SUBMIT, "job-" + i));
                    System.out.println(i);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 700, 3000})
    void aKillLosesNoWrittenLine(int lines) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Writer.class.getName(),
                        dataDir.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long lastPrinted = 0;
        try (BufferedReader out = process.inputReader()) {
            while (lastPrinted < lines) {
                lastPrinted = Long.parseLong(out.readLine());
            }
            process.toHandle().destroyForcibly();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            lastPrinted = out.lines()
                    .filter(line -> line.matches("\\d+"))
                    .mapToLong(Long::parseLong)
                    .reduce(lastPrinted, Math::max);
        }
        new AuditLog(dataDir, Clock.systemUTC(), FILE_BYTES).close();
        AuditCheck.Intact intact = assertInstanceOf(AuditCheck.Intact.class, AuditFixture.check(dataDir));
        assertTrue(intact.lines() >= lastPrinted, () -> intact + " must have every line whose number was printed");
    }
}
