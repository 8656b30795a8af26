package tinderbox.spark;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.filter.AbstractFilter;

/**
 * Keeps errors that are none out of the log while a session starts or stops. Spark's executor tells of itself each second
 * from before the driver knows it until after the driver has forgotten it; on a busy machine such a heartbeat meets
 * nobody, and Spark logs a stack trace for it. The next heartbeat of a started session is heard, and a session that
 * cannot start or dies is told of by the {@link SparkEngine}.
 */
final class HeartbeatFilter extends AbstractFilter {
    /** A heartbeat that was sent before the end of the start may be logged so much later. */
    private static final long STILL_NANOS = Duration.ofSeconds(10).toNanos();

    /** Where a heartbeat comes through that fails, on both of its ends. */
    private static final List<String> WAYS = List.of(
            "org.apache.spark.executor.Executor.reportHeartBeat",
            "org.apache.spark.executor.Executor.org$apache$spark$executor$Executor$$reportHeartBeat",
            "org.apache.spark.HeartbeatReceiver",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$register",
            "org.apache.spark.storage.BlockManagerMasterEndpoint.org$apache$spark$storage$BlockManagerMasterEndpoint$$heartbeatReceived");

    /** They do nothing but send heartbeats, or answer them. */
    private static final List<String> THREADS = List.of("executor-heartbeater", "heartbeat-receiver-event-loop-thread");

    /** Sessions that start or stop now. For the whole process, as loggers are. */
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

    /** Whether a heartbeat has met this, or what caused it. */
    static boolean isOfHeartbeat(Throwable thrown) {
        return Arrays.stream(thrown.getStackTrace())
                .map(frame -> frame.getClassName() + "." + frame.getMethodName())
                .anyMatch(frame -> WAYS.stream().anyMatch(frame::startsWith));
    }
}
