package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many more jobs than cores run at the same time. They succeed, and can be cancelled. */
class ManyAtOnceIT {
    private static final int RUNNING = 64;
    private static final int CANCELLED = 16;
    private static final int DELAY_SECONDS = 10;

    @TempDir
    Path base;

    @Test
    void concurrentJobsSucceedOrAreCancelled() {
        try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                .with(JobClient.rootOption(base))
                .with("--max-running", Integer.toString(RUNNING))
                .start()) {
            List<String> counting = new ArrayList<>();
            List<String> cancelled = new ArrayList<>();
            for (int i = 0; i < RUNNING; i++) {
                if (i < CANCELLED) {
                    cancelled.add(JobClient.submitAccepted(server.apiClient(), null, 60));
                } else {
                    counting.add(JobClient.submitAccepted(server.apiClient(), null, DELAY_SECONDS));
                }
            }
            String last = counting.get(counting.size() - 1);
            await().until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), last)));
            cancelled.forEach(id -> assertEquals(202, JobClient.cancel(server.apiClient(), id)));
            List<String> started = new ArrayList<>();
            List<String> finished = new ArrayList<>();
            for (String id : counting) {
                Map<String, Object> job = server.apiClient().awaitEnd(id);
                assertEquals("SUCCEEDED", job.get("status"), job::toString);
                assertEquals(JobClient.CSV, server.apiClient().csv(id));
                started.add(job.get("started_at").toString());
                finished.add(job.get("finished_at").toString());
            }
            cancelled.forEach(id ->
                    assertEquals("CANCELLED", server.apiClient().awaitEnd(id).get("status")));
            assertTrue(
                    Collections.max(started).compareTo(Collections.min(finished)) < 0,
                    "all of them ran at the same time");
        }
    }
}
