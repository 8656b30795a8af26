package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One data dir, one server. */
class LockIT {
    @TempDir
    Path base;

    @Test
    void theSecondServerNamesTheFirstAlsoWhereThatIsStopped() {
        Path dataDir = base.resolve("data");
        try (ServerProcess first = ServerProcess.on(dataDir).start()) {
            assertRefused(dataDir, first);
            first.signal("STOP");
            assertRefused(dataDir, first);
            first.signal("CONT");
            assertEquals(200, JobClient.status(first.apiClient(), "/livez"), "the first one goes on");
            first.kill9();
        }
        try (ServerProcess next = ServerProcess.on(dataDir).start()) {
            assertTrue(next.isAlive(), "a killed server holds nothing");
        }
    }

    private static void assertRefused(Path dataDir, ServerProcess first) {
        try (ServerProcess second = ServerProcess.on(dataDir).begin()) {
            assertEquals(3, second.awaitExit(), second::output);
            assertTrue(second.output().contains("process " + first.pid()), second::output);
        }
    }
}
