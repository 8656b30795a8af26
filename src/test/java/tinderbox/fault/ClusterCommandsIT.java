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
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands {@code master} and {@code worker} as processes: signals, secrets, ports, and what is left of them. */
class ClusterCommandsIT {
    @TempDir
    Path base;

    private Cluster cluster(String name) {
        return Cluster.in(base.resolve(name));
    }

    @Test
    void aWorkerThatIsKilledLeavesNoExecutor() throws IOException {
        try (Cluster cluster = Cluster.start(base.resolve("cluster"), 2);
                ServerProcess server = ServerProcess.on(base.resolve("data"))
                        .with(cluster.quickServerOptions())
                        .start()) {
            cluster.workers().forEach(ClusterCommandsIT::awaitExecutor);
            assertSecretIsHidden(cluster, server);

            // The process of the command, which waits for the one with Spark.
            ClusterNode first = cluster.worker(0);
            List<ProcessHandle> ofFirst = first.parent().descendants().toList();
            ClusterNode.signal("KILL", first.parent());
            awaitEnd(ofFirst);

            ClusterNode second = cluster.worker(1);
            List<ProcessHandle> ofSecond = second.parent().descendants().toList();
            second.kill9();
            assertEquals(1, second.awaitExit());
            assertTrue(second.output().contains("ended with 137; the log above says why"), second::output);
            awaitEnd(ofSecond);

            // A master that has gone for good does not keep a worker from stopping.
            ClusterNode third = cluster.restartWorker(0);
            third.awaitRegistered();
            awaitExecutor(third);
            List<ProcessHandle> ofThird = third.parent().descendants().toList();
            cluster.master().stop();
            third.stop();
            assertTrue(third.output().endsWith("ClusterOptions: The worker has stopped"), third::output);
            assertTrue(
                    cluster.master().output().endsWith("ClusterOptions: The master has stopped"),
                    () -> cluster.master().output());
            assertEquals(List.of(), ofThird.stream().filter(ClusterNode::runs).toList());
        }
    }

    private static void awaitExecutor(ClusterNode worker) {
        await().atMost(Duration.ofMinutes(1)).until(() -> worker.executors().size() == 1);
    }

    private static void awaitEnd(List<ProcessHandle> processes) {
        assertTrue(processes.size() >= 2);
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertEquals(
                        List.of(), processes.stream().filter(ClusterNode::runs).toList()));
    }

    /** Neither in a command line nor in an output; executors have it in their environment, which only their user sees. */
    private static void assertSecretIsHidden(Cluster cluster, ServerProcess server) throws IOException {
        String secret = Files.readString(cluster.secretFile());
        List<ProcessHandle> all = Stream.concat(
                        cluster.workers().stream().map(ClusterNode::parent),
                        Stream.of(
                                cluster.master().parent(),
                                ProcessHandle.of(server.pid()).orElseThrow()))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        assertTrue(all.size() >= 9, () -> "processes: " + all);
        for (ProcessHandle process : all) {
            String commandLine =
                    Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1);
            assertFalse(commandLine.contains(secret), commandLine);
        }
        for (ClusterNode node : cluster.workers()) {
            assertFalse(node.output().contains(secret));
        }
        assertFalse(server.output().contains(secret));
        assertFalse(cluster.master().output().contains(secret));
        try (Stream<Path> files = Files.walk(cluster.secretFile().resolveSibling("worker-1"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret), file::toString);
            }
        }
    }

    @Test
    void aWorkerWithAnotherSecretExitsWithTwoAndOneSentence() {
        try (Cluster cluster = cluster("right");
                Cluster other = cluster("other")) {
            cluster.startMaster();

            ClusterNode wrong = cluster.startWorker(
                    "--cluster-secret-file", other.secretFile().toString());
            assertEquals(2, wrong.awaitExit(), wrong::output);
            assertEquals(
                    "tinderbox: the master " + cluster.url()
                            + " has another secret; give --cluster-secret-file a copy of" + " the master's file",
                    wrong.output());
        }
    }

    @Test
    void whatIsTakenIsReported() {
        try (Cluster cluster = cluster("first");
                Cluster other = cluster("other");
                Cluster third = cluster("third")) {
            String port = cluster.startMaster().address().replaceFirst(".*:", "");

            ClusterNode samePort = other.launchMaster("--port", port);
            ClusterNode sameFolder = cluster.launchMaster("--port", "0");
            ClusterNode notOurs = third.launchMaster("--host", "192.0.2.77");
            assertEquals(3, samePort.awaitExit(), samePort::output);
            assertTrue(samePort.output().contains("cannot listen on 127.0.0.1 port " + port), samePort::output);
            assertEquals(3, sameFolder.awaitExit(), sameFolder::output);
            assertTrue(sameFolder.output().contains("another master uses the data dir"), sameFolder::output);
            assertEquals(3, notOurs.awaitExit(), notOurs::output);
            assertTrue(notOurs.output().contains("choose another with --port or --host"), notOurs::output);
        }
    }

    @Test
    void aMasterThatCannotReadItsFilesStartsWithoutThem() throws IOException {
        try (Cluster cluster = Cluster.start(base.resolve("cluster"), 1)) {
            cluster.master().kill9();
            Path recovery = cluster.secretFile().resolveSibling("master/cluster/recovery");
            try (Stream<Path> files = Files.list(recovery)) {
                for (Path file : files.toList()) {
                    Files.write(file, new byte[0]);
                }
            }
            ClusterNode again = cluster.startMaster();

            await().atMost(Duration.ofMinutes(1)).until(() -> again.output().contains("starts without it"));
            await().atMost(Duration.ofMinutes(1)).until(() -> again.output().contains("Registering worker 127.0.0.1"));
        }
    }
}
