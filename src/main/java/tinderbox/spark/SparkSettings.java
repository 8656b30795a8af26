package tinderbox.spark;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.common.LoopbackAddress;
import tinderbox.jobtype.DeniedFileSystem;

/**
 * How the session is made.
 *
 * @param master Spark's master URL, such as {@code local[*]}
 * @param scratch folder for shuffle files; emptied by whoever owns the data dir
 * @param ui whether Spark's own web UI is shown, on loopback
 * @param maxRunning how many jobs run on it at the same time
 * @param extra what the operator sets beside or instead of our settings
 */
public record SparkSettings(String master, Path scratch, boolean ui, int maxRunning, Map<String, String> extra) {
    /**
     * How many threads of each of Spark SQL's pools there are for a job. One waits for the job's last stage, the others
     * are for the stages, subqueries and broadcasts before it, and those may wait for one another.
     */
    private static final int POOL_THREADS_A_JOB = 16;

    private static final String NETTY_MEMORY = "io.netty.maxDirectMemory";

    /** Enough for the blocks that netty takes its memory in, one for each of its threads and some more. */
    private static final long MOST_NETWORK_BYTES = 32 << 20;

    public SparkSettings {
        extra = Map.copyOf(extra);
    }

    /** Whether tasks run in this process. */
    boolean isLocal() {
        return master.startsWith("local");
    }

    /** Every setting by its Spark name; the operator's go last and win. */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("spark.app.name", "Tinderbox");
        all.put("spark.master", master);
        all.put("spark.local.dir", scratch.toString());
        all.put("spark.sql.warehouse.dir", scratch.resolve("warehouse").toUri().toString());
        // The UI exits the JVM where it cannot bind, and the ports would else be open to the network.
        all.put("spark.ui.enabled", Boolean.toString(ui));
        if (isLocal()) {
            // A cluster's workers must reach the driver, and know the secret: there, the operator sets both.
            String address = LoopbackAddress.address();
            // Spark wants an IPv6 address as it stands in a URL.
            String loopback = address.contains(":") ? "[" + address + "]" : address;
            // Within this process; one that is lost with a thread would else hold up the end of a session for minutes.
            all.put("spark.rpc.askTimeout", "30s");
            all.put("spark.driver.bindAddress", loopback);
            all.put("spark.driver.host", loopback);
            all.put("spark.authenticate", "true");
        }
        // An OutOfMemoryError in a task must not end the server.
        all.put("spark.executor.killOnFatalError.depth", "0");
        // Nothing in a request names a file system; a job that is talked into one does not get it.
        all.putAll(DeniedFileSystem.settings());
        all.put("spark.sql.files.ignoreCorruptFiles", "false");
        all.put("spark.sql.files.ignoreMissingFiles", "false");
        // Small jobs on few cores: 200 shuffle partitions, or a Spark job to list some files, cost more than the count.
        all.put("spark.sql.shuffle.partitions", "16");
        all.put("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000");
        // No session adds classes at run time; with isolation on, tasks ask the driver for class names over RPC.
        all.put("spark.sql.artifact.isolation.enabled", "false");
        // Each running job has a pool of its own, and gets its share of the cores: the default takes jobs one by one.
        all.put("spark.scheduler.mode", "FAIR");
        // Heartbeats tell what running tasks have read. An executor, and with it this JVM, exits after so many that
        // went unanswered; ten minutes of them, as by default.
        all.put("spark.executor.heartbeatInterval", "1s");
        all.put("spark.executor.heartbeat.maxFailures", "600");
        // What the tasks of a stage answer together; by default 1 GB, however large the heap that it passes through.
        all.put("spark.driver.maxResultSize", Long.toString(mostResultBytes()));
        // The status store lives even without the UI and would grow with every job.
        all.put("spark.ui.retainedJobs", "200");
        all.put("spark.ui.retainedStages", "200");
        all.put("spark.ui.retainedTasks", "2000");
        all.put("spark.sql.ui.retainedExecutions", "50");
        all.put("spark.cleaner.periodicGC.interval", "10min");
        // Each read of a file has a place of its own in this cache, which no later read finds, and stays until 250 MB.
        all.put("spark.sql.hive.filesourcePartitionFileCacheSize", "0");
        // These pools start a new thread for each piece of work until they are full, though others are idle.
        all.put("spark.sql.shuffleExchange.maxThreadThreshold", poolThreads(1024));
        all.put("spark.sql.resultQueryStage.maxThreadThreshold", poolThreads(1024));
        all.put("spark.sql.broadcastExchange.maxThreadThreshold", poolThreads(128));
        all.put("spark.sql.subquery.maxThreadThreshold", poolThreads(128));
        all.putAll(extra);
        return all;
    }

    /**
     * Bounds what Spark's ports hold of frames that have not come to their end: it reads them, up to 2 GB each, before it
     * asks who sends them. A local session sends itself next to nothing that way; one with a cluster needs what netty
     * takes by itself. Has an effect before the first session of the process only.
     */
    void boundNetwork() {
        if (isLocal() && System.getProperty(NETTY_MEMORY) == null) {
            System.setProperty(NETTY_MEMORY, Long.toString(MOST_NETWORK_BYTES));
        }
    }

    /** So much is bound to fill the heap where it is kept; most of a word count's answers are not. */
    private static long mostResultBytes() {
        return Math.max(2L << 30, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Enough for every job that runs, so that none waits for another's; Spark refuses more than {@code most}. */
    private String poolThreads(int most) {
        return Integer.toString(Math.min(most, POOL_THREADS_A_JOB * maxRunning));
    }
}
