package tinderbox.jobtype.wordcount;

import java.io.Serializable;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.memory.MemoryManager;
import scala.jdk.javaapi.CollectionConverters;

/**
 * How much of the heap a task may use: an equal share, in the server in local mode, and in an executor on a cluster.
 *
 * @param max at most this much, in bytes
 */
record TaskMemory(long max) implements Serializable {
    /** The whole share. */
    static final TaskMemory SHARE = new TaskMemory(Long.MAX_VALUE);

    /**
     * An executor may have been given fewer cores than its machine has. Spark tells no task how many, but divides its own
     * memory by that number, in a private field.
     */
    private static final VarHandle CORES = coresOfMemoryManager();

    private static final String CORES_PER_TASK = "spark.task.cpus";
    private static final String EXECUTOR_MEMORY = "spark.executor.memory";

    private static VarHandle coresOfMemoryManager() {
        try {
            return MethodHandles.privateLookupIn(MemoryManager.class, MethodHandles.lookup())
                    .findVarHandle(MemoryManager.class, "numCores", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** How many tasks can run in this process at the same time; at least 1. */
    static int slots() {
        SparkEnv env = SparkEnv.get();
        return env == null
                ? 1
                : Math.max(1, (int) CORES.get(env.memoryManager()) / env.conf().getInt(CORES_PER_TASK, 1));
    }

    /** Whose memory it is, in words. */
    static String owner() {
        SparkEnv env = SparkEnv.get();
        return env == null || env.executorId().equals(SparkContext$.MODULE$.DRIVER_IDENTIFIER())
                ? "this server"
                : "the executor";
    }

    /** The share of a task of this process, in bytes. */
    long bytes() {
        return Math.min(max, Runtime.getRuntime().maxMemory() / slots());
    }

    /** The share of a task of this session, in bytes: an estimate, because executors may differ. */
    long bytes(SparkContext spark) {
        if (spark.isLocal()) {
            return bytes();
        }
        int cores = CollectionConverters.asJava(spark.statusStore().executorList(true)).stream()
                .mapToInt(executor -> executor.totalCores())
                .max()
                .orElse(1);
        long heap = spark.getConf().getSizeAsBytes(EXECUTOR_MEMORY, "1g");
        return Math.min(max, heap / Math.max(1, cores / spark.getConf().getInt(CORES_PER_TASK, 1)));
    }
}
