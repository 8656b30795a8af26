package tinderbox;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.util.SignalUtils;

/**
 * SIGTERM and Ctrl-C: the first asks the server to stop, the second ends the process at once. A shutdown hook
 * would never hear of the second.
 */
final class StopSignals {
    private static final int AT_ONCE = 130;

    private StopSignals() {}

    /**
     * Runs {@code stop} on a thread of its own at the first signal, then ends the process; also where it throws, or
     * takes longer than {@code limit}.
     */
    static void onFirst(Duration limit, Runnable stop) {
        AtomicBoolean asked = new AtomicBoolean();
        for (String name : List.of("TERM", "INT")) {
            SignalUtils.register(name, () -> {
                if (asked.getAndSet(true)) {
                    Runtime.getRuntime().halt(AT_ONCE);
                }
                new Thread(() -> stopAndEnd(stop), "tinderbox-stop").start();
                new Thread(() -> endAfter(limit), "tinderbox-stop-limit").start();
                return true;
            });
        }
    }

    private static void stopAndEnd(Runnable stop) {
        int code = Main.FAILED;
        try {
            stop.run();
            code = Main.OK;
        } finally {
            // All parts are down; the hooks of Spark and Hadoop would only wait for what is no longer there.
            Runtime.getRuntime().halt(code);
        }
    }

    private static void endAfter(Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (System.nanoTime() < deadline) {
            LockSupport.parkNanos(deadline - System.nanoTime());
        }
        Runtime.getRuntime().halt(Main.FAILED);
    }
}
