package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.log.JobLog;

/** Decides what becomes of a job whose attempt has ended: it ends, or waits again. Writes nothing but the job's log. */
final class EndDecision {
    /** A job that runs out of a resource so often probably causes it. Attempts run only while the machine has threads. */
    private static final int MAX_SHORTAGES = 100;

    /** A job whose attempts the cluster loses so often probably ends the executors itself. */
    private static final int MAX_TAKEN_BACK = 20;

    /** From then on it runs alone, so that it takes no other job with it. */
    private static final int TAKEN_BACK_TOGETHER = 3;

    private static final Duration SHORTAGE_DELAY = Duration.ofSeconds(1);

    private final Clock clock;
    private final PendingQueue queue;
    private final int maxAttempts;
    /** How many attempts of a job ran out of a resource. */
    private final Map<JobId, Integer> shortages = new ConcurrentHashMap<>();
    /** How many attempts of a job were taken back. */
    private final Map<JobId, Integer> takenBack = new ConcurrentHashMap<>();

    private volatile boolean closing;

    EndDecision(Clock clock, PendingQueue queue, int maxAttempts) {
        this.clock = clock;
        this.queue = queue;
        this.maxAttempts = maxAttempts;
    }

    /** The job after its attempt, unless it was cancelled during the attempt: see {@link #asRequested}. */
    Job next(Attempt attempt) {
        Job job = attempt.job();
        if (job.state() == JobState.CANCELLING) {
            return asRequested(job, attempt);
        }
        AttemptEnd end = attempt.end();
        return switch (end.kind()) {
            case SUCCEEDED ->
                ended(job, attempt, new Outcome.Succeeded(end.result().rows()));
            case FAILED -> failed(attempt, shown(end.failure(), attempt.log()));
            case RAN_OUT ->
                isNext(shortages, job.id(), MAX_SHORTAGES) ? failed(attempt, shortage(end.cause())) : job.rolledBack();
            case TAKEN_BACK ->
                isNext(takenBack, job.id(), MAX_TAKEN_BACK)
                        ? failed(attempt, shown(clusterLost(end.cause()), attempt.log()))
                        : job.rolledBack();
            case LOST -> afterLoss(attempt);
            case NOT_READY, NOT_STARTED -> job.rolledBack();
        };
    }

    /** A job that is CANCELLING, after its attempt, however that ended. */
    Job asRequested(Job cancelling, Attempt attempt) {
        return ended(cancelling, attempt, cancelling.cancel().outcome());
    }

    private Job afterLoss(Attempt attempt) {
        Job job = attempt.job();
        // That of the last process had ended before the server stops now: it counts.
        if (closing && !attempt.isLeftOver()) {
            return job.rolledBack();
        }
        return job.attempt() < maxAttempts ? job.requeued() : failed(attempt, crash(job));
    }

    private Job failed(Attempt attempt, Failure failure) {
        return ended(attempt.job(), attempt, new Outcome.Failed(failure));
    }

    private Job ended(Job job, Attempt attempt, Outcome outcome) {
        return job.ended(outcome, attempt.end().at(clock), attempt.duration(), attempt.warningTexts());
    }

    private static Failure shown(Failure failure, JobLog log) {
        return log == null ? failure : failure.reworded(log::redacted);
    }

    private static Failure crash(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server or its Spark session died while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    private static Failure shortage(String resource) {
        return new Failure(
                ErrorCode.OUT_OF_MEMORY,
                "The machine ran out of " + resource + " in each of " + MAX_SHORTAGES + " attempts of the job",
                "have the limit of the server's process raised (ulimit, or the container's), or the job changed");
    }

    private static Failure clusterLost(String reason) {
        return new Failure(
                ErrorCode.CLUSTER_LOST,
                "The cluster lost the job in each of " + MAX_TAKEN_BACK + " attempts; the last time, " + reason,
                "look at the logs of the server and of the workers; if the job ends its executors itself, change it");
    }

    /** Whether one more makes this many. */
    private static boolean isNext(Map<JobId, Integer> counts, JobId id, int limit) {
        return counts.getOrDefault(id, 0) + 1 >= limit;
    }

    /** Writes the last line about the attempt, if there is something to tell, to the job's log, which may be null. */
    void logEnd(Attempt attempt, Job next, JobLog log) {
        if (log == null) {
            return;
        }
        AttemptEnd end = attempt.end();
        switch (end.kind()) {
            case SUCCEEDED ->
                log.info("Result: rows " + end.result().rows() + ", bytes "
                        + end.result().bytes());
            case RAN_OUT -> {
                if (next.state() == JobState.PENDING) {
                    log.warn("The machine ran out of " + end.cause()
                            + "; the attempt does not count, and the job runs again");
                }
            }
            case TAKEN_BACK -> {
                if (next.state() == JobState.PENDING) {
                    log.warn("The attempt is taken back and does not count, and the job runs again: " + end.cause());
                }
            }
            case LOST -> log.warn(closing ? "The server shuts down" : "Spark died under the job");
            case FAILED, NOT_READY, NOT_STARTED -> {
                // Its reason is in the log already.
            }
        }
    }

    /** Queues a job that waits again after this attempt. */
    void queue(Attempt attempt) {
        JobRequest request = attempt.job().request();
        switch (attempt.end().kind()) {
            case RAN_OUT -> {
                shortages.merge(request.id(), 1, Integer::sum);
                queue.addLater(request, SHORTAGE_DELAY);
            }
            case TAKEN_BACK -> {
                if (takenBack.merge(request.id(), 1, Integer::sum) < TAKEN_BACK_TOGETHER) {
                    queue.addLater(request, SHORTAGE_DELAY);
                } else {
                    queue.addAlone(request);
                }
            }
            case NOT_STARTED -> queue.addLater(request, SHORTAGE_DELAY);
            case LOST -> queue.addAlone(request);
            case SUCCEEDED, FAILED, NOT_READY -> queue.addAgain(request);
        }
    }

    /** Forgets a job that has ended. */
    void forget(JobId id) {
        shortages.remove(id);
        takenBack.remove(id);
    }

    /** From now on, the job of a lost attempt runs again after the next start of the server. */
    void close() {
        closing = true;
    }
}
