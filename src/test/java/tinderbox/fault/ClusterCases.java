package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tinderbox.fault.ClusterSoak.Case;
import tinderbox.fault.ClusterSoak.Seen;
import tinderbox.fault.ClusterSoak.SkippedException;
import tinderbox.fault.TaskTrialJob.Trial;

/** The faults of {@link ClusterSoak}. */
final class ClusterCases {
    private static final Duration MASTER_AWAY = Duration.ofMinutes(6);
    private static final Duration WORKERS_AWAY = Duration.ofSeconds(90);
    private static final Duration ENDING = Duration.ofMinutes(1);
    private static final Duration LONG = Duration.ofMinutes(4);

    private ClusterCases() {}

    static Map<String, Case> all() {
        Map<String, Case> all = new LinkedHashMap<>();
        all.put("kill -9 of an executor in the map", ClusterCases::executorInMap);
        all.put("kill -9 of an executor between map and stage 2", ClusterCases::executorAfterMap);
        all.put("kill -9 of a worker", ClusterCases::worker);
        all.put("kill -9 of the master, which recovers", ClusterCases::master);
        all.put("master back without recovery", ClusterCases::masterWithoutRecovery);
        all.put("kill -9 of the server", ClusterCases::server);
        all.put("no worker for 90 s", ClusterCases::noWorker);
        all.put("busy executor under SIGSTOP, cancelled", ClusterCases::frozenExecutor);
        all.put("executors that end when they start", fault -> endingExecutors(fault));
        all.put(
                "the same with dynamic allocation",
                fault -> endingExecutors(fault, "--spark-conf", "spark.dynamicAllocation.enabled=true"));
        all.put("20 attempts whose executors are killed", ClusterCases::lostAgainAndAgain);
        all.put("executor out of memory", ClusterCases::outOfMemory);
        all.put("wrong secret", ClusterCases::wrongSecret);
        all.put("worker that cannot see a root", ClusterCases::unseenRoot);
        all.put("ports of hosts of their own", ClusterHosts::ports);
        all.put("worker's host cut off for a minute", ClusterHosts::cutOff);
        all.put("upgrade of the server's JAR", ClusterCases::upgrade);
        all.put("plain Spark 4.2.0", fault -> PlainSpark.runs(fault, "4.2.0"));
        all.put("worker of Spark 4.1.1", fault -> PlainSpark.isRefused(fault, "4.1.1"));
        all.put("master away for 6 minutes at start", ClusterCases::masterAway);
        return all;
    }

    /** Submits a job whose tasks run on two executors, and wait. */
    private static String runningOnTwo(ClusterFault fault) {
        fault.start(2);
        fault.awaitExecutors(2);
        String id = fault.submit(Trial.WAIT);
        fault.awaitTasks(id);
        return id;
    }

    private static Seen executorInMap(ClusterFault fault) {
        String id = runningOnTwo(fault);
        fault.cluster().worker(0).executors().forEach(executor -> ClusterNode.signal("KILL", executor));
        return fault.succeeded(id, lines(fault, id, "is gone"), 0);
    }

    private static Seen executorAfterMap(ClusterFault fault) {
        fault.start(2);
        fault.awaitExecutors(2);
        String id = fault.submitManyWords();
        await().atMost(LONG).pollInterval(Duration.ofMillis(20)).until(() -> fault.progress(id, "stages_done") > 0);
        fault.cluster().worker(0).executors().forEach(executor -> ClusterNode.signal("KILL", executor));
        return fault.succeeded(id, lines(fault, id, "is gone"), 0);
    }

    private static Seen worker(ClusterFault fault) {
        String id = runningOnTwo(fault);
        fault.cluster().worker(0).kill9();
        return fault.succeeded(id, lines(fault, id, "is gone"), 0);
    }

    private static Seen master(ClusterFault fault) {
        String id = runningOnTwo(fault);
        fault.cluster().master().kill9();
        fault.awaitSession("degraded");
        String seen = fault.session();
        fault.cluster().startMaster();
        fault.awaitSession("ready");
        return fault.succeeded(id, seen, 0);
    }

    private static Seen masterWithoutRecovery(ClusterFault fault) {
        String id = runningOnTwo(fault);
        fault.cluster().master().kill9();
        fault.awaitSession("degraded");
        String seen = fault.session();
        fault.cluster().startMasterWithoutRecovery();
        Seen first = fault.succeeded(id, seen, 0);
        assertEquals("SUCCEEDED", fault.awaitEnd(fault.submit(Trial.QUERY)).get("status"));
        return first;
    }

    private static Seen server(ClusterFault fault) {
        String id = runningOnTwo(fault);
        fault.server().kill9();
        fault.startServer();
        // A crash of the server itself costs an attempt, as without a cluster.
        return fault.succeeded(id, "the next start runs the job again", 1);
    }

    private static Seen noWorker(ClusterFault fault) {
        fault.start(0);
        fault.awaitSession("no_executors");
        String id = fault.submit(Trial.QUERY);
        String seen = staysPending(fault, id, WORKERS_AWAY);
        fault.cluster().startWorker();
        return fault.succeeded(id, seen, 0);
    }

    private static Seen masterAway(ClusterFault fault) {
        fault.cluster().startMaster();
        fault.cluster().master().kill9();
        fault.startServer();
        fault.awaitSession("connecting");
        String id = fault.submit(Trial.QUERY);
        ClusterNode worker = fault.cluster().startWorker();
        String seen = staysPending(fault, id, MASTER_AWAY);
        assertTrue(worker.isAlive());
        fault.cluster().startMaster();
        return fault.succeeded(id, seen, 0);
    }

    private static boolean isPending(ClusterFault fault, String id) {
        return JobClient.state(fault.apiClient(), id).equals("PENDING");
    }

    /** The session's sentence after a while in which the job stays in the queue. */
    private static String staysPending(ClusterFault fault, String id, Duration time) {
        await().pollInterval(Duration.ofSeconds(1))
                .during(time)
                .atMost(time.plus(LONG))
                .failFast("it is no longer PENDING", () -> !isPending(fault, id))
                .until(() -> isPending(fault, id));
        assertEquals(503, JobClient.status(fault.apiClient(), "/readyz"));
        return fault.session();
    }

    private static Seen frozenExecutor(ClusterFault fault) {
        String id = runningOnTwo(fault);
        List<ProcessHandle> frozen = fault.cluster().workers().stream()
                .flatMap(worker -> worker.executors().stream())
                .toList();
        frozen.forEach(executor -> ClusterNode.signal("STOP", executor));
        try {
            long cancelled = System.nanoTime();
            JobClient.cancel(fault.apiClient(), id);
            await().atMost(LONG).until(() -> fault.phase(id).startsWith("stopping: waits for"));
            String seen = fault.phase(id);
            assertEquals("CANCELLED", fault.awaitEnd(id).get("status"));
            long seconds = Duration.ofNanos(System.nanoTime() - cancelled).toSeconds();
            assertTrue(seconds <= 60, () -> "the cancel took " + seconds + " s");
            return new Seen(seen + "; CANCELLED after " + seconds + " s", 0);
        } finally {
            frozen.stream().filter(ClusterNode::runs).forEach(executor -> ClusterNode.signal("CONT", executor));
        }
    }

    /** Spark's master alone would start several in a second. */
    private static Seen endingExecutors(ClusterFault fault, String... options) {
        fault.cluster().startMaster();
        fault.cluster().startWorker();
        fault.startServer(Stream.concat(
                        Stream.of("--spark-conf", "spark.executor.extraJavaOptions=-javaagent:/nowhere.jar"),
                        Stream.of(options))
                .toArray(String[]::new));
        await().atMost(LONG).until(() -> fault.session().contains("executors end when they start"));
        String seen = fault.session();
        long before = launched(fault);
        await().pollDelay(ENDING).atMost(ENDING.plus(LONG)).until(() -> true);
        long more = launched(fault) - before;
        assertTrue(more > 0 && more < 4 * ENDING.toSeconds(), () -> more + " more have started");
        return new Seen(seen + "; " + more + " started in " + ENDING.toSeconds() + " s", 0);
    }

    private static long launched(ClusterFault fault) {
        return fault.cluster()
                .master()
                .output()
                .lines()
                .filter(line -> line.contains("Launching executor"))
                .count();
    }

    /** As if the job ended its executors itself. */
    private static Seen lostAgainAndAgain(ClusterFault fault) {
        fault.cluster().startMaster();
        fault.cluster().startWorker();
        fault.cluster().startWorker();
        // With Spark's default, an attempt is lost with the fourth executor that one of its tasks was on.
        fault.startServer("--spark-conf", "spark.task.maxFailures=1");
        fault.awaitExecutors(2);
        String id = fault.submit(Trial.WAIT);
        await().atMost(ENDING.multipliedBy(10))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    for (Object each : fault.executors()) {
                        Map<?, ?> executor = (Map<?, ?>) each;
                        if ((Long) executor.get("tasks_running") > 0) {
                            int worker = Integer.parseInt(
                                            executor.get("host").toString().replaceFirst(".*\\.", ""))
                                    - 1;
                            fault.cluster().worker(worker).executors().forEach(ProcessHandle::destroyForcibly);
                        }
                    }
                    return fault.apiClient().job(id).get("finished_at") != null;
                });
        return fault.failed(id, "cluster_lost");
    }

    private static Seen outOfMemory(ClusterFault fault) {
        fault.start(2);
        fault.awaitExecutors(2);
        Seen seen = fault.failed(fault.submit(Trial.EAT), "out_of_memory");
        fault.awaitExecutors(2);
        assertEquals("SUCCEEDED", fault.awaitEnd(fault.submit(Trial.QUERY)).get("status"));
        return seen;
    }

    private static Seen wrongSecret(ClusterFault fault) {
        Cluster other = Cluster.in(fault.folder().resolve("other"));
        fault.cluster().startMaster();
        ClusterNode worker = fault.cluster()
                .startWorker("--cluster-secret-file", other.secretFile().toString());
        assertEquals(2, worker.awaitExit(), worker::output);
        fault.cluster().master().close();
        // The server has the secret of the cluster; the master at its address has another one.
        other.startMaster("--port", fault.cluster().url().replaceFirst(".*:", ""));
        try {
            fault.startServer();
            await().atMost(LONG).until(() -> fault.session().contains("secret"));
            String seen = fault.session();
            assertTrue(fault.server().isAlive());
            return new Seen("worker: " + worker.output() + "; server: " + seen, 0);
        } finally {
            other.close();
        }
    }

    private static Seen unseenRoot(ClusterFault fault) throws Exception {
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new SkippedException("hiding a folder with unshare -m needs root");
        }
        Path shared = Files.createDirectories(fault.folder().resolve("shared"));
        Files.writeString(shared.resolve("small.txt"), "to be or not to be\n");
        fault.cluster().startMaster();
        fault.cluster()
                .startWorker(List.of(
                        "unshare", "-m", "sh", "-c", "mount -t tmpfs none '" + shared + "' && exec \"$@\"", "sh"));
        fault.startServer("--root", "shared=" + shared.toUri());
        fault.awaitExecutors(1);
        return fault.failed(
                fault.apiClient().submit("word-count", Map.of("input", "shared/small.txt")), "unreadable_on_worker");
    }

    /** The new JAR is another file, and the jobs that wait have been accepted by the old one. */
    private static Seen upgrade(ClusterFault fault) throws Exception {
        fault.cluster().startMaster();
        fault.startServer();
        List<String> waiting = List.of(fault.submit(Trial.QUERY), fault.submit(Trial.QUERY), fault.submit(Trial.WAIT));
        fault.cluster().startWorker();
        fault.cluster().startWorker();
        fault.awaitTasks(waiting.get(2));
        fault.server().signal("TERM");
        fault.server().awaitExit();
        Path newJar = fault.folder().resolve("new/tinderbox-next.jar");
        Files.createDirectories(newJar.getParent());
        Files.copy(ServerProcess.jar(), newJar);
        String oldJar = System.setProperty("tinderbox.jar", newJar.toString());
        try {
            fault.startServer();
        } finally {
            System.setProperty("tinderbox.jar", oldJar);
        }
        for (String id : waiting) {
            fault.succeeded(id, "", 0);
        }
        return new Seen("the jobs that ran and waited run again; none is lost", 0);
    }

    /** The lines of the job's log with a text, without their times. */
    private static String lines(ClusterFault fault, String id, String text) {
        fault.awaitEnd(id);
        String log = new String(
                fault.apiClient()
                        .send(fault.apiClient()
                                .request("/api/v1/jobs/" + id + "/log?format=text")
                                .build())
                        .body(),
                java.nio.charset.StandardCharsets.UTF_8);
        List<String> lines = log.lines()
                .filter(line -> line.contains(text))
                .map(line -> line.replaceFirst("^\\S+ +\\S+ +", ""))
                .toList();
        assertTrue(!lines.isEmpty(), log);
        return String.join("; ", lines);
    }
}
