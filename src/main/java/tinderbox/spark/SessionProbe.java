package tinderbox.spark;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks whether a session with a local master still works, with a job of one row: a session that has lost one of its
 * threads does not stop, but no longer completes jobs. Not thread-safe.
 */
final class SessionProbe {
    private static final Logger LOG = LoggerFactory.getLogger(SessionProbe.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String GROUP = "tinderbox-probe";
    private static final String TASK = "org.apache.spark.executor.Executor$TaskRunner";

    private final SparkContext context;
    private Thread running;
    private long sinceNanos = System.nanoTime();

    SessionProbe(SparkContext context) {
        this.context = context;
    }

    /** Whether a probe is running. */
    boolean isRunning() {
        return running != null;
    }

    /** Whether it is time for the next probe. */
    boolean isDue() {
        return running == null && System.nanoTime() - sinceNanos > INTERVAL.toNanos();
    }

    /** Starts a probe; returns false if the machine has no thread for it. */
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

    /** Its outcome does not matter: a session that completes it works, and a stopped one is noticed elsewhere. */
    private void runJob() {
        try {
            context.setJobGroup(GROUP, "Checks whether the session works", true);
            new JavaSparkContext(context).parallelize(List.of(1), 1).count();
        } catch (RuntimeException | Error e) {
            LOG.debug("The probe failed", e);
        }
    }

    /** Whether the session no longer works: the probe is still waiting after a long time although a core is free. */
    boolean isUnanswered() {
        if (running != null && !running.isAlive()) {
            running = null;
        }
        return running != null
                && System.nanoTime() - sinceNanos > TIMEOUT.toNanos()
                && busyCores() < context.defaultParallelism();
    }

    /** Counted from threads, because the scheduler's count includes tasks that never got a thread. */
    private static long busyCores() {
        return Thread.getAllStackTraces().values().stream()
                .filter(stack ->
                        Stream.of(stack).anyMatch(frame -> frame.getClassName().equals(TASK)))
                .count();
    }
}
