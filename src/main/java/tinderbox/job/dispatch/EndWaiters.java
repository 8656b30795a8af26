package tinderbox.job.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;

/** The clients that wait for the end of a job. */
final class EndWaiters {
    private final JobStore store;
    /** By job, then by waiter: one that gives up is removed at once, however long the job runs. */
    private final Map<JobId, Map<Object, CompletableFuture<Job>>> waiters = new ConcurrentHashMap<>();

    EndWaiters(JobStore store) {
        this.store = store;
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
        Optional<Job> job = Optional.empty();
        try {
            job = store.find(id);
        } finally {
            if (job.isEmpty()) {
                waiter.cancel(false);
            }
        }
        job.filter(found -> found.state().isTerminal()).ifPresent(this::complete);
        return job.map(found -> waiter);
    }

    private void remove(JobId id, Object key) {
        waiters.computeIfPresent(id, (job, all) -> {
            all.remove(key);
            return all.isEmpty() ? null : all;
        });
    }

    /** Tells all who wait for a job that it has ended. If this throws, the others still wait. */
    void complete(Job ended) {
        List<CompletableFuture<Job>> waiting = new ArrayList<>();
        waiters.computeIfPresent(ended.id(), (id, all) -> {
            waiting.addAll(all.values());
            return all;
        });
        // Each removes itself.
        waiting.forEach(waiter -> waiter.complete(ended));
    }
}
