package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ThreadReserve;

/** Looks after what time and a filling disk bring: jobs that run too long, ends to be written, old jobs. */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration WATCH_EVERY = Duration.ofMillis(250);
    private static final Duration PURGE_EVERY = Duration.ofSeconds(10);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final DiskGuard disk;
    private final ThreadReserve threads;
    private final AttemptSupervisor attemptSupervisor;
    private final Retention retention;
    private final Thread thread = new Thread(this::loop, "tinderbox-watchdog");
    private volatile boolean closed;

    Watchdog(DiskGuard disk, ThreadReserve threads, AttemptSupervisor attemptSupervisor, Retention retention) {
        this.disk = disk;
        this.threads = threads;
        this.attemptSupervisor = attemptSupervisor;
        this.retention = retention;
    }

    void start() {
        thread.start();
    }

    /** Not a scheduled task, which ends for good where it throws or there is no memory to schedule it again. */
    private void loop() {
        long purgedNanos = System.nanoTime();
        while (!closed) {
            watch();
            if (System.nanoTime() - purgedNanos > PURGE_EVERY.toNanos()) {
                purge();
                purgedNanos = System.nanoTime();
            }
            LockSupport.parkNanos(WATCH_EVERY.toNanos());
        }
    }

    private void watch() {
        try {
            threads.watch();
            attemptSupervisor.watch(disk.isBelowFloor());
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Looking after {} failed; it is tried again", "running jobs", e);
        }
    }

    private void purge() {
        try {
            // Batch after batch, but not so many that running jobs go unwatched.
            for (int batches = 0; batches < 10 && disk.isWritable() && retention.purge(); batches++) {
                watch();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Looking after {} failed; it is tried again", "old jobs", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_WITHIN.toMillis());
            if (thread.isAlive()) {
                LOG.warn("The watchdog did not stop within {} s", STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
