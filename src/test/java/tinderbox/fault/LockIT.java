package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Only one server can use a data dir. */
class LockIT {
    @TempDir
    Path base;

    @Test
    void theSecondServerNamesTheFirstEvenIfThatIsSuspended() {
        Path dataDir = base.resolve("data");
        try (ServerProcess first = ServerProcess.on(dataDir).start()) {
            assertRefused(dataDir, first);
            first.signal("STOP");
            assertRefused(dataDir, first);
            first.signal("CONT");
            assertEquals(200, JobClient.status(first.apiClient(), "/livez"), "the first one continues");
            first.kill9();
        }
        try (ServerProcess next = ServerProcess.on(dataDir).start()) {
            assertTrue(next.isAlive(), "a killed server holds no lock");
        }
    }

    private static void assertRefused(Path dataDir, ServerProcess first) {
        try (ServerProcess second = ServerProcess.on(dataDir).launch()) {
            assertEquals(3, second.awaitExit(), second::output);
            assertTrue(second.output().contains("process " + first.pid()), second::output);
        }
    }
}
