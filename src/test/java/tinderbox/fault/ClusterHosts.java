package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import tinderbox.cluster.MasterProbe;
import tinderbox.common.MasterUrl;
import tinderbox.fault.ClusterSoak.Seen;
import tinderbox.fault.ClusterSoak.SkippedException;
import tinderbox.fault.TaskTrialJob.Trial;

/**
 * Faults of {@link ClusterSoak} on hosts of their own: a master, a worker and a server. The server serves on loopback, so
 * what checks it runs on its host too, in a process of its own.
 */
final class ClusterHosts {
    private static final int MASTER = 0;
    private static final int WORKER = 1;
    private static final int SERVER = 2;

    private static final String MASTER_PORT = "7077";
    private static final String WORKER_PORT = "7081";
    private static final String EXECUTOR_PORT = "7080";
    private static final List<String> DRIVER_PORTS = List.of("7078", "7079");

    private static final String SEEN = "seen: ";
    private static final Duration LONG = Duration.ofMinutes(4);
    private static final Duration CUT_OFF = Duration.ofMinutes(1);

    private final ClusterFault fault;
    private final NetworkNamespaces hosts;

    private ClusterHosts(ClusterFault fault, NetworkNamespaces hosts) {
        this.fault = fault;
        this.hosts = hosts;
    }

    /** What is checked. */
    private enum Check {
        PORTS,
        CUT
    }

    /** Nothing listens but what docs/cluster.md lists, and all of it demands the secret. */
    static Seen ports(ClusterFault fault) throws SkippedException {
        return onServersHost(fault, Check.PORTS);
    }

    /** The worker's host is cut off in the middle of a job, and comes back. */
    static Seen cutOff(ClusterFault fault) throws SkippedException {
        return onServersHost(fault, Check.CUT);
    }

    private static Seen onServersHost(ClusterFault fault, Check check) throws SkippedException {
        try (NetworkNamespaces hosts = NetworkNamespaces.create(3)) {
            List<String> command = new ArrayList<>(hosts.program(SERVER));
            command.addAll(List.of(
                    ClusterNode.java(),
                    "-Xmx256m",
                    "-Dtinderbox.jar=" + ServerProcess.jar().toAbsolutePath(),
                    "-cp",
                    absolute(System.getProperty("java.class.path")),
                    ClusterHosts.class.getName(),
                    fault.folder().resolve("hosts").toString(),
                    hosts.prefix(),
                    check.name()));
            CompletableFuture<String> seen = new CompletableFuture<>();
            try (WatchedProcess inner = new WatchedProcess(new ProcessBuilder(command), line -> {
                if (line.startsWith(SEEN)) {
                    seen.complete(line.substring(SEEN.length()));
                }
            })) {
                await().atMost(Duration.ofMinutes(8)).until(() -> !inner.isAlive());
                if (inner.awaitExit() != 0) {
                    throw new AssertionError(inner.output());
                }
            }
            return new Seen(seen.join(), 0);
        }
    }

    private static String absolute(String classPath) {
        return String.join(
                File.pathSeparator,
                Stream.of(classPath.split(File.pathSeparator, -1))
                        .map(part -> Path.of(part).toAbsolutePath().toString())
                        .toList());
    }

    /** Runs on the server's host. */
    public static void main(String[] arguments) throws Exception {
        NetworkNamespaces hosts = new NetworkNamespaces(arguments[1], 3);
        int code = 1;
        try (ClusterFault fault = new ClusterFault(Path.of(arguments[0]))) {
            ClusterHosts here = new ClusterHosts(fault, hosts);
            here.start();
            System.out.println(SEEN + (Check.valueOf(arguments[2]) == Check.PORTS ? here.ports() : here.cutOff()));
            code = 0;
        } catch (Exception | AssertionError e) {
            e.printStackTrace(System.out);
        }
        System.exit(code);
    }

    private void start() {
        fault.cluster().startMaster(hosts.program(MASTER), "--host", hosts.address(MASTER), "--port", MASTER_PORT);
        fault.cluster()
                .startWorker(hosts.program(WORKER), "--host", hosts.address(WORKER), "--port", WORKER_PORT)
                .awaitRegistered();
        fault.startServer(
                "--driver-host",
                hosts.address(SERVER),
                "--driver-ports",
                String.join(",", DRIVER_PORTS),
                "--spark-conf",
                "spark.blockManager.port=" + EXECUTOR_PORT);
        fault.awaitExecutors(1);
    }

    private String ports() throws IOException {
        Map<String, Object> job =
                fault.awaitEnd(fault.apiClient().submit("word-count", Map.of("input", "samples/state-of-the-union")));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);

        List<String> ofMaster = List.of(hosts.address(MASTER) + ":" + MASTER_PORT);
        List<String> ofWorker =
                List.of(hosts.address(WORKER) + ":" + EXECUTOR_PORT, hosts.address(WORKER) + ":" + WORKER_PORT);
        List<String> ofServer = DRIVER_PORTS.stream()
                .map(port -> hosts.address(SERVER) + ":" + port)
                .toList();
        String http = "127.0.0.1:" + fault.server().uri().getPort();
        assertEquals(with(ofMaster, "127.0.0.1:8090"), hosts.listening(MASTER));
        assertEquals(with(ofWorker, "127.0.0.1:8091"), hosts.listening(WORKER));
        assertEquals(with(ofServer, http), hosts.listening(SERVER));
        List<String> open =
                Stream.of(ofMaster, ofWorker, ofServer).flatMap(List::stream).toList();
        for (String address : open) {
            assertInstanceOf(
                    MasterProbe.SecretMissingHere.class,
                    new MasterProbe(
                                    MasterUrl.parse("spark://" + address).orElseThrow(),
                                    hosts.address(SERVER),
                                    Map.of())
                            .ask(),
                    address);
        }
        return open.size() + " ports beyond loopback, each refuses who has no secret; connections: "
                + String.join(", ", connections(open));
    }

    private static List<String> with(List<String> addresses, String another) {
        return Stream.concat(addresses.stream(), Stream.of(another)).sorted().toList();
    }

    /** Who is connected to which port. */
    private Set<String> connections(List<String> open) throws IOException {
        List<String> names = List.of("master", "worker", "server");
        Set<String> all = new TreeSet<>();
        for (int host = 0; host < names.size(); host++) {
            for (List<String> ends : hosts.connections(host)) {
                if (!open.contains(ends.get(0))) {
                    assertTrue(open.contains(ends.get(1)), () -> ends + " is no documented port");
                    all.add(names.get(host) + " to " + ends.get(1).replaceFirst(".*:", ""));
                }
            }
        }
        return all;
    }

    private String cutOff() throws IOException {
        String id = fault.submit(Trial.WAIT);
        fault.awaitTasks(id);
        hosts.plug(WORKER, false);
        long from = System.nanoTime();
        await().atMost(LONG).until(() -> fault.executors().isEmpty());
        long noticed = seconds(from);
        await().atMost(LONG).until(() -> System.nanoTime() - from > CUT_OFF.toNanos());
        String seen = fault.session() + "; the job: " + fault.phase(id);
        hosts.plug(WORKER, true);
        long back = System.nanoTime();
        fault.awaitExecutors(1);
        long again = seconds(back);
        return fault.succeeded(
                        id,
                        "noticed after " + noticed + " s: " + seen + "; an executor " + again + " s after its end",
                        0)
                .text();
    }

    private static long seconds(long from) {
        return Duration.ofNanos(System.nanoTime() - from).toSeconds();
    }
}
