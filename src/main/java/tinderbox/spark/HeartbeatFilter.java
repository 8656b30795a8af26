package tinderbox.spark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/**
 * Keeps harmless errors out of the log while a session starts or stops. Spark's executor sends a heartbeat each second,
 * beginning before the driver knows it and ending after the driver has forgotten it; on a busy machine nothing receives
 * such a heartbeat, and Spark logs a stack trace. The next heartbeat of a started session arrives, and the
 * {@link SparkEngine} reports a session that cannot start or dies.
 */
final class HeartbeatFilter extends AbstractFilter {
    /** How much later a heartbeat sent before the end of the start may be logged. */
    private static final long STILL_NANOS = Duration.ofSeconds(10).toNanos();

    /** Methods that a failing heartbeat passes through, on both ends. */
    private static final List<String> METHODS = List.of(
            "org.apache.spark.executor.Executor.reportHeartBeat",
            "org.apache.spark.executor.Executor.org$apache$spark$executor$Executor$$reportHeartBeat",
            "org.apache.spark.HeartbeatReceiver",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$register",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$heartbeatReceived");

    /** Threads that only send or answer heartbeats. */
    private static final List<String> THREADS = List.of("executor-heartbeater", "heartbeat-receiver-event-loop-thread");

    /** How many sessions start or stop now; static, as loggers are. */
    private static int changing;

    private static final AtomicLong SETTLED = new AtomicLong(System.nanoTime() - STILL_NANOS);

    /** A session begins to start or stop. */
    static synchronized void begin() {
        changing++;
    }

    /** It has started, or stopped, or failed to. */
    static synchronized void end() {
        changing--;
        SETTLED.set(System.nanoTime());
    }

    private static synchronized boolean isQuiet() {
        return changing > 0 || System.nanoTime() - SETTLED.get() < STILL_NANOS;
    }

    @Override
    public Result filter(LogEvent event) {
        boolean ofHeartbeat = THREADS.contains(event.getThreadName())
                || (event.getThrown() != null && isOfHeartbeat(event.getThrown()));
        return ofHeartbeat && isQuiet() ? Result.DENY : Result.NEUTRAL;
    }

    /** Whether sending or answering a heartbeat threw this. */
    static boolean isOfHeartbeat(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .anyMatch(frame -> METHODS.stream().anyMatch(frame::startsWith));
    }
}
