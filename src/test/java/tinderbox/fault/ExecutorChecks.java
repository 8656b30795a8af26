package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tinderbox.fault.TaskTrialJob.Trial;
import tinderbox.support.ApiClient;

/** What users see of the executors of a cluster. */
abstract class ExecutorChecks {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final SharedCluster shared = SharedCluster.get();
    private final ApiClient apiClient = shared.apiClient();

    @BeforeEach
    void bothWorkersHaveAnExecutor() {
        await().atMost(LONG).until(() -> executors().size() == 2);
    }

    private List<?> executors() {
        return (List<?>) apiClient.get("/api/v1/server").get("executors");
    }

    private String submit(Trial trial) {
        return apiClient.submit("task-trial", Map.of("input", "in", "trial", trial.name()));
    }

    private Map<String, Object> run(Trial trial) {
        return apiClient.awaitEnd(submit(trial));
    }

    private String log(Map<String, Object> job) {
        return new String(
                apiClient
                        .send(apiClient
                                .request("/api/v1/jobs/" + job.get("job_id") + "/log?format=text")
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
    }

    private static long count(String text, String regex) {
        return Pattern.compile(regex).matcher(text).results().count();
    }

    @Test
    void theServerListsExecutorsAndStagesTheirHosts() {
        Set<Object> hosts = new HashSet<>();
        for (Object each : executors()) {
            Map<?, ?> executor = (Map<?, ?>) each;
            hosts.add(executor.get("host"));
            assertEquals(2L, executor.get("cores"), executor::toString);
            assertTrue(executor.get("spark_version").toString().startsWith("4.2."), executor::toString);
            assertEquals(System.getProperty("java.version"), executor.get("java_version"));
            assertEquals(List.of(), executor.get("unreadable_roots"));
        }
        assertEquals(Set.of("127.0.0.1", "127.0.0.2"), hosts);

        Object id = run(Trial.PAUSE).get("job_id");
        Map<?, ?> stage = (Map<?, ?>)
                ((List<?>) apiClient.get("/api/v1/jobs/" + id + "/stages").get("stages")).get(0);
        Map<Object, Object> tasks = new java.util.HashMap<>();
        ((List<?>) stage.get("hosts"))
                .forEach(host -> tasks.put(((Map<?, ?>) host).get("host"), ((Map<?, ?>) host).get("tasks")));
        assertEquals(Map.of("127.0.0.1", 2L, "127.0.0.2", 2L), tasks);
    }

    @Test
    void whatTasksLogAndPrintIsInTheJobsLog() {
        Map<String, Object> job = run(Trial.SPEAK);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);

        String log = log(job);
        String from = "\\[127\\.0\\.0\\.[12]/\\d+] ";
        assertEquals(TaskTrialJob.TASKS, count(log, "INFO " + from + "TaskTrialJob: task \\d logs"), log);
        assertEquals(TaskTrialJob.TASKS, count(log, "INFO " + from + "task \\d prints"), log);
        assertEquals(TaskTrialJob.TASKS, count(log, "INFO " + from + "task \\d has not ended its line"), log);
        assertEquals(TaskTrialJob.TASKS, count(log, "in \\(work\\)/x"), log);
        assertFalse(log.contains("\u202e"), log);
    }

    @Test
    void tooManyLinesAreCountedInstead() {
        String log = log(run(Trial.FLOOD));

        long lines = count(log, "] line \\d+");
        long leftOut = Pattern.compile("lines left out here: (\\d+);")
                .matcher(log)
                .results()
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .sum();
        assertEquals(TaskTrialJob.TASKS * TaskTrialJob.FLOOD, lines + leftOut, log);
        assertTrue(leftOut > 0, log);
    }

    @Test
    void aTaskThatFailsAndRunsAgainIsTold() {
        Map<String, Object> job = run(Trial.FAIL_ONCE);

        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        String log = log(job);
        assertEquals(
                1,
                count(
                        log,
                        "WARN Task 0 of stage \\d+ failed on 127\\.0\\.0\\.[12]/\\d+ and runs again: IllegalStateException:"
                                + " came off once"),
                log);
    }

    @Test
    void sqlReadsDatasetsByTheirAddresses() {
        Map<String, Object> job = run(Trial.QUERY);

        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(1L, ((Map<?, ?>) job.get("summary")).get("lines"));
    }

    @Test
    void aJobThatExhaustsTheMemoryOfExecutorsFailsAndTheyAreReplaced() {
        Map<String, Object> job = run(Trial.EAT);

        assertEquals("FAILED", job.get("status"), job::toString);
        assertEquals("out_of_memory", ((Map<?, ?>) job.get("error")).get("code"), job::toString);
        assertTrue(job.toString().contains("spark.executor.memory"), job::toString);
        assertEquals(1L, job.get("attempt"), job::toString);
        String log = log(job);
        // A task that fails for the second time ends the job, perhaps before its other executor is seen to be gone.
        assertTrue(count(log, "Executor \\d+ on 127\\.0\\.0\\.[12] is gone: it ran out of memory") >= 1, log);

        await().atMost(LONG).until(() -> executors().size() == 2);
        assertEquals("SUCCEEDED", run(Trial.QUERY).get("status"));
    }

    @Test
    void aWordThatIsTooLongForAnExecutorIsTold() throws IOException {
        // In a folder of its own, because others read the root as a dataset.
        Path folder = Files.createDirectories(shared.root().resolve("long"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(folder.resolve("line.txt").toFile(), "rw")) {
            sparse.setLength(60 << 20);
        }
        Map<String, Object> job = apiClient.run("word-count", Map.of("input", "in/long/line.txt"));

        assertEquals("FAILED", job.get("status"), job::toString);
        Map<?, ?> error = (Map<?, ?>) job.get("error");
        assertEquals("limit_exceeded", error.get("code"), job::toString);
        assertTrue(error.get("message").toString().endsWith("the memory of the executor allows"), error::toString);
        assertFalse(shared.server().output().contains("Failed to cancel job group"), shared.server()::output);
    }

    @Test
    void aConcordanceIsFoundInExecutors() throws IOException {
        Path folder = Files.createDirectories(shared.root().resolve("lines"));
        Files.writeString(folder.resolve("lines.txt"), "a whale and no more\n".repeat(200_000));
        Map<String, Object> job =
                apiClient.run("concordance", Map.of("input", "in/lines/lines.txt", "word", "whale", "max_rows", 2));

        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(200_000L, ((Map<?, ?>) job.get("summary")).get("occurrences"), job::toString);
        assertEquals("""
                left,word,right,file,line
                a ,whale, and no more,in/lines/lines.txt,1
                a ,whale, and no more,in/lines/lines.txt,2
                """, apiClient.csv((String) job.get("job_id")));
    }

    @Test
    void theTasksOfAKilledExecutorRunAgain() throws IOException {
        Path until = shared.root().resolveSibling("until-killed");
        String id = apiClient.submit(
                "task-trial", Map.of("input", "in", "trial", Trial.HOLD.name(), "until", until.toString()));
        await().atMost(LONG)
                .until(() -> executors().stream()
                        .allMatch(executor -> !Long.valueOf(0).equals(((Map<?, ?>) executor).get("tasks_running"))));
        shared.cluster().worker(0).executors().forEach(executor -> ClusterNode.signal("KILL", executor));
        await().atMost(LONG).until(() -> log(apiClient.job(id)).contains("is gone"));
        Files.createFile(until);

        Map<String, Object> job = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(1L, job.get("attempt"), job::toString);
        String log = log(job);
        assertEquals(
                1,
                count(
                        log,
                        "Executor \\d+ on 127\\.0\\.0\\.1 is gone: it was killed .*its (task runs|\\d tasks run) again"),
                log);
    }
}
