package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.Worker;
import tinderbox.job.JobId;

/** The one thread that takes jobs out of the queue and hands them on, while there are slots for them. */
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** The wait while the machine has no room, and after a start that failed. */
    private static final Duration PAUSE = Duration.ofMillis(500);
    /** The wait doubles with each further start that fails, up to this. */
    private static final Duration MAX_PAUSE = Duration.ofSeconds(8);

    private final PendingQueue queue;
    private final JobRunner runner;
    private final BooleanSupplier room;
    private final Starter starter;
    private final Worker worker = new Worker("tinderbox-dispatcher", this::loop);
    /** The job that is out of the queue, holds a slot and is not yet started; null if there is none. */
    private JobId next;

    /** Starts the job with this id, which holds a slot. Frees the slot if it does not start the job. */
    interface Starter {
        /** Returns false if the start failed and the job is queued again. If this throws, call it again. */
        boolean start(JobId id);
    }

    /**
     * A dispatcher that has not started.
     *
     * @param room whether the machine has what another job needs
     */
    Dispatcher(PendingQueue queue, JobRunner runner, BooleanSupplier room, Starter starter) {
        this.queue = queue;
        this.runner = runner;
        this.room = room;
        this.starter = starter;
    }

    void start() {
        worker.start();
    }

    private void loop() throws InterruptedException {
        Duration pause = PAUSE;
        while (!queue.isClosed()) {
            if (!hasNext()) {
                queue.pause(PAUSE);
            } else if (startNext()) {
                pause = PAUSE;
            } else {
                queue.pause(pause);
                pause = pause.compareTo(MAX_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
            }
        }
    }

    private boolean hasNext() throws InterruptedException {
        if (next == null) {
            next = queue.awaitWork() && runner.awaitReady() && room.getAsBoolean() ? queue.poll() : null;
        }
        return next != null;
    }

    private boolean startNext() {
        try {
            boolean started = starter.start(next);
            next = null;
            return started;
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Starting job {} failed unexpectedly; it is tried again", next, e);
            return false;
        }
    }

    /** Starts nothing more; call after the queue and the runner have been closed. */
    @Override
    public void close() {
        worker.close();
    }
}
