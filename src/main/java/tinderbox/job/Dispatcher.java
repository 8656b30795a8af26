package tinderbox.job;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that takes jobs out of the queue and hands them on, while there are slots for them. */
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    /** Before it tries again where a start failed or the disk is full. */
    private static final long PAUSE_MS = 500;

    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final PendingQueue queue;
    private final JobRunner runner;
    private final DiskGuard disk;
    private final Starter starter;
    private final Thread thread = new Thread(this::loop, "tinderbox-dispatcher");

    /** Starts the job with this id; its slot is taken. Gives the slot back itself where it starts nothing. */
    interface Starter {
        /** False where the job waits again because starting it failed. */
        boolean start(JobId id);
    }

    Dispatcher(PendingQueue queue, JobRunner runner, DiskGuard disk, Starter starter) {
        this.queue = queue;
        this.runner = runner;
        this.disk = disk;
        this.starter = starter;
    }

    void start() {
        thread.start();
    }

    private void loop() {
        try {
            while (queue.awaitWork() && runner.awaitReady()) {
                if (!startNext()) {
                    queue.pause(PAUSE_MS);
                }
            }
        } catch (InterruptedException e) {
            LOG.error("The dispatcher was interrupted, which nobody should do; no further job will start", e);
            Thread.currentThread().interrupt();
        }
    }

    private boolean startNext() {
        try {
            JobId next = disk.hasRoom() ? queue.poll() : null;
            return next != null && starter.start(next);
        } catch (RuntimeException | Error e) {
            // This thread is the only one that starts jobs: it must go on.
            LOG.error("Starting a job failed in a way that nobody foresaw", e);
            return false;
        }
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
