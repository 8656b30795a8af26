package tinderbox.job.dispatch;

import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Refuses new jobs while too little of the data dir's disk is free for the accepted ones. */
final class DiskGuard {
    /** Running jobs are stopped if less than the reserve divided by this is free. */
    private static final int FLOOR_DIVISOR = 4;

    private final JobStore store;
    private final long reserve;

    DiskGuard(JobStore store, long reserve) {
        this.store = store;
        this.reserve = reserve;
    }

    /**
     * Checks that there is room for a new job.
     *
     * @throws JobException {@link ErrorCode#DISK_FULL} if there is not, or {@link ErrorCode#STORAGE_UNAVAILABLE}
     */
    void checkRoom() {
        store.outage().ifPresent(outage -> {
            throw outage;
        });
        if (store.usableBytes() < reserve) {
            throw new JobException(
                    ErrorCode.DISK_FULL,
                    "The disk of the data dir is nearly full: less than " + (reserve >> 20) + " MiB are free",
                    "delete jobs that nobody needs or make room on the disk; jobs and results can still be read");
        }
    }

    boolean isWritable() {
        return store.outage().isEmpty();
    }

    boolean hasRoom() {
        return store.outage().isEmpty() && store.usableBytes() >= reserve;
    }

    /** Whether so little is free that running jobs must stop, while their ends can still be written. */
    boolean isBelowFloor() {
        if (store.usableBytes() >= reserve / FLOOR_DIVISOR) {
            return false;
        }
        // The system reports zero free bytes for a folder that no longer exists.
        return store.outage()
                .filter(outage -> outage.code() != ErrorCode.DISK_FULL)
                .isEmpty();
    }
}
