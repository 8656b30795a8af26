package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.fault.TaskTrialJob.Trial;
import tinderbox.support.ApiClient;

/** A server whose cluster breaks: no job loses an attempt, and the server lives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LostClusterIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    @TempDir
    private static Path base;

    private Cluster cluster;
    private ServerProcess server;
    private ApiClient apiClient;

    /** The server is there before its master. */
    @BeforeAll
    void theServerWaitsForItsMaster() {
        cluster = Cluster.in(base.resolve("cluster"));
        cluster.startMaster().kill9();
        server = ServerProcess.on(base.resolve("data"))
                .program(TaskTrialServer.class, TaskTrialServer.classes())
                .with(cluster.quickServerOptions())
                .with("--spark-conf", "spark.jars=" + TaskTrialServer.jar(base.resolve("jars")))
                .with("--spark-conf", "spark.network.timeout=10s")
                .with(JobClient.rootOption(base))
                .start();
        apiClient = server.apiClient();
        awaitSession("connecting", "does not answer: connection refused");
        assertEquals(503, JobClient.status(apiClient, "/readyz"));
        String id = submit(Trial.SPEAK);
        assertEquals("PENDING", JobClient.state(apiClient, id));

        cluster.startMaster();
        awaitSession("no_executors", "no worker has registered with " + cluster.url() + "; start a worker");
        assertEquals("PENDING", JobClient.state(apiClient, id));

        cluster.startWorker();
        assertEndsInItsFirstAttempt(id);
        assertEquals(2L, ((Map<?, ?>) apiClient.get("/api/v1/server").get("limits")).get("max_running"));
    }

    @BeforeEach
    void thereIsAnExecutor() {
        awaitSession("ready", "1 executor with 2 cores");
    }

    @AfterEach
    void theServerLives() {
        assertTrue(server.isAlive(), server::output);
        assertFalse(server.output().contains("Spark has died"), server::output);
        // The server asks for the master every few seconds.
        String master = cluster.master().output();
        assertFalse(master.contains("got disassociated"), master);
    }

    @AfterAll
    void stop() {
        if (server != null) {
            server.close();
        }
        cluster.close();
    }

    private Map<?, ?> session() {
        return (Map<?, ?>) apiClient.get("/api/v1/server").get("session");
    }

    private void awaitSession(String state, String detail) {
        await().atMost(LONG)
                .until(
                        this::session,
                        session -> state.equals(session.get("state"))
                                && session.get("detail").toString().contains(detail));
    }

    private String submit(Trial trial) {
        return apiClient.submit("task-trial", Map.of("input", "in", "trial", trial.name()));
    }

    /** Submits a job and waits until its tasks run. */
    private String submitRunning(Trial trial) {
        String id = submit(trial);
        awaitRunning(id);
        return id;
    }

    private void awaitRunning(String id) {
        await().atMost(LONG)
                .until(
                        () -> apiClient.job(id).get("progress"),
                        progress -> progress instanceof Map<?, ?> now && (Long) now.get("tasks_running") > 0);
    }

    private Object phase(String id) {
        return apiClient.job(id).get("progress") instanceof Map<?, ?> progress ? progress.get("phase") : null;
    }

    private void assertEndsInItsFirstAttempt(String id) {
        Map<String, Object> ended = apiClient.awaitEnd(id);
        assertEquals("SUCCEEDED", ended.get("status"), ended::toString);
        assertEquals(1L, ended.get("attempt"));
    }

    private String log(String id) {
        return new String(
                apiClient
                        .send(apiClient
                                .request("/api/v1/jobs/" + id + "/log?format=text")
                                .build())
                        .body(),
                StandardCharsets.UTF_8);
    }

    private ProcessHandle executor() {
        return cluster.worker(0).executors().get(0);
    }

    @Test
    void aMasterThatComesBackWithoutMemoryGetsANewSession() throws IOException {
        Path until = base.resolve("until-taken-back");
        String id = apiClient.submit(
                "task-trial", Map.of("input", "in", "trial", Trial.HOLD.name(), "until", until.toString()));
        awaitRunning(id);
        cluster.master().kill9();
        cluster.startMasterWithoutRecovery();
        await().atMost(LONG).until(() -> log(id).contains("taken back"));
        Files.createFile(until);
        assertEndsInItsFirstAttempt(id);
        assertTrue(log(id).contains("taken back"), () -> log(id));
        assertTrue(server.output().contains("does not know the session any more"), server::output);
    }

    @Test
    void aMasterThatComesBackWithItsMemoryIsHardlyNoticed() {
        String id = submitRunning(Trial.PAUSE);
        cluster.master().kill9();
        awaitSession("degraded", "does not answer: connection refused; jobs run on 1 executor");
        cluster.startMaster();
        assertEndsInItsFirstAttempt(id);
        assertFalse(log(id).contains("taken back"), () -> log(id));
    }

    @Test
    void aJobWaitsForAWorker() {
        String id = submitRunning(Trial.PAUSE);
        cluster.worker(0).kill9();
        await().atMost(LONG).until(() -> "waiting for executors".equals(phase(id)));
        String waiting = submit(Trial.SPEAK);
        cluster.restartWorker(0);
        assertEndsInItsFirstAttempt(id);
        assertEndsInItsFirstAttempt(waiting);
    }

    @Test
    void aCancelDoesNotWaitLongForAFrozenExecutor() {
        String id = submitRunning(Trial.PAUSE);
        ProcessHandle frozen = executor();
        ClusterNode.signal("STOP", frozen);
        assertEquals(202, JobClient.cancel(apiClient, id));
        await().atMost(LONG)
                .until(
                        () -> phase(id),
                        phase -> phase != null
                                && phase.toString().matches("stopping: waits for executor \\d+ on 127\\.0\\.0\\.1"));
        assertEquals("CANCELLED", apiClient.awaitEnd(id).get("status"));
        assertEndsInItsFirstAttempt(submit(Trial.SPEAK));
        await().atMost(LONG).until(() -> !frozen.isAlive());
    }
}
