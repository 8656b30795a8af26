package tinderbox.cli;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.ExitCode;

/**
 * SIGTERM, Ctrl-C and SIGHUP (a terminal that closes): the first asks the server to stop, the second ends the process at
 * once. A shutdown hook would never hear of the second. A terminal that closes sends more than one SIGHUP, of the system
 * and of the shell: those after the first end nothing.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private static final int AT_ONCE = 130;
    private static final String HANG_UP = "HUP";
    private static final List<String> SIGNALS = List.of("TERM", "INT", HANG_UP);

    private StopSignals() {}

    /**
     * Runs {@code stop} on a thread of its own at the first signal, then ends the process; also if it throws, or takes
     * longer than {@code limit}. Both threads start now: when the signal comes, the machine may have none left. A signal
     * that the process ignores since its start, as SIGHUP below {@code nohup}, stays ignored.
     */
    static void onFirst(Duration limit, Runnable stop) {
        CountDownLatch asked = new CountDownLatch(1);
        await(asked, "tinderbox-stop", () -> stopAndEnd(stop));
        await(asked, "tinderbox-stop-limit", () -> endAfter(limit));
        AtomicReference<String> first = new AtomicReference<>();
        for (String name : SIGNALS) {
            handle(name, () -> {
                boolean isFirst = first.compareAndSet(null, name);
                if (!isFirst && !(name.equals(HANG_UP) && HANG_UP.equals(first.get()))) {
                    Runtime.getRuntime().halt(AT_ONCE);
                }
                asked.countDown();
            });
        }
    }

    /** Not with Spark's SignalUtils: while it handles a signal, the next of that name ends the JVM. */
    private static void handle(String name, Runnable handler) {
        try {
            new IrqHandler(name, signal -> handler.run()).bind();
        } catch (IllegalArgumentException e) {
            LOG.warn("SIG{} is left to the JVM: {}", name, e.getMessage());
        }
    }

    private static void await(CountDownLatch asked, String name, Runnable then) {
        Thread thread = new Thread(
                () -> {
                    try {
                        asked.await();
                        then.run();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    private static void stopAndEnd(Runnable stop) {
        int code = ExitCode.FAILED;
        try {
            stop.run();
            code = ExitCode.OK;
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
        Runtime.getRuntime().halt(ExitCode.FAILED);
    }
}
