package tinderbox.job.dispatch;

import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Keeps room on the disk of the data dir for what has been accepted. */
final class DiskGuard {
    /** Below this part of the reserve, what runs is ended. */
    private static final int FLOOR_DIVISOR = 4;

    private final JobStore store;
    private final long reserve;

    DiskGuard(JobStore store, long reserve) {
        this.store = store;
        this.reserve = reserve;
    }

    /**
     * Lets a new job pass while there is room.
     *
     * @throws JobException {@link ErrorCode#DISK_FULL} where there is not, or {@link ErrorCode#STORAGE_UNAVAILABLE}
     */
    void checkRoom() {
        store.outage().ifPresent(outage -> {
            throw outage;
        });
        if (store.usableBytes() < reserve) {
            throw new JobException(
                    ErrorCode.DISK_FULL,
                    "The disk of the data dir is nearly full: less than " + (reserve >> 20) + " MiB are free",
                    "delete jobs that nobody needs or make room on the disk; reading goes on meanwhile");
        }
    }

    boolean isWritable() {
        return store.outage().isEmpty();
    }

    boolean hasRoom() {
        return store.outage().isEmpty() && store.usableBytes() >= reserve;
    }

    /** Whether there is so little room that running jobs must end, lest their ends cannot be written. */
    boolean isBelowFloor() {
        if (store.usableBytes() >= reserve / FLOOR_DIVISOR) {
            return false;
        }
        // Of a folder that is gone, the system says that no byte is free.
        return store.outage()
                .filter(outage -> outage.code() != ErrorCode.DISK_FULL)
                .isEmpty();
    }
}
