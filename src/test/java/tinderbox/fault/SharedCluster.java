package tinderbox.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.support.ApiClient;

/**
 * A cluster with two workers, and a server that uses it and also has {@link TaskTrialJob}. The tests of {@link
 * SharedClusterIT} share it; a test that breaks something leaves it as it was. It ends with the JVM.
 */
public final class SharedCluster {
    private static SharedCluster shared;

    private final Path base;
    private final Cluster cluster;
    private final ServerProcess server;

    private SharedCluster() throws IOException {
        base = Files.createTempDirectory("tinderbox-cluster");
        cluster = Cluster.start(base.resolve("cluster"), 2);
        server = ServerProcess.on(base.resolve("data"))
                .program(TaskTrialServer.class, TaskTrialServer.classes())
                .with(cluster.quickServerOptions())
                .with("--spark-conf", "spark.jars=" + TaskTrialServer.jar(base.resolve("jars")))
                // So that a job that exhausts the memory of executors ends sooner; the soak has the default.
                .with("--spark-conf", "spark.task.maxFailures=2")
                .with(JobClient.rootOption(base))
                .start();
    }

    /** The shared cluster. */
    public static synchronized SharedCluster get() {
        if (shared == null) {
            try {
                shared = new SharedCluster();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return shared;
    }

    public Cluster cluster() {
        return cluster;
    }

    public ServerProcess server() {
        return server;
    }

    public ApiClient apiClient() {
        return server.apiClient();
    }

    /** The folder that is the dataset root {@code in}; executors see it. */
    public Path root() {
        return base.resolve("in");
    }
}
