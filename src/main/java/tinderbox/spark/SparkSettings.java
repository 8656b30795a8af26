package tinderbox.spark;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.cluster.MasterProbe;
import tinderbox.common.LoopbackAddress;
import tinderbox.common.MasterUrl;
import tinderbox.executor.TinderboxPlugin;

/**
 * The settings of the session.
 *
 * @param master Spark's master URL, such as {@code local[*]}
 * @param cluster how to reach the cluster; null with a local master
 * @param scratch folder for shuffle files; emptied with the data dir at a start
 * @param ui whether Spark's web UI runs, on loopback
 * @param maxRunning how many jobs run at the same time
 * @param fileSystems the settings of Hadoop's file systems
 * @param taskJar the classes that tasks need, for executors; null with a local master
 * @param extra settings of the operator, which override ours
 */
public record SparkSettings(
        String master,
        ClusterSettings cluster,
        Path scratch,
        boolean ui,
        int maxRunning,
        Map<String, String> fileSystems,
        Path taskJar,
        Map<String, String> extra) {
    /**
     * The number of threads per running job in each of Spark SQL's pools. One waits for the job's last stage; the others
     * serve the stages, subqueries and broadcasts before it, which may wait for one another.
     */
    private static final int POOL_THREADS_PER_JOB = 16;

    private static final String JARS = "spark.jars";
    private static final String PLUGINS = "spark.plugins";
    private static final String NETTY_MEMORY = "io.netty.maxDirectMemory";

    /** Enough for the blocks in which netty allocates memory, one or more for each of its threads. */
    private static final long MAX_NETWORK_BYTES = 32 << 20;

    public SparkSettings {
        fileSystems = Map.copyOf(fileSystems);
        extra = Map.copyOf(extra);
    }

    /** Whether tasks run in this process. */
    boolean isLocal() {
        return master.startsWith("local");
    }

    /** Every setting by its Spark name; the operator's override the others. */
    Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("spark.app.name", "Tinderbox");
        all.put("spark.master", master);
        all.put("spark.local.dir", scratch.toString());
        all.put("spark.sql.warehouse.dir", scratch.resolve("warehouse").toUri().toString());
        // The UI exits the JVM if it cannot bind its port.
        all.put("spark.ui.enabled", Boolean.toString(ui));
        if (isLocal()) {
            // Otherwise the ports would be open to the network.
            String address = LoopbackAddress.address();
            // Spark expects an IPv6 address in URL syntax.
            String loopback = address.contains(":") ? "[" + address + "]" : address;
            // A reply lost with a dead thread would otherwise delay the stop of a session for minutes.
            all.put("spark.rpc.askTimeout", "30s");
            all.put("spark.driver.bindAddress", loopback);
            all.put("spark.driver.host", loopback);
            all.put("spark.authenticate", "true");
            // An OutOfMemoryError in a task must not end the server; an executor of a cluster is replaced.
            all.put("spark.executor.killOnFatalError.depth", "0");
        } else {
            all.putAll(ClusterSettings.DEFAULTS);
        }
        // For small jobs on few cores, 200 shuffle partitions or a Spark job to list files cost more than the work.
        all.put("spark.sql.shuffle.partitions", "16");
        all.put("spark.sql.sources.parallelPartitionDiscovery.threshold", "100000");
        // No session adds classes at run time; with isolation on, tasks ask the driver for class names over RPC.
        all.put("spark.sql.artifact.isolation.enabled", "false");
        // Each running job has its own pool and gets a share of the cores; the default runs jobs one by one.
        all.put("spark.scheduler.mode", "FAIR");
        // Heartbeats carry the metrics of running tasks. After this many failures, ten minutes as by default, the
        // executor exits, and with it this JVM.
        all.put("spark.executor.heartbeatInterval", "1s");
        all.put("spark.executor.heartbeat.maxFailures", "600");
        // The total result of a stage's tasks; by default 1 GB, no matter how large the heap is.
        all.put("spark.driver.maxResultSize", Long.toString(maxResultBytes()));
        // The status store exists even without the UI and would grow with every job.
        all.put("spark.ui.retainedJobs", "200");
        all.put("spark.ui.retainedStages", "200");
        all.put("spark.ui.retainedTasks", "2000");
        all.put("spark.sql.ui.retainedExecutions", "50");
        all.put("spark.cleaner.periodicGC.interval", "10min");
        // Every read adds an entry to this cache that no later read finds, until it has 250 MB.
        all.put("spark.sql.hive.filesourcePartitionFileCacheSize", "0");
        // These pools start a new thread for each task until they are full, even if other threads are idle.
        all.put("spark.sql.shuffleExchange.maxThreadThreshold", poolThreads(1024));
        all.put("spark.sql.resultQueryStage.maxThreadThreshold", poolThreads(1024));
        all.put("spark.sql.broadcastExchange.maxThreadThreshold", poolThreads(128));
        all.put("spark.sql.subquery.maxThreadThreshold", poolThreads(128));
        all.putAll(extra);
        if (!isLocal()) {
            all.putAll(cluster.all(masterUrl()));
            all.put(PLUGINS, withOurs(TinderboxPlugin.class.getName(), extra.get(PLUGINS)));
            all.put(JARS, withOurs(taskJar.toString(), extra.get(JARS)));
            // A worker's installation may have the classes of another version.
            all.put("spark.executor.userClassPathFirst", "true");
        }
        // After the operator's, because safety rests on them. SparkConfRules has the reasons, and refuses other values.
        all.putAll(fileSystems);
        all.put("spark.sql.variable.substitute", "false");
        all.put("spark.sql.runSQLOnFiles", "false");
        all.put("spark.sql.files.ignoreCorruptFiles", "false");
        all.put("spark.sql.files.ignoreMissingFiles", "false");
        all.put("spark.files.ignoreCorruptFiles", "false");
        all.put("spark.files.ignoreMissingFiles", "false");
        all.put("spark.sql.defaultUrlStreamHandlerFactory.enabled", "false");
        return all;
    }

    /** The settings with which a {@link MasterProbe} asks the master of the cluster; they have the secret. */
    Map<String, String> forProbe() {
        Map<String, String> all = all();
        if (cluster.secret() != null) {
            all.put("spark.authenticate.secret", cluster.secret().text());
        }
        return all;
    }

    /** The address of this machine at which the cluster reaches the driver. */
    String driverHost() {
        return cluster.host(masterUrl());
    }

    /** The masters of the cluster. */
    MasterUrl masterUrl() {
        return MasterUrl.parse(master).orElseThrow();
    }

    /** Spark's configuration for a session. */
    ServerConf conf() {
        ServerConf conf = new ServerConf(isLocal() ? null : cluster.secret());
        all().forEach(conf::set);
        return conf;
    }

    /**
     * Limits the memory for incomplete frames on Spark's ports: Spark reads up to 2 GB of a frame before it authenticates
     * the sender. A local session needs almost none; one with a cluster keeps netty's default. Has an effect only before
     * the first session of the process.
     */
    void boundNetwork() {
        if (isLocal() && System.getProperty(NETTY_MEMORY) == null) {
            System.setProperty(NETTY_MEMORY, Long.toString(MAX_NETWORK_BYTES));
        }
    }

    /** A list with what the operator has set after ours. */
    private static String withOurs(String ours, String ofOperator) {
        return ofOperator == null || ofOperator.isBlank() ? ours : ours + "," + ofOperator.strip();
    }

    /** More than this would fill the heap if it were all kept; a word count keeps little of it. */
    private static long maxResultBytes() {
        return Math.max(2L << 30, Runtime.getRuntime().maxMemory() / 2);
    }

    /** Enough that no running job waits for another; Spark refuses more than {@code max}. */
    private String poolThreads(int max) {
        return Integer.toString(Math.min(max, POOL_THREADS_PER_JOB * maxRunning));
    }
}
