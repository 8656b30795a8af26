package tinderbox.common;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that no more threads can be started, and keeps idle threads in reserve for that case: they end, so that what must
 * still work, such as a stop, can start threads. The JVM needs a new thread for each signal.
 */
public final class ThreadReserve implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ThreadReserve.class);
    private static final int THREADS = 12;
    /** How many more threads must be free before the reserve is filled, so that filling it does not take the last ones. */
    private static final int HEADROOM = 4;

    /** Small, because the threads only wait. */
    private static final long STACK_BYTES = 64 << 10;

    /** Retries become rarer, because the JVM writes two lines for each failure. */
    private static final Duration MAX_PAUSE = Duration.ofSeconds(16);

    private final Starter starter;
    private final Backoff backoff;
    /** Ends the threads of the reserve; null if the reserve is empty. */
    private CountDownLatch reserveLatch;

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
        this.backoff = new Backoff(MAX_PAUSE, nanos);
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

    /** Checks whether threads can be started, and releases or fills the reserve. */
    public synchronized void watch() {
        if (reserveLatch != null && canStart(1, new CountDownLatch(0))) {
            return;
        }
        if (reserveLatch != null) {
            release();
            return;
        }
        if (backoff.isDue()) {
            fill();
        }
    }

    private void fill() {
        CountDownLatch headroomLatch = new CountDownLatch(1);
        CountDownLatch filled = new CountDownLatch(1);
        boolean enough = canStart(THREADS, filled) && canStart(HEADROOM, headroomLatch);
        headroomLatch.countDown();
        if (!enough) {
            filled.countDown();
            backoff.failed();
            markExhausted();
            return;
        }
        reserveLatch = filled;
        backoff.reset();
        if (exhausted) {
            LOG.info("Threads can be started again; jobs continue");
            exhausted = false;
        }
    }

    /** Releases the reserve, because a thread could not be started. */
    public synchronized void release() {
        if (reserveLatch != null) {
            reserveLatch.countDown();
            reserveLatch = null;
            backoff.failed();
        }
        markExhausted();
    }

    private void markExhausted() {
        if (!exhausted) {
            exhausted = true;
            LOG.error("No more threads can be started: the limit of the user (ulimit -u), of the container (pids) or of"
                    + " the machine is reached. Jobs wait until there are some again");
        }
    }

    /** Starts this many threads, which end when {@code until} opens; returns false if the machine has no more. */
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
        if (reserveLatch != null) {
            reserveLatch.countDown();
            reserveLatch = null;
        }
    }
}
