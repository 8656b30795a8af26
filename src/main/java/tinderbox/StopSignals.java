package tinderbox;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.util.SignalUtils;

/**
 * SIGTERM and Ctrl-C: the first asks the server to stop, the second ends the process at once. A shutdown hook
 * would never hear of the second.
 */
final class StopSignals {
    private static final int AT_ONCE = 130;

    private StopSignals() {}

    /** Runs {@code stop} on a thread of its own at the first signal. */
    static void onFirst(Runnable stop) {
        AtomicBoolean asked = new AtomicBoolean();
        for (String name : List.of("TERM", "INT")) {
            SignalUtils.register(name, () -> {
                if (asked.getAndSet(true)) {
                    Runtime.getRuntime().halt(AT_ONCE);
                }
                new Thread(stop, "tinderbox-stop").start();
                return true;
            });
        }
    }
}
