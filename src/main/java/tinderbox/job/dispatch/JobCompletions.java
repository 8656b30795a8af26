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

/** Ends jobs, and notifies clients that wait for it. The caller passes the time, so a retry does not change it. */
final class JobCompletions {
    private final JobStore store;
    /** By job, then by waiter: one that gives up is removed at once, however long the job runs. */
    private final Map<JobId, Map<Object, CompletableFuture<Job>>> waiters = new ConcurrentHashMap<>();

    JobCompletions(JobStore store) {
        this.store = store;
    }

    /** Ends a job without a result; returns false if it is no longer at {@code job}. */
    boolean complete(Job job, Outcome outcome, Instant endedAt, Duration ran, List<String> warnings) {
        Job ended = job.ended(outcome, endedAt, ran, warnings);
        return notifyIf(store.transition(job, ended), ended);
    }

    /** Ends a job with its result; returns false, with nothing published, if it is no longer at {@code job}. */
    boolean publish(Job job, JobResult result, Instant endedAt, Duration ran, List<String> warnings) {
        Job succeeded = job.ended(new Outcome.Succeeded(result.rows()), endedAt, ran, warnings);
        return notifyIf(store.publish(job, succeeded, result), succeeded);
    }

    private boolean notifyIf(boolean changed, Job ended) {
        if (changed) {
            // An earlier try may have written the end before it failed; the store has that version.
            notifyWaiters(store.find(ended.id()).orElse(ended));
        }
        return changed;
    }

    private void notifyWaiters(Job ended) {
        Map<Object, CompletableFuture<Job>> waiting = waiters.remove(ended.id());
        if (waiting != null) {
            waiting.values().forEach(waiter -> waiter.complete(ended));
        }
    }

    /** A future of the job once it has ended; empty if there is no such job. Cancel it to stop waiting. */
    Optional<CompletableFuture<Job>> whenEnded(JobId id) {
        CompletableFuture<Job> waiter = new CompletableFuture<>();
        var key = new Object();
        waiters.compute(id, (job, others) -> {
            Map<Object, CompletableFuture<Job>> all = others == null ? new HashMap<>() : others;
            all.put(key, waiter);
            return all;
        });
        var unused = waiter.whenComplete((ended, gaveUp) -> remove(id, key));
        // Looked up after the waiter is registered, so an end between the two is not missed.
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

    private void remove(JobId id, Object key) {
        waiters.computeIfPresent(id, (job, all) -> {
            all.remove(key);
            return all.isEmpty() ? null : all;
        });
    }
}
