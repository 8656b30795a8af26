package tinderbox.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminalTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Terminal terminal() throws Exception {
        return new Terminal(folder, folder.resolve("commands"), Map.of("PATH", System.getenv("PATH")));
    }

    private static void awaitEnd(long pid) throws Exception {
        ProcessHandle.of(pid)
                .ifPresent(left -> left.onExit()
                        .orTimeout(LIMIT.toSeconds(), TimeUnit.SECONDS)
                        .join());
    }

    @Test
    void whatCommandsLeaveRunningEndsWithIt() throws Exception {
        long orphan;
        try (Terminal terminal = terminal()) {
            // Its parent, a subshell, has ended.
            orphan = Long.parseLong(terminal.run("(sleep 1000 >/dev/null 2>&1 & echo $!)", LIMIT)
                    .printed()
                    .strip());
            assertTrue(ProcessHandle.of(orphan).isPresent());
            assertEquals(new Terminal.Outcome("", 0), terminal.run("wait", LIMIT), "for no process of its own");
        }
        awaitEnd(orphan);
    }

    @Test
    void whatCommandsLeaveRunningEndsThoughTheShellHas() throws Exception {
        long orphan;
        try (Terminal terminal = terminal()) {
            assertEquals(
                    -1, terminal.run("sleep 1000 & echo $! >pid; exit", LIMIT).status());
            orphan = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
        }
        awaitEnd(orphan);
    }

    @Test
    void aLimitEndsTheCommandAndItsChildren() throws Exception {
        Terminal terminal = terminal();
        long child;
        try (terminal) {
            terminal.run("cat /dev/zero >/dev/null & echo $! >pid", LIMIT);
            child = Long.parseLong(Files.readString(folder.resolve("pid")).strip());
            assertThrows(TimeoutException.class, () -> terminal.run("cat /dev/zero | cat >/dev/null", Duration.ZERO));
        }
        awaitEnd(child);
    }

    @Test
    void noCommandFillsTheDiskOrTheMemory() throws Exception {
        try (Terminal terminal = terminal()) {
            assertEquals(
                    0, terminal.run("test $(ulimit -f) != unlimited", LIMIT).status());
            assertEquals(
                    1 << 20,
                    terminal.run("head -c 3000000 /dev/zero", LIMIT).printed().length());
        }
    }
}
