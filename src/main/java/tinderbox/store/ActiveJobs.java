package tinderbox.store;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;

/**
 * The jobs that have not ended, in memory. Their idempotency keys stay here until the database has the ended job, so that
 * a key is always found in one of the two. Thread-safe.
 */
final class ActiveJobs {
    private final Map<JobId, Job> jobs = new ConcurrentHashMap<>();
    private final AtomicLong chars = new AtomicLong();
    private final Map<String, JobId> keys = new ConcurrentHashMap<>();

    void add(Job job) {
        if (jobs.put(job.id(), job) == null) {
            chars.addAndGet(job.chars());
        }
        if (job.request().idempotencyKey() != null) {
            keys.put(scope(job), job.id());
        }
    }

    /** Replaces a job, which is here, by its next state. */
    void replace(Job job) {
        Job before = jobs.put(job.id(), job);
        chars.addAndGet(job.chars() - before.chars());
    }

    /** Removes a job, but not its key; returns whether it was here. */
    boolean remove(JobId id) {
        Job removed = jobs.remove(id);
        if (removed != null) {
            chars.addAndGet(-removed.chars());
        }
        return removed != null;
    }

    void forgetKey(Job job) {
        if (job.request().idempotencyKey() != null) {
            keys.remove(scope(job), job.id());
        }
    }

    /** How many characters parameters, labels and notes of all jobs have. */
    long chars() {
        return chars.get();
    }

    Optional<Job> find(JobId id) {
        return Optional.ofNullable(jobs.get(id));
    }

    Optional<JobId> findByKey(String submittedBy, String key) {
        return Optional.ofNullable(keys.get(IdempotencyKey.scope(submittedBy, key)));
    }

    boolean contains(JobId id) {
        return jobs.containsKey(id);
    }

    /** All jobs, in the order of acceptance. */
    List<Job> all() {
        return jobs.values().stream()
                .sorted(Comparator.comparingLong(job -> job.request().seq()))
                .toList();
    }

    List<Job> running() {
        return jobs.values().stream().filter(job -> job.state().isRunning()).toList();
    }

    private static String scope(Job job) {
        return IdempotencyKey.scope(
                job.request().submittedBy(), job.request().idempotencyKey().key());
    }
}
