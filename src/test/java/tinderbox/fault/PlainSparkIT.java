package tinderbox.fault;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.support.ApiClient;

/**
 * Workers of a Spark without Tinderbox, and of one with another version of it, run what the server sends: the classes of
 * the server.
 */
class PlainSparkIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path base;

    @Test
    void workersRunTheClassesOfTheServer() throws Exception {
        Path secret = Cluster.in(base.resolve("secret")).secretFile();
        List<Path> jars = PlainCluster.jarsOfTheBuild();
        // Class paths of executors follow the names of the JARs, so this one is before Spark's.
        Path broken = PlainCluster.brokenTinderbox(
                base.resolve("a-tinderbox-of-another-version.jar"),
                List.of(
                        "tinderbox.executor.TinderboxPlugin",
                        "tinderbox.executor.DriverLink",
                        "tinderbox.dataset.hadoop.DatasetFileSystem",
                        "tinderbox.dataset.Dataset",
                        "tinderbox.jobtype.wordcount.WordTable",
                        "tinderbox.jobtype.wordcount.CountTask"));
        try (PlainCluster spark =
                new PlainCluster(base.resolve("spark"), Files.readString(secret).strip())) {
            Path plain = spark.install("plain", jars);
            Path other = spark.install(
                    "other", Stream.concat(Stream.of(broken), jars.stream()).toList());
            String master = spark.startMaster(plain);
            spark.startWorker(plain, "127.0.0.1", master);
            spark.startWorker(other, "127.0.0.2", master);
            try (ServerProcess server = ServerProcess.on(base.resolve("data"))
                    .with("--master", master, "--cluster-secret-file", secret.toString())
                    .with("--spark-conf", "spark.executor.memory=512m")
                    .with(JobClient.rootOption(base))
                    .start()) {
                count(server.apiClient(), spark);
            }
        }
    }

    private static void count(ApiClient apiClient, PlainCluster spark) throws Exception {
        await().atMost(LONG)
                .until(() -> hosts(apiClient.get("/api/v1/server").get("executors"))
                        .equals(Set.of("127.0.0.1", "127.0.0.2")));
        String small = JobClient.submitAccepted(apiClient, null, 0);
        assertEquals("SUCCEEDED", apiClient.awaitEnd(small).get("status"), () -> outputOf(spark));
        assertEquals(JobClient.CSV, apiClient.csv(small));

        String folder = apiClient.submit("word-count", Map.of("input", "samples/state-of-the-union"));
        assertEquals("SUCCEEDED", apiClient.awaitEnd(folder).get("status"), () -> outputOf(spark));
        List<?> stages =
                (List<?>) apiClient.get("/api/v1/jobs/" + folder + "/stages").get("stages");
        assertEquals(
                Set.of("127.0.0.1", "127.0.0.2"),
                stages.stream()
                        .flatMap(stage -> hosts(((Map<?, ?>) stage).get("hosts")).stream())
                        .collect(Collectors.toSet()));
        assertEquals(2, spark.executorsStarted(), () -> outputOf(spark));
    }

    private static Set<Object> hosts(Object list) {
        return ((List<?>) list)
                .stream().map(each -> (Object) ((Map<?, ?>) each).get("host")).collect(Collectors.toSet());
    }

    private static String outputOf(PlainCluster spark) {
        try {
            return spark.executorOutput();
        } catch (java.io.IOException e) {
            return e.toString();
        }
    }
}
