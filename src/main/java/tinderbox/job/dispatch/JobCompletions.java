package tinderbox.job.dispatch;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.Outcome;
import tinderbox.job.result.JobResult;

/** Ends jobs, and tells those who wait for it. The moment is the caller's, so that trying again changes nothing. */
final class JobCompletions {
    private final JobStore store;
    /** Those who wait, each for itself: who gives up leaves nothing behind, however long the job goes on. */
    private final Map<JobId, Map<Object, CompletableFuture<Job>>> waiters = new ConcurrentHashMap<>();

    JobCompletions(JobStore store) {
        this.store = store;
    }

    /** Ends a job without a result; false where it is no longer at {@code job}. */
    boolean complete(Job job, Outcome outcome, Instant at, Duration ran, List<String> warnings) {
        Job ended = job.ended(outcome, at, ran, warnings);
        return notifyIf(ended, store.transition(job, ended));
    }

    /** Ends a job with its result; false, with nothing published, where it is no longer at {@code job}. */
    boolean publish(Job job, JobResult result, Instant at, Duration ran, List<String> warnings) {
        Job succeeded = job.ended(new Outcome.Succeeded(result.rows()), at, ran, warnings);
        return notifyIf(succeeded, store.publish(job, succeeded, result));
    }

    private boolean notifyIf(Job ended, boolean moved) {
        if (moved) {
            // An earlier try may have got further than it knew: the store tells what it came to.
            notifyWaiters(store.find(ended.id()).orElse(ended));
        }
        return moved;
    }

    private void notifyWaiters(Job ended) {
        Map<Object, CompletableFuture<Job>> waiting = waiters.remove(ended.id());
        if (waiting != null) {
            waiting.values().forEach(waiter -> waiter.complete(ended));
        }
    }

    /** Answers with the job as soon as it has ended; empty where there is no such job. Cancel it to stop waiting. */
    Optional<CompletableFuture<Job>> whenEnded(JobId id) {
        CompletableFuture<Job> waiter = new CompletableFuture<>();
        var wait = new Object();
        waiters.compute(id, (key, others) -> {
            Map<Object, CompletableFuture<Job>> all = others == null ? new HashMap<>() : others;
            all.put(wait, waiter);
            return all;
        });
        var unused = waiter.whenComplete((ended, gaveUp) -> forget(id, wait));
        // Looked up only now, so that an end between the two is not missed.
        Optional<Job> job = store.find(id);
        if (job.isEmpty()) {
            waiter.cancel(false);
            return Optional.empty();
        }
        if (job.get().state().isTerminal()) {
            notifyWaiters(job.get());
        }
        return Optional.of(waiter);
    }

    private void forget(JobId id, Object wait) {
        waiters.computeIfPresent(id, (key, all) -> {
            all.remove(wait);
            return all.isEmpty() ? null : all;
        });
    }
}
