package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.Api;

/** Somebody removes the lock, and a second server starts on the same data dir. */
class TakenDataDirIT {
    private static final int TAKEN = 4;

    @TempDir
    Path base;

    @Test
    void theFirstServerStopsAndItsJobsGoToTheSecond() throws Exception {
        Path data = base.resolve("data");
        try (ServerProcess first = ServerProcess.on(data).with(Jobs.root(base)).start()) {
            String ended = Jobs.accepted(first.api(), null, 0);
            assertEquals("SUCCEEDED", first.api().ended(ended).get("status"));
            String runs = Jobs.accepted(first.api(), null, 30);
            Wait.until(() -> "RUNNING".equals(first.api().job(runs).get("status")));
            String waits = Jobs.accepted(first.api(), null, 0);
            Files.delete(data.resolve("lock"));
            try (ServerProcess second =
                    ServerProcess.on(data).with(Jobs.root(base)).start()) {
                assertEquals(TAKEN, first.awaitExit(), first::output);
                assertEquals(
                        1,
                        first.output()
                                .lines()
                                .filter(line -> line.contains("has taken the data dir"))
                                .count(),
                        first::output);
                Api api = second.api();
                for (String id : new String[] {ended, waits}) {
                    Map<String, Object> job = api.ended(id);
                    assertEquals("SUCCEEDED", job.get("status"), job::toString);
                    assertEquals(Jobs.CSV, api.csv(id));
                }
                assertTrue(second.isAlive(), second::output);
                // As after a crash.
                Wait.until(() -> Long.valueOf(2).equals(api.job(runs).get("attempt")));
            }
        }
    }
}
