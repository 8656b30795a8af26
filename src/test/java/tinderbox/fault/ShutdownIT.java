package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.ApiClient;

/** A server that is asked to stop while jobs run and wait. */
class ShutdownIT {
    @TempDir
    Path base;

    private ServerProcess start(String grace) {
        return ServerProcess.on(base.resolve("data"))
                .wrappedBy(ignoresHangUp() ? new String[] {"env", "--default-signal=HUP"} : new String[0])
                .with(JobClient.rootOption(base))
                .with("--max-running", "1", "--grace", grace)
                .start();
    }

    /** Under nohup, child processes inherit that SIGHUP is ignored. */
    private static boolean ignoresHangUp() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("SigIgn:"))
                    .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) == 1);
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void runningJobsMayFinishAndPendingJobsRunAfterTheNextStart() {
        String running;
        List<String> waiting = new ArrayList<>();
        try (ServerProcess server = start("60s")) {
            ApiClient apiClient = server.apiClient();
            running = JobClient.submitAccepted(apiClient, null, 5);
            waiting.add(JobClient.submitAccepted(apiClient, null, 0));
            waiting.add(JobClient.submitAccepted(apiClient, null, 0));
            await().until(() -> "RUNNING".equals(JobClient.state(apiClient, running)));
            assertEquals(200, JobClient.status(apiClient, "/readyz"));
            server.signal("TERM");
            await().until(() -> JobClient.status(apiClient, "/readyz") == 503);
            HttpResponse<byte[]> refused = JobClient.submit(apiClient, null, JobClient.body(0));
            assertEquals(503, refused.statusCode());
            assertEquals("shutting_down", ApiClient.json(refused).get("code"));
            assertTrue(refused.headers().firstValue("Retry-After").isPresent());
            assertEquals("RUNNING", JobClient.state(apiClient, running), "reads still work");
            assertEquals(0, server.awaitExit(), server::output);
        }
        try (ServerProcess server = start("0s")) {
            Map<String, Object> job = server.apiClient().job(running);
            assertEquals("SUCCEEDED", job.get("status"), "it had time to finish");
            assertEquals(JobClient.CSV, server.apiClient().csv(running));
            for (String id : waiting) {
                assertEquals("SUCCEEDED", server.apiClient().awaitEnd(id).get("status"));
                assertEquals(1L, server.apiClient().job(id).get("attempt"));
            }
            assertEquals(3, JobClient.list(server.apiClient()).size());
        }
    }

    @Test
    void aJobThatDoesNotFinishInTimeRunsAgainWithoutLosingAnAttempt() {
        String id;
        try (ServerProcess server = start("0s")) {
            id = JobClient.submitAccepted(server.apiClient(), null, 3);
            await().until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), id)));
            // The kernel sends one, and the shell another.
            server.signal("HUP", "HUP");
            assertEquals(0, server.awaitExit(), "a closed terminal is not a crash");
            assertTrue(server.output().contains("running jobs 1, they have until "), server::output);
            assertTrue(
                    server.output().contains("A second signal (Ctrl-C again) ends the server at once"), server::output);
            assertTrue(server.output().contains("1 of the running jobs did not finish in time"), server::output);
        }
        try (ServerProcess server = start("0s")) {
            Map<String, Object> job = server.apiClient().awaitEnd(id);
            assertEquals("SUCCEEDED", job.get("status"), job::toString);
            assertEquals(1L, job.get("attempt"), "a clean stop costs no attempt");
        }
    }

    @Test
    void aSecondSignalStopsAtOnceWithoutLosingJobs() {
        String running;
        String waiting;
        try (ServerProcess server = start("60s")) {
            ApiClient apiClient = server.apiClient();
            running = JobClient.submitAccepted(apiClient, null, 60);
            waiting = JobClient.submitAccepted(apiClient, null, 0);
            await().until(() -> "RUNNING".equals(JobClient.state(apiClient, running)));
            server.signal("TERM");
            await().until(() -> JobClient.status(apiClient, "/readyz") == 503);
            server.signal("HUP");
            assertEquals(130, server.awaitExit(), server::output);
        }
        try (ServerProcess server = start("0s")) {
            await().until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), running)));
            assertEquals(2L, server.apiClient().job(running).get("attempt"));
            assertEquals(202, JobClient.cancel(server.apiClient(), running));
            assertEquals("CANCELLED", server.apiClient().awaitEnd(running).get("status"));
            assertEquals("SUCCEEDED", server.apiClient().awaitEnd(waiting).get("status"));
        }
    }
}
