package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;

/** Queues jobs again whose attempt did not start, ran out of a resource or was lost; some of them after a delay. */
final class Requeuer {
    private static final Duration START_FAILURE_DELAY = Duration.ofSeconds(10);
    private static final Duration SHORTAGE_DELAY = Duration.ofSeconds(1);

    private final JobStore store;
    private final PendingQueue queue;
    private final ShortageCounts shortageCounts;
    private final int maxAttempts;
    /** PENDING jobs that are not in the queue yet, so that others go first. */
    private final Queue<Delayed> delayed = new ConcurrentLinkedQueue<>();

    private volatile boolean closing;

    private record Delayed(JobId id, long dueNanos) {
        private boolean isDue() {
            return System.nanoTime() - dueNanos >= 0;
        }
    }

    Requeuer(JobStore store, PendingQueue queue, ShortageCounts shortageCounts, int maxAttempts) {
        this.store = store;
        this.queue = queue;
        this.shortageCounts = shortageCounts;
        this.maxAttempts = maxAttempts;
    }

    /** Queues the job of an attempt that did not start, as if it had not left the queue. */
    boolean requeue(CompletionRetrier.PendingCompletion completion) {
        Job pending = completion.job().rolledBack();
        if (!moveToPending(completion.job(), pending)) {
            return false;
        }
        queue.add(pending.request().seq(), pending.id());
        return true;
    }

    /** As above after a delay, because the machine ran out of a resource. */
    boolean requeueLater(CompletionRetrier.PendingCompletion completion) {
        Job pending = completion.job().rolledBack();
        if (!moveToPending(completion.job(), pending)) {
            return false;
        }
        delay(pending.id(), SHORTAGE_DELAY);
        return true;
    }

    /** Queues a job whose attempt was lost, unless that was its last attempt. */
    boolean requeueAfterLoss(CompletionRetrier.PendingCompletion completion) {
        Job job = completion.job();
        if (closing) {
            return store.transition(job, job.rolledBack());
        }
        if (job.attempt() >= maxAttempts) {
            return completion.complete(new Outcome.Failed(crashFailure(job)));
        }
        if (!moveToPending(job, job.requeued())) {
            return false;
        }
        queue.addAlone(job.request().seq(), job.id());
        return true;
    }

    /** Returns true also if an earlier try of the same completion got this far before it failed. */
    private boolean moveToPending(Job job, Job pending) {
        return store.transition(job, pending)
                || store.find(job.id()).filter(pending::isSameVersionAs).isPresent();
    }

    /** Why a job fails that was running at each of its allowed crashes. */
    static Failure crashFailure(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server or its Spark session died while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    /** Queues a job after a delay that is still PENDING, because it could not be marked as RUNNING. */
    void delayAfterStartFailure(JobId id) {
        delay(id, START_FAILURE_DELAY);
    }

    private void delay(JobId id, Duration duration) {
        delayed.add(new Delayed(id, System.nanoTime() + duration.toNanos()));
    }

    /** Queues the jobs whose delay is over. If this throws, the job stays delayed. */
    void queueDue() {
        delayed.removeIf(job -> {
            if (!job.isDue()) {
                return false;
            }
            queueIfPending(job.id());
            return true;
        });
    }

    private void queueIfPending(JobId id) {
        store.find(id)
                .filter(job -> job.state() == JobState.PENDING)
                .ifPresentOrElse(job -> queue.add(job.request().seq(), id), () -> shortageCounts.forget(id));
    }

    /** From now on, the job of a lost attempt runs again after the next start of the server. */
    void close() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }
}
