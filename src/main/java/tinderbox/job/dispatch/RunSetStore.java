package tinderbox.job.dispatch;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.RunSet;

/** Port: where run sets are stored, each with its jobs. What a method has acknowledged survives a crash. */
public interface RunSetStore {
    /**
     * What is in memory of a run set.
     *
     * @param key the scope of its idempotency key, or null
     * @param isKeyOnly whether it is {@linkplain RunSet#keyOnly() only a key}
     */
    record Entry(
            String id,
            long seq,
            String type,
            String name,
            String submittedBy,
            Instant submittedAt,
            String key,
            boolean isKeyOnly) {}

    /**
     * Stores a run set with its new jobs: all of it or nothing, also if the process or the machine crashes meanwhile.
     *
     * @throws JobException {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}; then nothing is stored
     */
    void accept(RunSet set, List<Job> pending);

    /** All run sets, newest first, also those of which only the key is left. */
    List<Entry> entries();

    /** A run set; empty if there is none with this id, or its file cannot be read. */
    Optional<RunSet> find(String id);

    /** Replaces a run set by an edited one; false if it is gone. */
    boolean replace(RunSet edited);

    /** Removes a run set, but none of its jobs; false if it is gone. */
    boolean delete(String id);

    /** Removes all of a run set without jobs but what {@link RunSet#keyOnly} keeps; false if it is gone or cannot be read. */
    boolean keepKey(String id);
}
