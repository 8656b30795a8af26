package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.ApiClient;

/** Somebody removes the lock file, and a second server starts on the same data dir. */
class TakenDataDirIT {
    private static final int EXIT_TAKEN_OVER = 4;

    @TempDir
    Path base;

    @Test
    void theFirstServerStopsAndTheSecondTakesOverItsJobs() throws Exception {
        Path data = base.resolve("data");
        try (ServerProcess first =
                ServerProcess.on(data).with(JobClient.rootOption(base)).start()) {
            String ended = JobClient.submitAccepted(first.apiClient(), null, 0);
            assertEquals("SUCCEEDED", first.apiClient().awaitEnd(ended).get("status"));
            String running = JobClient.submitAccepted(first.apiClient(), null, 30);
            await().until(() -> "RUNNING".equals(first.apiClient().job(running).get("status")));
            String pending = JobClient.submitAccepted(first.apiClient(), null, 0);
            Files.delete(data.resolve("lock"));
            try (ServerProcess second =
                    ServerProcess.on(data).with(JobClient.rootOption(base)).start()) {
                assertEquals(EXIT_TAKEN_OVER, first.awaitExit(), first::output);
                assertEquals(
                        1,
                        first.output()
                                .lines()
                                .filter(line -> line.contains("has taken the data dir"))
                                .count(),
                        first::output);
                ApiClient apiClient = second.apiClient();
                for (String id : new String[] {ended, pending}) {
                    Map<String, Object> job = apiClient.awaitEnd(id);
                    assertEquals("SUCCEEDED", job.get("status"), job::toString);
                    assertEquals(JobClient.CSV, apiClient.csv(id));
                }
                assertTrue(second.isAlive(), second::output);
                // As after a crash.
                await().until(() ->
                        Long.valueOf(2).equals(apiClient.job(running).get("attempt")));
            }
        }
    }
}
