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
    /** Attempts follow each other with a pause, and only while the machine has threads. */
    private static final int MAX_SHORTAGES = 100;

    private final Map<JobId, Integer> counts = new ConcurrentHashMap<>();

    /** Counts a shortage of {@code resource}; returns the failure of the job if it had too many, otherwise empty. */
    Optional<Failure> countShortage(JobId id, String resource) {
        if (counts.merge(id, 1, Integer::sum) < MAX_SHORTAGES) {
            return Optional.empty();
        }
        counts.remove(id);
        return Optional.of(new Failure(
                ErrorCode.OUT_OF_MEMORY,
                "The machine ran out of " + resource + " in each of " + MAX_SHORTAGES + " attempts of the job",
                "have the limit of the server's process raised (ulimit, or the container's), or the job changed"));
    }

    /** Forgets a job that has ended. */
    void forget(JobId id) {
        counts.remove(id);
    }
}
