package tinderbox.job;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after what time and a filling disk bring: jobs that run too long, ends to be written, old jobs. */
final class Watchdog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);
    private static final long WATCH_EVERY_MS = 250;
    private static final long PURGE_EVERY_MS = 10_000;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final DiskGuard disk;
    private final Attempts attempts;
    private final Retention retention;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "tinderbox-watchdog"));

    Watchdog(DiskGuard disk, Attempts attempts, Retention retention) {
        this.disk = disk;
        this.attempts = attempts;
        this.retention = retention;
    }

    void start() {
        every(WATCH_EVERY_MS, "running jobs", () -> attempts.watch(disk.isBelowFloor()));
        every(PURGE_EVERY_MS, "old jobs", this::purge);
    }

    private void purge() {
        // Batch after batch, but not so many that running jobs go unwatched.
        for (int batches = 0; batches < 10 && retention.purge(); batches++) {
            attempts.watch(disk.isBelowFloor());
        }
    }

    private void every(long millis, String what, Runnable task) {
        var unused = timer.scheduleWithFixedDelay(
                () -> {
                    try {
                        task.run();
                    } catch (RuntimeException | Error e) {
                        // A task that throws would never be run again.
                        LOG.error("Looking after {} failed; it is tried again", what, e);
                    }
                },
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        timer.shutdown();
        try {
            if (!timer.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("The watchdog did not stop within {} s", STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
