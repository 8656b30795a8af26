package tinderbox.spark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/**
 * Keeps harmless errors out of the log while a session starts or stops. Spark's executor sends a heartbeat each second. It
 * starts before the driver knows the executor and stops after the driver has forgotten it; on a busy machine nothing
 * receives such a heartbeat, and Spark logs a stack trace. The next heartbeat of a started session arrives, and {@link
 * SparkEngine} reports a session that cannot start or dies.
 */
final class HeartbeatFilter extends AbstractFilter {
    /** How long after a start or stop the failure of an earlier heartbeat may be logged. */
    private static final long GRACE_NANOS = Duration.ofSeconds(10).toNanos();

    /** Methods on the stack of a failing heartbeat, in the executor or the driver. */
    private static final List<String> METHODS = List.of(
            "org.apache.spark.executor.Executor.reportHeartBeat",
            "org.apache.spark.executor.Executor.org$apache$spark$executor$Executor$$reportHeartBeat",
            "org.apache.spark.HeartbeatReceiver",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$register",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$heartbeatReceived");

    /** Threads that only send or receive heartbeats. */
    private static final List<String> THREADS = List.of("executor-heartbeater", "heartbeat-receiver-event-loop-thread");

    /** How many sessions are starting or stopping; static, because loggers are. */
    private static int transitions;

    private static final AtomicLong LAST_TRANSITION = new AtomicLong(System.nanoTime() - GRACE_NANOS);

    /** Called when a session begins to start or stop. */
    static synchronized void begin() {
        transitions++;
    }

    /** Called when it has started or stopped, or has failed to. */
    static synchronized void end() {
        transitions--;
        LAST_TRANSITION.set(System.nanoTime());
    }

    private static synchronized boolean isInTransition() {
        return transitions > 0 || System.nanoTime() - LAST_TRANSITION.get() < GRACE_NANOS;
    }

    @Override
    public Result filter(LogEvent event) {
        boolean ofHeartbeat = THREADS.contains(event.getThreadName())
                || (event.getThrown() != null && isOfHeartbeat(event.getThrown()));
        return ofHeartbeat && isInTransition() ? Result.DENY : Result.NEUTRAL;
    }

    /** Whether sending or receiving a heartbeat threw this. */
    static boolean isOfHeartbeat(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .anyMatch(frame -> METHODS.stream().anyMatch(frame::startsWith));
    }
}
