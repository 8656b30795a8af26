package tinderbox.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The temporary data dirs of {@code tinderbox run}. */
class LocalServerTest {
    private static final String LOCK = "run.lock";

    @TempDir
    Path temporary;

    private Path newDataDir() throws IOException {
        return LocalServer.newDataDir(Map.of("TMPDIR", temporary.toString()));
    }

    private static Path aged(Path folder) throws IOException {
        return Files.setLastModifiedTime(folder, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    private Path abandoned(String name) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(".tinderbox-run-" + name));
        Files.writeString(folder.resolve(LOCK), "");
        return aged(folder);
    }

    @Test
    void aDataDirInUseIsKeptWhateverItsAge() throws Exception {
        Path used = newDataDir();
        // Collects what nothing refers to, and with it the locks that such channels hold.
        for (int i = 0; i < 3; i++) {
            System.gc();
            aged(used);
            newDataDir();
            assertTrue(Files.exists(used.resolve(LOCK)));
        }
    }

    @Test
    void oldOnesWithoutAHeldLockAreRemoved() throws Exception {
        Path killed = abandoned("killed");
        Path halfRemoved = abandoned("half-removed");
        Files.delete(halfRemoved.resolve(LOCK));
        aged(halfRemoved);
        newDataDir();
        assertFalse(Files.exists(killed));
        assertFalse(Files.exists(halfRemoved));
    }

    @Test
    void thoseOfOtherUsersAreNotTouched() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can make one of another user");
        Path other = abandoned("other");
        // Opening this would wait for a reader.
        Files.delete(other.resolve(LOCK));
        run("mkfifo", other.resolve(LOCK).toString());
        run("chown", "-R", "nobody", other.toString());
        aged(other);
        newDataDir();
        assertTrue(Files.exists(other.resolve(LOCK)));
    }

    private static void run(String... command) throws Exception {
        assertEquals(0, new ProcessBuilder(command).start().waitFor(), List.of(command)::toString);
    }
}
