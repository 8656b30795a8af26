package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.job.JobId;

/** The one thread that takes jobs out of the queue and hands them on, while there are slots for them. */
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** Before it tries again where a start failed or the machine has no room. */
    private static final Duration PAUSE = Duration.ofMillis(500);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final PendingQueue queue;
    private final JobRunner runner;
    private final BooleanSupplier room;
    private final Starter starter;
    private final Thread thread = new Thread(this::loop, "tinderbox-dispatcher");
    /** Out of the queue, with a slot, and not yet handed on; null where there is none. */
    private JobId taken;

    /** Starts the job with this id; its slot is taken. Gives the slot back itself where it starts nothing. */
    interface Starter {
        /** False where the job waits again because starting it failed. Where this throws, it can be tried again. */
        boolean start(JobId id);
    }

    /**
     * Takes from this queue.
     *
     * @param room whether the machine has all that another job needs
     */
    Dispatcher(PendingQueue queue, JobRunner runner, BooleanSupplier room, Starter starter) {
        this.queue = queue;
        this.runner = runner;
        this.room = room;
        this.starter = starter;
    }

    void start() {
        thread.start();
    }

    /** This thread is the only one that starts jobs: whatever happens to it, it goes on until the queue is closed. */
    private void loop() {
        while (!queue.isClosed()) {
            try {
                if (!startNext()) {
                    queue.pause(PAUSE.toMillis());
                }
            } catch (Throwable e) {
                OomSafeLog.error(
                        LOG, "Starting job {} failed in a way that nobody foresaw; it is tried again", taken, e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private boolean startNext() throws InterruptedException {
        if (taken == null) {
            taken = queue.awaitWork() && runner.awaitReady() && room.getAsBoolean() ? queue.poll() : null;
        }
        boolean started = taken != null && starter.start(taken);
        taken = null;
        return started;
    }

    /** Starts nothing more; call after the queue and the runner have been closed. */
    @Override
    public void close() {
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
