package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import tinderbox.fault.ClusterSoak.Seen;
import tinderbox.fault.ClusterSoak.SkippedException;
import tinderbox.fault.TaskTrialJob.Trial;

/**
 * Master and workers of a distribution of Spark that is not ours. The package {@code pyspark} of PyPI brings one; {@code
 * TINDERBOX_SPARK_4_2_0=FOLDER} names one that is there already.
 */
final class PlainSpark {
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final Duration NOT_RELAUNCHED_FOR = Duration.ofSeconds(30);

    private PlainSpark() {}

    /** Jobs run on a cluster with nothing of ours. */
    static Seen runs(ClusterFault fault, String version) throws Exception {
        Path home = home(fault, version);
        fault.cluster().startPlainMaster(home);
        fault.cluster().startPlainWorker(home).awaitRegistered();
        fault.startServer();
        fault.awaitExecutors(1);
        fault.succeeded(fault.submit(Trial.QUERY), "", 0);
        String words = fault.apiClient().submit("word-count", java.util.Map.of("input", "in/small.txt"));
        return fault.succeeded(words, fault.session(), 0);
    }

    /** Executors of another version of Spark get no tasks, and jobs run on the others. */
    static Seen isRefused(ClusterFault fault, String version) throws Exception {
        Path home = home(fault, version);
        fault.cluster().startMaster();
        ClusterNode worker = fault.cluster().startPlainWorker(home).awaitRegistered();
        fault.startServer();
        String id = fault.submit(Trial.QUERY);
        await().atMost(LONG).until(() -> fault.session().contains(version));
        String seen = fault.session();
        assertTrue(seen.contains("4.2.0"), seen);
        // If the executor ended, the master would start another every 8 to 16 s.
        await().during(NOT_RELAUNCHED_FOR).atMost(LONG).until(() -> launches(worker) == 1);
        fault.cluster().startWorker();
        return fault.succeeded(id, seen, 0);
    }

    /** How many executors the worker has started so far. */
    private static long launches(ClusterNode worker) {
        return worker.output()
                .lines()
                .filter(line -> line.contains("Asked to launch executor"))
                .count();
    }

    /** The folder of a distribution, with {@code jars}. */
    private static Path home(ClusterFault fault, String version) throws Exception {
        String given = System.getenv("TINDERBOX_SPARK_" + version.replace('.', '_'));
        if (given != null) {
            return Path.of(given);
        }
        Path folder = Files.createDirectories(fault.folder().resolve("pyspark"));
        String package_ = "pyspark==" + version;
        run(folder, List.of("python3", "-m", "pip", "download", "-q", "--no-deps", package_));
        try (Stream<Path> files = Files.list(folder)) {
            Path archive = files.findFirst().orElseThrow(() -> new SkippedException("pip has not brought " + package_));
            run(folder, List.of("tar", "xzf", archive.toString(), "pyspark-" + version + "/deps/jars"));
        }
        return folder.resolve("pyspark-" + version + "/deps");
    }

    private static void run(Path folder, List<String> command) throws Exception {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (process.waitFor(10, TimeUnit.MINUTES) && process.exitValue() == 0) {
                return;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            throw new SkippedException(e.getMessage());
        }
        throw new SkippedException(String.join(" ", command) + " fails");
    }
}
