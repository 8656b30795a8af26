package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that runs at every crash must not bring the server down forever. */
class CrashingJobIT {
    private static final int ATTEMPTS = 2;

    @TempDir
    Path base;

    private ServerProcess start() {
        return ServerProcess.on(base.resolve("data"))
                .with(JobClient.rootOption(base))
                .with("--max-running", "1", "--max-attempts", Integer.toString(ATTEMPTS))
                .start();
    }

    @Test
    void aJobThatRunsAtEachCrashFailsAndOthersContinue() {
        String crashing = null;
        String other = null;
        for (long attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try (ServerProcess server = start()) {
                if (crashing == null) {
                    crashing = JobClient.submitAccepted(server.apiClient(), null, 60);
                    other = JobClient.submitAccepted(server.apiClient(), null, 0);
                }
                String id = crashing;
                await().until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), id)));
                assertEquals(attempt, server.apiClient().job(id).get("attempt"));
                server.kill9();
            }
        }
        try (ServerProcess server = start()) {
            Map<String, Object> job = server.apiClient().job(crashing);
            assertEquals("FAILED", job.get("status"), job::toString);
            assertEquals("server_crashed", ((Map<?, ?>) job.get("error")).get("code"));
            assertEquals("SUCCEEDED", server.apiClient().awaitEnd(other).get("status"));
            assertEquals(1L, server.apiClient().job(other).get("attempt"));
        }
    }
}
