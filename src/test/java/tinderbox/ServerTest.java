package tinderbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.common.LargeStack;
import tinderbox.config.Config;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.JobTypes;
import tinderbox.support.ApiClient;
import tinderbox.support.BlockingJob;
import tinderbox.support.TestServer;

/** Jobs on a real server: HTTP, Spark and files. */
class ServerTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    private String key() {
        return UUID.randomUUID().toString();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void cancelStopsTheSparkTasksBeforeTheJobIsCancelled() throws Exception {
        String key = key();
        String id = apiClient.submit("blocking", Map.of("key", key, "mode", "tasks"));
        BlockingJob.Gate gate = BlockingJob.gate(key);
        gate.awaitReached();
        await().until(() -> object(apiClient.job(id).get("progress")).get("tasks_running"), Long.valueOf(2)::equals);
        assertEquals(
                "CANCELLING", apiClient.post("/api/v1/jobs/" + id + "/cancel").get("status"));
        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
        assertEquals(0, gate.runningTasks(), "CANCELLED is shown only when the tasks have stopped");
    }

    /** Waits until the core that the large job has freed is used again; returns true if that job has it once more. */
    private boolean coreOfLargeIsTakenByItself(String large, String small, long cores) {
        return await().until(
                        () -> {
                            Map<String, Object> progress =
                                    object(apiClient.job(large).get("progress"));
                            boolean again = progress.get("tasks_done").equals(1L)
                                    && progress.get("tasks_running").equals(cores);
                            return apiClient.job(small).get("status").equals("SUCCEEDED")
                                    ? Boolean.FALSE
                                    : again ? Boolean.TRUE : null;
                        },
                        Objects::nonNull);
    }

    @Test
    void aSmallJobGetsTheNextFreeCoreOfALargeOne() throws Exception {
        String key = key();
        String large = apiClient.submit("blocking", Map.of("key", key, "mode", "one-by-one"));
        await().until(() -> apiClient.job(large).get("progress"), Objects::nonNull);
        long cores = (Long) apiClient.get("/api/v1/server").get("cores");
        await().until(
                        () -> object(apiClient.job(large).get("progress")).get("tasks_running"),
                        Long.valueOf(cores)::equals);
        String small = apiClient.submit("word-count", Map.of());
        await().until(() -> stages(small), Long.valueOf(1)::equals);
        BlockingJob.gate(key).letThrough(1);
        if (coreOfLargeIsTakenByItself(large, small, cores)) {
            // Spark announces a stage a moment before it queues its tasks; by now they are queued.
            BlockingJob.gate(key).letThrough(1);
        }
        assertEquals("SUCCEEDED", apiClient.awaitEnd(small).get("status"));
        Map<String, Object> still = apiClient.job(large);
        assertEquals("RUNNING", still.get("status"));
        BlockingJob.gate(key).letThrough((int) cores * BlockingJob.TASKS_PER_CORE);
        assertEquals("SUCCEEDED", apiClient.awaitEnd(large).get("status"));
    }

    private Object stages(String job) {
        Object progress = apiClient.job(job).get("progress");
        return progress == null ? null : object(progress).get("stages_total");
    }

    @Test
    void cancelStopsAJobOutsideSpark() throws Exception {
        String key = key();
        String id = apiClient.submit("blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        apiClient.post("/api/v1/jobs/" + id + "/cancel");
        Map<String, Object> ended = apiClient.awaitEnd(id);
        assertEquals("CANCELLED", ended.get("status"));
        String log = ended.get("log_preview").toString();
        assertTrue(log.contains("INFO Stopped by local"), log);
        assertFalse(log.contains("ERROR"), "a cancel is not an error");
    }

    @Test
    void anotherJobTypeHasItsOwnFormChecksAndColumns() throws Exception {
        Files.createDirectories(server.root().resolve("lines"));
        Files.writeString(server.root().resolve("lines/a.txt"), "four\nsix ök\n");
        Files.writeString(server.root().resolve("lines/b.txt"), "");
        Map<String, Object> job = apiClient.run(
                "line-lengths", Map.of("input", "test/lines", "unit", "bytes", "label", "=x,\"y\"", "means", true));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(Map.of("lines", 2L, "unit", "bytes"), job.get("summary"));
        Map<String, Object> page = apiClient.get(job.get("results_path").toString());
        assertEquals(
                List.of(
                        Map.of("name", "file", "type", "string"),
                        Map.of("name", "lines", "type", "integer"),
                        Map.of("name", "mean", "type", "double"),
                        Map.of("name", "long", "type", "boolean"),
                        Map.of("name", "label", "type", "string")),
                page.get("columns"));
        assertEquals("test/lines/a.txt", ((List<?>) ((List<?>) page.get("rows")).get(0)).get(0));
        assertEquals(
                "file,lines,mean,long,label\ntest/lines/a.txt,2,5.5,false,\"=x,\"\"y\"\"\"\n"
                        + "test/lines/b.txt,0,0.0,false,\"=x,\"\"y\"\"\"\n",
                apiClient.csv(job.get("job_id").toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "in-driver, job_error, IllegalStateException: the third wheel in place came off",
        "in-task, job_error, IllegalStateException: the wheel of task",
        "error, job_error, StackOverflowError: too deep",
        "out-of-memory, out_of_memory, The job ran out of memory",
        "out-of-memory-in-task, out_of_memory, The job ran out of memory",
        "stack-overflow-in-task, job_error, StackOverflowError"
    })
    void aFailureHasAPlainMessageAndItsStackTraceIsInTheLogOnly(String how, String code, String message) {
        Map<String, Object> job = apiClient.run("failing", Map.of("mode", how));
        assertEquals("FAILED", job.get("status"));
        assertEquals(code, object(job.get("error")).get("code"));
        assertTrue(job.get("error_message").toString().startsWith(message), job::toString);
        assertFalse(job.get("error").toString().contains("\tat "), job::toString);
        assertTrue(job.get("log_preview").toString().contains("tinderbox.support.FailingJob"), job::toString);
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"), "the server continues");
    }

    @Test
    void aFailureThatCannotBeExplainedIsStillAFailure() {
        for (int i = 0; i < 4; i++) {
            // More often than there are slots, so a leaked slot is noticed.
            Map<String, Object> job = apiClient.run("failing", Map.of("mode", "unprintable"));
            assertEquals("job_error", object(job.get("error")).get("code"));
        }
    }

    @Test
    void aJobThatStopsSparkFailsAndOthersRunAgain() throws Exception {
        String key = key();
        String other = apiClient.submit("blocking", Map.of("key", key, "mode", "tasks"));
        BlockingJob.gate(key).awaitReached();
        String stopper = apiClient.submit("failing", Map.of("mode", "stop-spark"));
        await().until(() -> apiClient.job(other).get("attempt"), Long.valueOf(2)::equals);
        assertEquals("PENDING", apiClient.job(stopper).get("status"), "a job that may be the cause runs alone");
        BlockingJob.gate(key).open();
        Map<String, Object> bystander = apiClient.awaitEnd(other);
        assertEquals("SUCCEEDED", bystander.get("status"), bystander::toString);
        Map<String, Object> culprit = apiClient.awaitEnd(stopper);
        assertEquals("server_crashed", object(culprit.get("error")).get("code"));
        assertEquals(2L, culprit.get("attempt"));
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"), "the session is started again");
    }

    @Test
    void aSparkListenerThatThrowsDoesNoHarm() {
        assertEquals(
                "SUCCEEDED",
                apiClient.run("failing", Map.of("mode", "listener")).get("status"));
        assertEquals("SUCCEEDED", apiClient.run("word-count", Map.of()).get("status"));
    }

    @Test
    void aJobThatIgnoresItsCancelShowsItsTasksUntilTheyStop() throws Exception {
        String key = key();
        String id = apiClient.submit("blocking", Map.of("key", key, "mode", "uninterruptible-tasks"));
        BlockingJob.Gate gate = BlockingJob.gate(key);
        gate.awaitReached();
        apiClient.post("/api/v1/jobs/" + id + "/cancel");
        await().until(() -> readiness("slots").contains("1 of 2 slots"));
        Map<String, Object> stuck = apiClient.job(id);
        assertEquals("CANCELLING", stuck.get("status"));
        assertEquals((long) gate.runningTasks(), object(stuck.get("progress")).get("tasks_running"));
        gate.open();
        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
        assertEquals("no job ignores that it was asked to stop", readiness("slots"));
    }

    @Test
    void queriesWaitWhileTooManyThreadsOfCancelledOnesAreBusy() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> callers = Stream.generate(() -> new Thread(() -> abandonThread(end)))
                .limit(LargeStack.MAX_ABANDONED)
                .toList();
        String id;
        try {
            callers.forEach(Thread::start);
            for (Thread caller : callers) {
                caller.join();
            }
            assertEquals(
                    "Spark still plans 4 of the queries that have ended, which keeps their threads busy; no more queries start",
                    readiness("queries"));
            assertEquals(
                    503, apiClient.send(apiClient.request("/readyz").build()).statusCode());
            id = apiClient.submit("sql", Map.of("query", "SELECT 1"));
            await().until(() ->
                    apiClient.text("/api/v1/jobs/" + id + "/log").contains("ran out of threads that plan queries"));
        } finally {
            end.countDown();
        }
        Map<String, Object> job = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(1L, job.get("attempt"));
        assertEquals("no ended query keeps a thread busy", readiness("queries"));
    }

    /** Leaves a thread behind that ignores interrupts, as Spark's optimizer does. */
    private static void abandonThread(CountDownLatch end) {
        Thread caller = Thread.currentThread();
        assertThrows(
                CancellationException.class,
                () -> LargeStack.call("test", () -> {
                    caller.interrupt();
                    while (end.getCount() > 0) {
                        Thread.onSpinWait();
                    }
                    return null;
                }));
    }

    @Test
    void sqlCanBeSwitchedOff() {
        List<JobType<?>> all = JobTypes.builtIn();
        assertEquals(all, Server.types(all, Config.SqlAccess.ON));
        assertEquals(all, Server.types(all, Config.SqlAccess.ADMIN));
        assertEquals(
                List.of("word-count", "concordance"),
                Server.types(all, Config.SqlAccess.OFF).stream()
                        .map(JobType::name)
                        .toList());
    }

    private String readiness(String check) {
        for (Object entry : (List<?>) apiClient.get("/readyz?verbose").get("checks")) {
            if (object(entry).get("name").equals(check)) {
                return object(entry).get("detail").toString();
            }
        }
        throw new AssertionError("there is no check " + check);
    }

    @Test
    void aRunningJobShowsItsProgress() throws Exception {
        String key = key();
        String id = apiClient.submit("blocking", Map.of("key", key, "mode", "tasks"));
        BlockingJob.gate(key).awaitReached();
        await().until(() -> object(apiClient.job(id).get("progress")).get("tasks_running"), Long.valueOf(2)::equals);
        Map<String, Object> progress = object(apiClient.job(id).get("progress"));
        assertEquals(2L, progress.get("tasks_total"));
        assertEquals(1L, progress.get("stages_total"));
        assertEquals(0L, progress.get("tasks_done"));
        BlockingJob.gate(key).open();
        Map<String, Object> ended = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", ended.get("status"));
        assertNotNull(ended.get("duration_ms"));
    }

    @Test
    void aRestartBetweenSubmitAndResultLosesNothing() throws Exception {
        Map<String, Object> before = apiClient.run("word-count", Map.of());
        String csv = apiClient.csv(before.get("job_id").toString());
        List<String> keys = List.of(key(), key(), key());
        List<String> ids = keys.stream()
                .map(key -> apiClient.submit("blocking", Map.of("key", key)))
                .toList();
        BlockingJob.gate(keys.get(0)).awaitReached();
        server.restart();
        assertEquals(csv, apiClient.csv(before.get("job_id").toString()));
        keys.forEach(key -> BlockingJob.gate(key).open());
        for (String id : ids) {
            Map<String, Object> job = apiClient.awaitEnd(id);
            assertEquals("SUCCEEDED", job.get("status"), job::toString);
        }
        for (String id : ids) {
            assertEquals(1L, apiClient.job(id).get("attempt"), "a clean restart costs no attempt");
        }
    }

    @Test
    void jobsWaitWhileSparkStartsAndThenRun() throws Exception {
        server.restart();
        String id = apiClient.submit("word-count", Map.of());
        assertEquals("SUCCEEDED", apiClient.awaitEnd(id).get("status"));
    }
}
