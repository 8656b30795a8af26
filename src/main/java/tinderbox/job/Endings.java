package tinderbox.job;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Ends jobs, and tells those who wait for it. */
final class Endings {
    private final JobStore store;
    private final Clock clock;
    private final Map<JobId, CompletableFuture<Job>> waiters = new ConcurrentHashMap<>();

    Endings(JobStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /** Ends a job without a result; false where it is no longer at {@code job}. */
    boolean end(Job job, Outcome outcome, Duration ran) {
        Job ended = job.ended(outcome, clock.instant(), ran);
        return told(ended, store.transition(job, ended));
    }

    /** Ends a job with its result; false, with nothing published, where it is no longer at {@code job}. */
    boolean publish(Job job, JobResult result, Duration ran) {
        Job succeeded = job.ended(new Outcome.Succeeded(result.rows()), clock.instant(), ran);
        return told(succeeded, store.publish(job, succeeded, result));
    }

    private boolean told(Job ended, boolean moved) {
        if (moved) {
            tell(ended);
        }
        return moved;
    }

    private void tell(Job ended) {
        CompletableFuture<Job> waiting = waiters.remove(ended.id());
        if (waiting != null) {
            waiting.complete(ended);
        }
    }

    /** Answers with the job as soon as it has ended; empty where there is no such job. */
    Optional<CompletableFuture<Job>> whenEnded(JobId id) {
        CompletableFuture<Job> ended = waiters.computeIfAbsent(id, key -> new CompletableFuture<>());
        // Looked up only now, so that an end between the two is not missed.
        Optional<Job> job = store.find(id);
        if (job.isEmpty()) {
            waiters.remove(id, ended);
            return Optional.empty();
        }
        if (job.get().state().isTerminal()) {
            tell(job.get());
        }
        return Optional.of(ended.copy());
    }
}
