package tinderbox.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that no more threads can be started, and keeps a few idle ones for that case: they then end, and make
 * room for what must still work, such as a stop. The JVM needs a new thread for each signal.
 */
public final class ThreadReserve implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReserve.class);
    private static final int THREADS = 12;
    /** How many must be free beside the reserve before it is filled again, so that filling it does not take the last ones. */
    private static final int MORE = 4;

    /** They only wait. */
    private static final long STACK_BYTES = 64 << 10;

    /** Each failure makes the JVM write two lines, so it is tried less and less often. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(16);

    private final Starter starter;
    private final Backoff backoff;
    private CountDownLatch release;
    private volatile boolean exhausted;

    /** Starts a thread, or throws as {@link Thread#start} does. */
    interface Starter {
        void start(Runnable task);
    }

    public ThreadReserve() {
        this(ThreadReserve::startThread, System::nanoTime);
    }

    ThreadReserve(Starter starter, LongSupplier nanos) {
        this.starter = starter;
        this.backoff = new Backoff(LONGEST_PAUSE, nanos);
    }

    private static void startThread(Runnable task) {
        Thread thread = new Thread(null, task, "tinderbox-reserve", STACK_BYTES);
        thread.setDaemon(true);
        thread.start();
    }

    /** Whether the machine has no more threads for this process. */
    public boolean isExhausted() {
        return exhausted;
    }

    /** Looks whether threads can be started, and gives up or fills the reserve. */
    public synchronized void watch() {
        if (release != null && canStart(1, new CountDownLatch(0))) {
            return;
        }
        if (release != null) {
            giveUp();
            return;
        }
        if (backoff.isDue()) {
            fill();
        }
    }

    private void fill() {
        CountDownLatch spare = new CountDownLatch(1);
        CountDownLatch kept = new CountDownLatch(1);
        boolean enough = canStart(THREADS, kept) && canStart(MORE, spare);
        spare.countDown();
        if (!enough) {
            kept.countDown();
            backoff.failed();
            tellExhausted();
            return;
        }
        release = kept;
        backoff.reset();
        if (exhausted) {
            LOG.info("Threads can be started again; jobs go on");
            exhausted = false;
        }
    }

    /** Somebody could not start a thread. */
    public synchronized void giveUp() {
        if (release != null) {
            release.countDown();
            release = null;
            backoff.failed();
        }
        tellExhausted();
    }

    private void tellExhausted() {
        if (!exhausted) {
            exhausted = true;
            LOG.error("No more threads can be started: the limit of the user (ulimit -u), of the container (pids) or of"
                    + " the machine is reached. Jobs wait until there are some again");
        }
    }

    /** Starts so many threads, which end when {@code until} opens; false where the machine has no more. */
    private boolean canStart(int threads, CountDownLatch until) {
        List<Runnable> tasks = new ArrayList<>(threads);
        for (int i = 0; i < threads; i++) {
            tasks.add(() -> await(until));
        }
        try {
            tasks.forEach(starter::start);
            return true;
        } catch (OutOfMemoryError e) {
            return false;
        }
    }

    private static void await(CountDownLatch until) {
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public synchronized void close() {
        if (release != null) {
            release.countDown();
            release = null;
        }
    }
}
