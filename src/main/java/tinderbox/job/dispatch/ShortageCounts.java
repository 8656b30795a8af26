package tinderbox.job.dispatch;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.common.ResourceShortage;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobId;

/** Counts how often each job has met a {@link ResourceShortage}: a job that always does probably causes it. */
final class ShortageCounts {
    /** Each after a pause, and only while the machine has threads for it. */
    private static final int MAX_SHORTAGES = 100;

    private final Map<JobId, Integer> counts = new ConcurrentHashMap<>();

    /** Counts another one; answers with why the job is not tried again, or with nothing. */
    Optional<Failure> countShortage(JobId id, String of) {
        if (counts.merge(id, 1, Integer::sum) < MAX_SHORTAGES) {
            return Optional.empty();
        }
        counts.remove(id);
        return Optional.of(new Failure(
                ErrorCode.OUT_OF_MEMORY,
                "The machine ran out of " + of + " in each of " + MAX_SHORTAGES + " attempts of the job",
                "have the limit of the server's process raised (ulimit, or the container's), or the job changed"));
    }

    /** The job has ended. */
    void forget(JobId id) {
        counts.remove(id);
    }
}
