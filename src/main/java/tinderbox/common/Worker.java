package tinderbox.common;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A named daemon thread that runs a loop until the loop returns. If the loop throws, that is logged and the loop starts
 * again after {@link #RETRY_PAUSE}. Pausing and restarting allocate nothing, because there may be no memory left.
 *
 * <p>A worker is asked to stop, never interrupted: an interrupt would close the file that it is writing. The loop returns
 * soon after {@link #isStopping} becomes true. If it waits in another way than {@link #pause}, its owner must wake it before
 * stopping the worker.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final Loop loop;
    private final Duration stopWithin;
    private final Thread thread;
    private volatile boolean stopping;

    /** The work of a thread. */
    public interface Loop {
        /** Works until there is nothing left to do, or until the worker is stopping. */
        void run() throws Exception;
    }

    /** A worker that has not started and, when closed, has 10 seconds to stop. */
    public Worker(String name, Loop loop) {
        this(name, loop, STOP_WITHIN);
    }

    /** A worker that has not started and has this long to stop. */
    public Worker(String name, Loop loop, Duration stopWithin) {
        this.loop = loop;
        this.stopWithin = stopWithin;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
    }

    /** Starts the thread; call this once. */
    public void start() {
        thread.start();
    }

    private void run() {
        do {
            try {
                loop.run();
                return;
            } catch (Throwable e) {
                OomSafeLog.error(LOG, "Thread {} failed; its work starts again", thread.getName(), e);
            }
        } while (pause(RETRY_PAUSE));
    }

    /** Waits this long, or until the worker is stopping; returns false if it is. For the worker's own thread. */
    public boolean pause(Duration duration) {
        if (!stopping) {
            LockSupport.parkNanos(this, duration.toNanos());
        }
        return !stopping;
    }

    /** Whether {@link #stop} or {@link #close} was called. */
    public boolean isStopping() {
        return stopping;
    }

    /** Asks the thread to stop, and waits a limited time for it; returns whether it has stopped. */
    public boolean stop() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(stopWithin.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    /** As {@link #stop}, and logs a warning if the thread has not stopped. */
    @Override
    public void close() {
        if (!stop()) {
            LOG.warn("Thread {} did not stop within {} s", thread.getName(), stopWithin.toSeconds());
        }
    }
}
