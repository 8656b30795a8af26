package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tinderbox.support.ApiClient;

/** One case of {@link ClusterSoak}: a cluster, a server that uses it, and what a user sees. */
final class ClusterFault implements AutoCloseable {
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final int DISTINCT_WORDS = 4_000_000;

    private final Path folder;
    private Cluster cluster;
    private ServerProcess server;

    ClusterFault(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** A cluster of which nothing runs yet. */
    Cluster cluster() {
        if (cluster == null) {
            cluster = Cluster.in(folder.resolve("cluster"));
        }
        return cluster;
    }

    /** Starts the master and this many workers, and a server. */
    void start(int workers) {
        cluster = Cluster.start(folder.resolve("cluster"), workers);
        startServer();
    }

    /** Starts a server, also again after it has ended. */
    void startServer(String... options) {
        server = ServerProcess.on(folder.resolve("data"))
                .program(TaskTrialServer.class, TaskTrialServer.classes())
                .with(cluster().quickServerOptions())
                .with("--spark-conf", "spark.jars=" + TaskTrialServer.jar(folder.resolve("jars")))
                .with(JobClient.rootOption(folder))
                .with(options)
                .start();
    }

    ServerProcess server() {
        return server;
    }

    ApiClient apiClient() {
        return server.apiClient();
    }

    /** The session's state and the sentence that explains it. */
    String session() {
        Map<?, ?> session = (Map<?, ?>) apiClient().get("/api/v1/server").get("session");
        return session.get("state") + ": " + session.get("detail");
    }

    void awaitSession(String state) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> session().startsWith(state + ":"));
    }

    List<?> executors() {
        return (List<?>) apiClient().get("/api/v1/server").get("executors");
    }

    void awaitExecutors(int count) {
        await().atMost(LONG).until(() -> executors().size() == count);
    }

    String submit(TaskTrialJob.Trial trial) {
        return apiClient().submit("task-trial", Map.of("input", "in", "trial", trial.name()));
    }

    /** Submits a word count with so many distinct words that it has two stages that take some seconds. */
    String submitManyWords() {
        try {
            Path root = Files.createDirectories(folder.resolve("in/many"));
            Random random = new Random(1);
            try (BufferedWriter out = Files.newBufferedWriter(root.resolve("words.txt"))) {
                for (int i = 0; i < DISTINCT_WORDS; i++) {
                    out.write(Long.toString(random.nextLong() >>> 1, 36));
                    out.write(i % 10 == 9 ? '\n' : ' ');
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return apiClient().submit("word-count", Map.of("input", "in/many/words.txt"));
    }

    /** Waits until tasks of the job run. */
    void awaitTasks(String id) {
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(() -> progress(id, "tasks_running") > 0);
    }

    /** A number of the job's progress; 0 if there is none. */
    long progress(String id, String name) {
        Object progress = apiClient().job(id).get("progress");
        return progress == null ? 0 : (Long) ((Map<?, ?>) progress).get(name);
    }

    String phase(String id) {
        Object progress = apiClient().job(id).get("progress");
        return progress == null ? "" : String.valueOf(((Map<?, ?>) progress).get("phase"));
    }

    Map<String, Object> awaitEnd(String id) {
        await().atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> apiClient().job(id).get("finished_at") != null);
        return apiClient().job(id);
    }

    /** Requires that the job succeeds; {@code spentAttempts} of its attempts were lost to the fault. */
    ClusterSoak.Seen succeeded(String id, String text, long spentAttempts) {
        Map<String, Object> job = awaitEnd(id);
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        assertEquals(1 + spentAttempts, job.get("attempt"), job::toString);
        return new ClusterSoak.Seen(text + "; then SUCCEEDED", spentAttempts);
    }

    /** Requires that the job fails with this code in its first attempt. */
    ClusterSoak.Seen failed(String id, String code) {
        Map<String, Object> job = awaitEnd(id);
        assertEquals("FAILED", job.get("status"), job::toString);
        Map<?, ?> error = (Map<?, ?>) job.get("error");
        assertEquals(code, error.get("code"), job::toString);
        assertEquals(1L, job.get("attempt"), job::toString);
        return new ClusterSoak.Seen("FAILED " + code + ": " + error.get("message") + " (" + error.get("hint") + ")", 0);
    }

    @Override
    public void close() throws IOException {
        if (server != null) {
            server.close();
        }
        if (cluster != null) {
            cluster.close();
        }
        if (Files.exists(folder)) {
            Soak.delete(folder);
        }
    }
}
