package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job that is there at every crash must not bring the server down for ever. */
class PoisonIT {
    private static final int ATTEMPTS = 2;

    @TempDir
    Path base;

    private ServerProcess start() {
        return ServerProcess.on(base.resolve("data"))
                .with(Jobs.root(base))
                .with("--max-running", "1", "--max-attempts", Integer.toString(ATTEMPTS))
                .start();
    }

    @Test
    void aJobThatIsThereAtEachCrashFailsAndTheOthersGoOn() {
        String poison = null;
        String behind = null;
        for (long attempt = 1; attempt <= ATTEMPTS; attempt++) {
            try (ServerProcess server = start()) {
                if (poison == null) {
                    poison = Jobs.accepted(server.api(), null, 60);
                    behind = Jobs.accepted(server.api(), null, 0);
                }
                String id = poison;
                Wait.until(() -> "RUNNING".equals(Jobs.state(server.api(), id)));
                assertEquals(attempt, server.api().job(id).get("attempt"));
                server.kill9();
            }
        }
        try (ServerProcess server = start()) {
            Map<String, Object> job = server.api().job(poison);
            assertEquals("FAILED", job.get("status"), job::toString);
            assertEquals("server_crashed", ((Map<?, ?>) job.get("error")).get("code"));
            assertEquals("SUCCEEDED", server.api().ended(behind).get("status"));
            assertEquals(1L, server.api().job(behind).get("attempt"));
        }
    }
}
