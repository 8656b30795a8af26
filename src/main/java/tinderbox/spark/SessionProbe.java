package tinderbox.spark;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether a session still works, by a job of a single row: one that has lost a thread of its own does not stop, but
 * ends no job any more. Not thread-safe.
 */
final class SessionProbe {
    private static final Logger LOG = LoggerFactory.getLogger(SessionProbe.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration WITHIN = Duration.ofSeconds(30);
    private static final String GROUP = "tinderbox-probe";
    private static final String TASK = "org.apache.spark.executor.Executor$TaskRunner";

    private final SparkContext context;
    private final boolean local;
    private Thread running;
    private long sinceNanos = System.nanoTime();

    SessionProbe(SparkContext context, boolean local) {
        this.context = context;
        this.local = local;
    }

    /** Whether an answer is awaited. */
    boolean isRunning() {
        return running != null;
    }

    /** Whether it is time to look again. */
    boolean isDue() {
        return running == null && System.nanoTime() - sinceNanos > EVERY.toNanos();
    }

    /** Begins to look; false if the machine has no thread for it. */
    boolean start() {
        Thread probe = new Thread(this::runJob, GROUP);
        probe.setDaemon(true);
        try {
            probe.start();
        } catch (OutOfMemoryError e) {
            return false;
        }
        running = probe;
        sinceNanos = System.nanoTime();
        return true;
    }

    /** However it ends: a session that answers at all works, and one that has stopped is noticed elsewhere. */
    private void runJob() {
        try {
            context.setJobGroup(GROUP, "Looks whether the session works", true);
            new JavaSparkContext(context).parallelize(List.of(1), 1).count();
        } catch (RuntimeException | Error e) {
            LOG.debug("The probe failed", e);
        }
    }

    /** Whether the session is known to answer no more: it has waited for long while a core was free. */
    boolean isUnanswered() {
        if (running != null && !running.isAlive()) {
            running = null;
        }
        return running != null
                && local
                && System.nanoTime() - sinceNanos > WITHIN.toNanos()
                && busyCores() < context.defaultParallelism();
    }

    /** The scheduler's own count has tasks in it that never got a thread. */
    private static long busyCores() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack ->
                        Stream.of(stack).anyMatch(frame -> frame.getClassName().equals(TASK)))
                .count();
    }
}
