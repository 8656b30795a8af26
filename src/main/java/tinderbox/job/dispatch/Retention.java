package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;

/**
 * Deletes ended jobs that are too many or too old, the oldest first; never one that has not ended, or whose result another
 * job is to read.
 */
final class Retention {
    private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
    private static final int BATCH = 200;

    /** How long an idempotency key is valid at least, however many jobs are submitted after it. */
    private static final Duration MIN_KEY_AGE = Duration.ofHours(24);

    private final JobStore store;
    private final Clock clock;
    private final Limits limits;

    Retention(JobStore store, Clock clock, Limits limits) {
        this.store = store;
        this.clock = clock;
        this.limits = limits;
    }

    private boolean delete(Job job) {
        try {
            return store.delete(job);
        } catch (RuntimeException e) {
            LOG.error("Job {} could not be deleted; it is tried again", job.id(), e);
            return false;
        }
    }

    /** Removes the run sets whose last job is gone; a valid idempotency key stays, without what else was stored. */
    void purgeRunSets() {
        Instant keysBefore = clock.instant().minus(MIN_KEY_AGE);
        for (RunSetStore.Entry set : store.runSets().entries()) {
            try {
                purge(set, keysBefore);
            } catch (RuntimeException e) {
                LOG.error("Run set {} could not be deleted; it is tried again", set.id(), e);
            }
        }
    }

    private void purge(RunSetStore.Entry set, Instant keysBefore) {
        boolean hasKey = set.key() != null && !set.submittedAt().isBefore(keysBefore);
        if ((hasKey && set.isKeyOnly())
                || store.list(JobQuery.countOf(set.id())).total() > 0) {
            return;
        }
        if (!hasKey) {
            store.runSets().delete(set.id());
        } else {
            store.runSets().keepKey(set.id());
        }
    }

    /** Deletes one batch; returns whether there may be more. */
    boolean purge() {
        Set<JobId> inUse = store.unfinished().stream()
                .flatMap(job -> job.request().resultsOf())
                .collect(Collectors.toSet());
        // More, so that those in use do not keep others from being deleted.
        int limit = BATCH + inUse.size();
        List<Job> batch = store.purgeable(
                limits.retainJobs(),
                clock.instant().minus(limits.retainFor()),
                clock.instant().minus(MIN_KEY_AGE),
                limit);
        int deleted = 0;
        for (Job job : batch) {
            deleted += !inUse.contains(job.id()) && delete(job) ? 1 : 0;
        }
        if (deleted > 0) {
            LOG.info("Deleted {} ended jobs, because of --retain-jobs or --retain-days", deleted);
        }
        return batch.size() == limit && deleted > 0;
    }
}
