package tinderbox.cluster;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.worker.Worker;
import org.apache.spark.rpc.RpcEnv;
import scala.Option;

/** Spark's own worker in this process. The executors are its child processes. */
public final class WorkerProcess implements AutoCloseable {
    /** Spark kills an executor that has not ended after ten seconds. */
    private static final Duration EXECUTORS_END_WITHIN = Duration.ofSeconds(15);

    private static final String FOR_EVER = Integer.toString(Integer.MAX_VALUE);

    private final RpcEnv rpc;
    private final FileLock lock;

    private WorkerProcess(RpcEnv rpc, FileLock lock) {
        this.rpc = rpc;
        this.lock = lock;
    }

    /**
     * What a worker offers.
     *
     * @param host the address at which master, server and other workers reach it
     * @param port 0 for any free one
     * @param cores how many tasks run at the same time
     * @param memoryBytes what all executors may have together
     */
    public record Offer(String host, int port, int uiPort, int cores, long memoryBytes) {}

    /**
     * Starts the worker; it registers with the master in the background, and again whenever that was away.
     *
     * @param masters one URL or more
     * @param extra settings of the operator
     * @throws BindException if another worker uses the folder, or the port cannot be used
     */
    public static WorkerProcess start(
            List<String> masters, Offer offer, ClusterFolder folder, Map<String, String> extra) throws IOException {
        FileLock lock = folder.lock("worker");
        folder.deleteScratch();
        Map<String, String> defaults = Map.ofEntries(
                Map.entry("spark.local.dir", folder.scratch().toString()),
                // By default it exits: after 16 tries to reach the master, or 5 to report an executor's end.
                Map.entry("spark.worker.initialRegistrationRetries", FOR_EVER),
                Map.entry("spark.worker.maxRegistrationRetries", FOR_EVER),
                Map.entry("spark.worker.executorStateSync.maxAttempts", FOR_EVER),
                Map.entry("spark.worker.cleanup.enabled", "true"),
                Map.entry("spark.worker.cleanup.appDataTtl", "3600"),
                // Executors' output, which by default grows without a limit.
                Map.entry("spark.executor.logs.rolling.strategy", "size"),
                Map.entry("spark.executor.logs.rolling.maxSize", Integer.toString(16 << 20)),
                Map.entry("spark.executor.logs.rolling.maxRetainedFiles", "4"));
        SparkConf conf = DaemonConf.of(defaults, extra, Map.of());
        DaemonConf.requireFree(offer.host(), offer.port());
        RpcEnv rpc = Worker.startRpcEnvAndEndpoint(
                offer.host(),
                offer.port(),
                offer.uiPort(),
                offer.cores(),
                (int) Math.min(offer.memoryBytes() >> 20, Integer.MAX_VALUE),
                masters.toArray(String[]::new),
                folder.work().toString(),
                Option.empty(),
                conf,
                Option.empty());
        return new WorkerProcess(rpc, lock);
    }

    /** Its host and port. */
    public String address() {
        return rpc.address().toString();
    }

    /** Stops it, and with it all executors. */
    @Override
    public void close() throws IOException {
        List<ProcessHandle> executors = ProcessHandle.current().children().toList();
        rpc.shutdown();
        rpc.awaitTermination();
        try {
            CompletableFuture.allOf(
                            executors.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new))
                    .get(EXECUTORS_END_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            executors.forEach(ProcessHandle::destroyForcibly);
        }
        lock.release();
    }
}
