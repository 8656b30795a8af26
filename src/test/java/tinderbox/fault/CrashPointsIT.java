package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.store.files.CrashPoints;
import tinderbox.support.ApiClient;

/** The process ends at each moment at which that hurts most; the next one keeps what was promised. */
class CrashPointsIT {
    @TempDir
    Path base;

    private final Set<String> walked = new TreeSet<>();

    private ServerProcess.Launch server() {
        // Two of the crashes cost the first job an attempt.
        return ServerProcess.on(base.resolve("data")).with(JobClient.root(base)).with("--max-attempts", "3");
    }

    private ServerProcess.Launch crashingAt(String point) {
        walked.add(point);
        return server().jvm("-Dtinderbox.crash-at=" + point);
    }

    /** Sends what brings the server to its crash point; the answer never comes. */
    private static void unanswered(Executable request) {
        assertThrows(UncheckedIOException.class, request, "the server was to die before it answered");
    }

    private static void assertCrashed(ServerProcess server) {
        assertEquals(ServerProcess.KILLED, server.awaitExit(), server::output);
    }

    private static void assertSucceeded(ApiClient apiClient, String id, long attempt) {
        Map<String, Object> job = apiClient.job(id);
        assertEquals("SUCCEEDED", job.get("status"), "it had ended, and does not run again: " + job);
        assertEquals(attempt, job.get("attempt"));
        assertEquals(JobClient.CSV, apiClient.csv(id));
    }

    /** One data dir from crash to crash: each start checks what the crash before it left, then runs into its own. */
    @Test
    @Timeout(300)
    void whatWasPromisedHolds() {
        try (ServerProcess server = crashingAt("ACCEPT_BEFORE_REQUEST").start()) {
            unanswered(() -> JobClient.send(server.apiClient(), "first", JobClient.body(0)));
            assertCrashed(server);
        }
        try (ServerProcess server = crashingAt("ACCEPT_AFTER_REQUEST").start()) {
            assertEquals(List.of(), JobClient.list(server.apiClient()), "no job was acknowledged, and there is none");
            assertTrue(server.output().contains("was never accepted"), server::output);
            unanswered(() -> JobClient.send(server.apiClient(), "first", JobClient.body(0)));
            assertCrashed(server);
        }
        // The job is durable, so each start runs it until it has ended.
        for (String point : List.of("START_AFTER_FOLDER", "PUBLISH_BEFORE_OUTCOME", "END_BEFORE_MOVE")) {
            try (ServerProcess server = crashingAt(point).begin()) {
                assertCrashed(server);
            }
        }
        String first;
        String second;
        try (ServerProcess server = crashingAt("END_BEFORE_INDEX").start()) {
            HttpResponse<byte[]> again = JobClient.send(server.apiClient(), "first", JobClient.body(0));
            assertEquals(200, again.statusCode(), "its key finds the job that was never acknowledged");
            assertEquals(
                    "true", again.headers().firstValue("Idempotency-Replayed").orElse(""));
            assertEquals(1, JobClient.list(server.apiClient()).size());
            first = JobClient.id(again);
            assertSucceeded(server.apiClient(), first, 3);
            second = JobClient.accepted(server.apiClient(), "second", 0);
            assertCrashed(server);
        }
        String third;
        try (ServerProcess server = crashingAt("CANCEL_AFTER_FILE").start()) {
            assertSucceeded(server.apiClient(), second, 1);
            assertEquals(2, JobClient.list(server.apiClient()).size());
            third = JobClient.accepted(server.apiClient(), "third", 60);
            Waiting.until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), third)));
            unanswered(() -> JobClient.cancel(server.apiClient(), third));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals("CANCELLED", JobClient.state(server.apiClient(), third));
            assertEquals(409, JobClient.status(server.apiClient(), "/api/v1/jobs/" + third + "/result"));
            // Writes what the index holds back; else the next crash takes the job from the index as well.
            server.stop();
        }
        try (ServerProcess server = crashingAt("DELETE_BEFORE_INDEX").start()) {
            unanswered(() -> JobClient.delete(server.apiClient(), third));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals(404, JobClient.status(server.apiClient(), "/api/v1/jobs/" + third));
            assertEquals(2, JobClient.list(server.apiClient()).size());
            JobClient.accepted(server.apiClient(), "third", 0);
        }
        assertEquals(new TreeSet<>(CrashPoints.names()), walked, "every crash point is walked");
    }
}
