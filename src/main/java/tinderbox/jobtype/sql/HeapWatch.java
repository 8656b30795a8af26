package tinderbox.jobtype.sql;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.Comparator;
import java.util.Optional;
import org.apache.spark.TaskContext;

/**
 * Lets a task notice that the heap stays nearly full while it collects values. Without it, the JVM would do hardly anything
 * but collect garbage for minutes, and all other jobs would stand still, before it runs out of memory.
 */
final class HeapWatch {
    private static final double NEARLY_FULL = 0.9;

    /** The memory is asked once per so many checks. */
    private static final int CHECKS = 256;

    private static final Optional<MemoryPoolMXBean> POOL = largestPool();
    private static final ThreadLocal<HeapWatch> OF_THREAD = new ThreadLocal<>();

    private final long task;
    /** What was left after the last collection before this task; it says nothing about the task. */
    private final long before = left();

    private int checks;

    private HeapWatch(long task) {
        this.task = task;
    }

    /** That of the task that the current thread runs. */
    static HeapWatch of(TaskContext task) {
        HeapWatch watch = OF_THREAD.get();
        if (watch == null || watch.task != task.taskAttemptId()) {
            watch = new HeapWatch(task.taskAttemptId());
            OF_THREAD.set(watch);
        }
        return watch;
    }

    /** Whether a collection of garbage during this task has left the heap nearly full. */
    boolean isNearlyFull() {
        if (++checks % CHECKS != 0 || POOL.isEmpty()) {
            return false;
        }
        long left = left();
        return left != before && left > NEARLY_FULL * POOL.get().getUsage().getMax();
    }

    private static long left() {
        MemoryUsage usage = POOL.map(MemoryPoolMXBean::getCollectionUsage).orElse(null);
        return usage == null ? 0 : usage.getUsed();
    }

    /** The pool of what lives long; empty if the JVM has none with a maximum. */
    private static Optional<MemoryPoolMXBean> largestPool() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool ->
                        pool.getType() == MemoryType.HEAP && pool.getUsage().getMax() > 0)
                .max(Comparator.comparingLong(pool -> pool.getUsage().getMax()));
    }
}
