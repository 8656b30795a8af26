package tinderbox.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.apache.hadoop.service.launcher.IrqHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.ExitCode;

/**
 * Handles SIGTERM, SIGINT (Ctrl-C) and SIGHUP (a terminal that closes). The first signal asks the server to stop, the
 * second ends the process at once; a shutdown hook would not receive the second. When a terminal closes, the system and
 * the shell both send SIGHUP, so another SIGHUP after the first is ignored.
 */
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);

    private static final String HANG_UP = "HUP";
    private static final List<String> SIGNALS = List.of("TERM", "INT", HANG_UP);

    /** As shells have them: 128 and the number of the signal. */
    private static final Map<String, Integer> EXIT_CODES =
            Map.of("TERM", 143, "INT", ExitCode.INTERRUPTED, HANG_UP, 129);

    private StopSignals() {}

    /**
     * Runs {@code stop} at the first signal, then ends the process, even if {@code stop} throws or takes longer than
     * {@code limit}. The threads for this start now, because none may be left when the signal comes. A signal that the
     * process has ignored since its start, such as SIGHUP under {@code nohup}, stays ignored.
     *
     * @return does what the first signal does
     */
    static Runnable onFirst(Duration limit, Runnable stop) {
        CountDownLatch signalled = new CountDownLatch(1);
        await(signalled, "tinderbox-stop", () -> stopAndEnd(stop));
        await(signalled, "tinderbox-stop-limit", () -> endAfter(limit));
        AtomicReference<String> first = new AtomicReference<>();
        for (String name : SIGNALS) {
            handle(name, () -> {
                boolean isFirst = first.compareAndSet(null, name);
                if (!isFirst && !(name.equals(HANG_UP) && HANG_UP.equals(first.get()))) {
                    Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
                }
                signalled.countDown();
            });
        }
        return signalled::countDown;
    }

    /** Calls {@code handler} at each signal, on a thread of its own, with the exit code that shells have for it. */
    static void onEach(IntConsumer handler) {
        EXIT_CODES.forEach((name, code) -> handle(name, () -> {
            Thread thread = new Thread(() -> handler.accept(code), "tinderbox-stop");
            thread.setDaemon(true);
            thread.start();
        }));
    }

    /** Does not use Spark's SignalUtils: while that handles a signal, another of the same kind ends the JVM. */
    private static void handle(String name, Runnable handler) {
        try {
            new IrqHandler(name, signal -> handler.run()).bind();
        } catch (IllegalArgumentException e) {
            LOG.warn("SIG{} is left to the JVM: {}", name, e.getMessage());
        }
    }

    private static void await(CountDownLatch signalled, String name, Runnable then) {
        Thread thread = new Thread(
                () -> {
                    try {
                        signalled.await();
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
            // Everything has stopped; the shutdown hooks of Spark and Hadoop would only wait in vain.
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
