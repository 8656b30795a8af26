package tinderbox.job.dispatch;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ThreadReserve;
import tinderbox.common.Worker;

/** Checks what changes with time: jobs that run too long, a filling disk, completions to write, jobs to delete. */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final Duration WATCH_EVERY = Duration.ofMillis(250);
    private static final Duration PURGE_EVERY = Duration.ofSeconds(10);

    private final DiskGuard disk;
    private final ThreadReserve threads;
    private final AttemptSupervisor attempts;
    private final Retention retention;
    private volatile Runnable onWatch = () -> {};
    private final Worker worker = new Worker("tinderbox-watchdog", this::loop);

    Watchdog(DiskGuard disk, ThreadReserve threads, AttemptSupervisor attempts, Retention retention) {
        this.disk = disk;
        this.threads = threads;
        this.attempts = attempts;
        this.retention = retention;
    }

    void start() {
        worker.start();
    }

    /** Runs {@code look}, which must return at once, after each check from now on. */
    void onWatch(Runnable look) {
        onWatch = look;
    }

    private void loop() {
        long purgedNanos = System.nanoTime();
        do {
            watch();
            if (System.nanoTime() - purgedNanos > PURGE_EVERY.toNanos()) {
                purge();
                purgedNanos = System.nanoTime();
            }
        } while (worker.pause(WATCH_EVERY));
    }

    private void watch() {
        try {
            threads.watch();
            attempts.watch(disk.isBelowFloor());
            onWatch.run();
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Checking {} failed; it is tried again", "running jobs", e);
        }
    }

    private void purge() {
        try {
            // Running jobs are checked between two batches, and a round is limited.
            for (int batches = 0; batches < 10 && disk.isWritable() && retention.purge(); batches++) {
                watch();
            }
            if (disk.isWritable()) {
                retention.purgeRunSets();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Checking {} failed; it is tried again", "old jobs", e);
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
