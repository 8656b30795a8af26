package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
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

/** The process dies at each crash point; the next one keeps all promises. */
class CrashPointsIT {
    @TempDir
    Path base;

    private final Set<String> tested = new TreeSet<>();

    private ServerProcess.Launch server() {
        // Two of the crashes cost the first job an attempt.
        return ServerProcess.on(base.resolve("data"))
                .with(JobClient.rootOption(base))
                .with("--max-attempts", "3");
    }

    private ServerProcess.Launch crashingAt(String point) {
        tested.add(point);
        return server().jvm("-Dtinderbox.crash-at=" + point);
    }

    /** Sends the request at which the server crashes. */
    private static void assertNoResponse(Executable request) {
        assertThrows(UncheckedIOException.class, request, "the server should die before it responds");
    }

    private static void assertCrashed(ServerProcess server) {
        assertEquals(ServerProcess.KILLED, server.awaitExit(), server::output);
    }

    private static void assertSucceeded(ApiClient apiClient, String id, long attempt) {
        Map<String, Object> job = apiClient.job(id);
        assertEquals("SUCCEEDED", job.get("status"), "an ended job must not run again: " + job);
        assertEquals(attempt, job.get("attempt"));
        assertEquals(JobClient.CSV, apiClient.csv(id));
    }

    /** A run set of the small file: two jobs, of which none runs at once. */
    private static HttpResponse<byte[]> submitSet(ServerProcess server) {
        return server.apiClient()
                .send(server.apiClient()
                        .request("/api/v1/run-sets")
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", "set")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "{\"for_each\":{\"input\":[\"in/small.txt\"],\"min_count\":[1,2]}}"))
                        .build());
    }

    private void theJobsOfARunSetAreAcceptedAllOrNone() {
        int before;
        try (ServerProcess server = crashingAt("RUN_SET_BEFORE_JOBS").start()) {
            before = JobClient.list(server.apiClient()).size();
            assertNoResponse(() -> submitSet(server));
            assertCrashed(server);
        }
        try (ServerProcess server = crashingAt("RUN_SET_BEFORE_COMMIT").start()) {
            assertNoResponse(() -> submitSet(server));
            assertCrashed(server);
        }
        try (ServerProcess server = crashingAt("RUN_SET_AFTER_COMMIT").start()) {
            assertTrue(server.output().contains("2 jobs of run sets that were never accepted"), server::output);
            assertEquals(before, JobClient.list(server.apiClient()).size(), "none of its jobs is there");
            assertEquals(0L, server.apiClient().get("/api/v1/run-sets").get("total"));
            assertNoResponse(() -> submitSet(server));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            HttpResponse<byte[]> again = submitSet(server);
            assertEquals(200, again.statusCode(), "its key finds the run set that was never acknowledged");
            assertEquals(0L, ApiClient.json(again).get("gone"), "all of its jobs are there");
            assertEquals(before + 2, JobClient.list(server.apiClient()).size());
        }
    }

    /** Uses one data dir for all crashes: each start checks what the crash before it left, then crashes itself. */
    @Test
    @Timeout(300)
    void promisesHold() {
        try (ServerProcess server = crashingAt("ACCEPT_BEFORE_REQUEST").start()) {
            assertNoResponse(() -> JobClient.submit(server.apiClient(), "first", JobClient.body(0)));
            assertCrashed(server);
        }
        try (ServerProcess server = crashingAt("ACCEPT_AFTER_REQUEST").start()) {
            assertEquals(List.of(), JobClient.list(server.apiClient()), "no job was acknowledged, so there is none");
            assertTrue(server.output().contains("was never accepted"), server::output);
            assertNoResponse(() -> JobClient.submit(server.apiClient(), "first", JobClient.body(0)));
            assertCrashed(server);
        }
        // The job is durable, so each start runs it until it has ended.
        for (String point : List.of("START_AFTER_FOLDER", "PUBLISH_BEFORE_OUTCOME", "END_BEFORE_MOVE")) {
            try (ServerProcess server = crashingAt(point).launch()) {
                assertCrashed(server);
            }
        }
        String first;
        String second;
        try (ServerProcess server = crashingAt("END_BEFORE_INDEX").start()) {
            HttpResponse<byte[]> again = JobClient.submit(server.apiClient(), "first", JobClient.body(0));
            assertEquals(200, again.statusCode(), "its key finds the job that was never acknowledged");
            assertEquals(
                    "true", again.headers().firstValue("Idempotency-Replayed").orElse(""));
            assertEquals(1, JobClient.list(server.apiClient()).size());
            first = JobClient.id(again);
            assertSucceeded(server.apiClient(), first, 3);
            second = JobClient.submitAccepted(server.apiClient(), "second", 0);
            assertCrashed(server);
        }
        String third;
        try (ServerProcess server = crashingAt("CANCEL_AFTER_FILE").start()) {
            assertSucceeded(server.apiClient(), second, 1);
            assertEquals(2, JobClient.list(server.apiClient()).size());
            third = JobClient.submitAccepted(server.apiClient(), "third", 60);
            await().until(() -> "RUNNING".equals(JobClient.state(server.apiClient(), third)));
            assertNoResponse(() -> JobClient.cancel(server.apiClient(), third));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals("CANCELLED", JobClient.state(server.apiClient(), third));
            assertEquals(409, JobClient.status(server.apiClient(), "/api/v1/jobs/" + third + "/result"));
            // A clean stop writes the index; otherwise the next crash would remove the job from it too.
            server.stop();
        }
        try (ServerProcess server = crashingAt("DELETE_BEFORE_INDEX").start()) {
            assertNoResponse(() -> JobClient.delete(server.apiClient(), third));
            assertCrashed(server);
        }
        try (ServerProcess server = server().start()) {
            assertEquals(404, JobClient.status(server.apiClient(), "/api/v1/jobs/" + third));
            assertEquals(2, JobClient.list(server.apiClient()).size());
            JobClient.submitAccepted(server.apiClient(), "third", 0);
        }
        theJobsOfARunSetAreAcceptedAllOrNone();
        assertEquals(new TreeSet<>(CrashPoints.names()), tested, "every crash point is tested");
    }
}
