package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.store.files.CrashPoints;
import tinderbox.support.ApiClient;

/** The process ends at each moment at which that hurts most; the next one keeps what was promised. */
class CrashPointsIT {
    private static final String KEY = "the-key";

    @TempDir
    Path base;

    static Iterable<String> points() {
        return CrashPoints.names();
    }

    private ServerProcess.Launch server() {
        return ServerProcess.on(base.resolve("data")).with(JobClient.root(base));
    }

    private ServerProcess.Launch crashingAt(String point) {
        return server().jvm("-Dtinderbox.crash-at=" + point);
    }

    /** Sends what brings the server to its crash point; the answer never comes. */
    private static void unanswered(Executable request) {
        assertThrows(UncheckedIOException.class, request, "the server was to die before it answered");
    }

    private static void assertCrashed(ServerProcess server) {
        assertEquals(ServerProcess.KILLED, server.awaitExit(), server::output);
    }

    @ParameterizedTest
    @MethodSource("points")
    void whatWasPromisedHolds(String point) {
        switch (point) {
            case "ACCEPT_BEFORE_REQUEST" -> nothingWasAccepted(point);
            case "ACCEPT_AFTER_REQUEST" -> theSameKeyFindsTheJobThatNobodyWasToldOf(point);
            case "START_AFTER_FOLDER", "PUBLISH_BEFORE_OUTCOME" -> theJobRunsAgain(point);
            case "END_BEFORE_MOVE", "END_BEFORE_INDEX" -> theJobHasEnded(point);
            case "CANCEL_AFTER_FILE" -> theJobIsCancelled(point);
            case "DELETE_BEFORE_INDEX" -> theJobStaysDeleted(point);
            default -> throw new AssertionError("no test walks the crash point " + point);
        }
    }

    private void nothingWasAccepted(String point) {
        try (ServerProcess server = crashingAt(point).start()) {
            unanswered(() -> JobClient.send(server.apiClient(), KEY, JobClient.body(0)));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals(0, JobClient.list(server.apiClient()).size(), "nobody was told of a job, and there is none");
            assertTrue(server.output().contains("was never accepted"), server::output);
            JobClient.accepted(server.apiClient(), KEY, 0);
        }
    }

    private void theSameKeyFindsTheJobThatNobodyWasToldOf(String point) {
        try (ServerProcess server = crashingAt(point).start()) {
            unanswered(() -> JobClient.send(server.apiClient(), KEY, JobClient.body(0)));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            HttpResponse<byte[]> again = JobClient.send(server.apiClient(), KEY, JobClient.body(0));
            assertEquals(200, again.statusCode());
            assertEquals(
                    "true", again.headers().firstValue("Idempotency-Replayed").orElse(""));
            assertEquals(1, JobClient.list(server.apiClient()).size());
            assertSucceeds(server.apiClient(), JobClient.id(again));
        }
    }

    private void theJobRunsAgain(String point) {
        String id = crashWhileItRuns(point);
        try (ServerProcess server = server().start()) {
            assertSucceeds(server.apiClient(), id);
            assertEquals(2L, server.apiClient().job(id).get("attempt"));
        }
    }

    private void theJobHasEnded(String point) {
        String id = crashWhileItRuns(point);
        try (ServerProcess server = server().start()) {
            assertEquals("SUCCEEDED", JobClient.state(server.apiClient(), id), "it had ended, and does not run again");
            assertSucceeds(server.apiClient(), id);
            assertEquals(1L, server.apiClient().job(id).get("attempt"));
        }
    }

    private String crashWhileItRuns(String point) {
        try (ServerProcess server = crashingAt(point).start()) {
            String id = JobClient.accepted(server.apiClient(), KEY, 0);
            assertCrashed(server);
            return id;
        }
    }

    private static void assertSucceeds(ApiClient apiClient, String id) {
        Map<String, Object> job = apiClient.ended(id);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(JobClient.CSV, apiClient.csv(id));
        assertEquals(1, JobClient.list(apiClient).size());
    }

    private void theJobIsCancelled(String point) {
        String id;
        try (ServerProcess server = crashingAt(point).start()) {
            id = JobClient.accepted(server.apiClient(), KEY, 60);
            Waiting.until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), id)));
            unanswered(() -> JobClient.cancel(server.apiClient(), id));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals("CANCELLED", JobClient.state(server.apiClient(), id));
            assertEquals(409, JobClient.status(server.apiClient(), "/api/v1/jobs/" + id + "/result"));
        }
    }

    private void theJobStaysDeleted(String point) {
        String id;
        try (ServerProcess server = server().start()) {
            id = JobClient.accepted(server.apiClient(), KEY, 60);
            assertEquals(202, JobClient.cancel(server.apiClient(), id));
            Waiting.until(() -> "CANCELLED".equals(JobClient.state(server.apiClient(), id)));
            // Whatever the index holds back is written now; else the crash takes the job from it as well.
            server.stop();
        }
        try (ServerProcess server = crashingAt(point).start()) {
            unanswered(() -> JobClient.delete(server.apiClient(), id));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals(404, JobClient.status(server.apiClient(), "/api/v1/jobs/" + id));
            assertEquals(0, JobClient.list(server.apiClient()).size());
            JobClient.accepted(server.apiClient(), KEY, 0);
        }
    }
}
