package tinderbox.job.dispatch;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Backoff;
import tinderbox.common.FileErrors;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.common.ThreadReserve;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.ProgressReport;
import tinderbox.job.StorageFailure;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.Warnings;
import tinderbox.job.result.JobResult;

/** Starts attempts, knows which run and for how long, stops them, and decides what becomes of their jobs. */
final class AttemptSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptSupervisor.class);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final CompletionRetrier retrier;
    private final Limits limits;
    private final Map<JobId, ActiveAttempt> active = new ConcurrentHashMap<>();
    private final ShortageCounts shortageCounts = new ShortageCounts();
    private final Requeuer requeuer;
    // Created early, because later there may be no memory for them.
    private final CompletionRetrier.CompletionAction requeue;
    private final CompletionRetrier.CompletionAction requeueLater;
    private final ThreadReserve threads;

    /** An attempt, with the times when it started and was asked to stop, by a monotonic clock. */
    private final class ActiveAttempt {
        private final Job job;
        private final CompletionRetrier.PendingCompletion completion;
        private final long startedNanos = System.nanoTime();
        private final Backoff backoff = new Backoff();
        private volatile long cancelNanos;
        private volatile boolean cancelled;
        private volatile JobLog log;
        private volatile Warnings warnings;

        private ActiveAttempt(Job job) {
            this.job = job;
            this.completion = retrier.forAttempt(job, this::release);
        }

        private void release() {
            // Only this attempt: the job's next one may have started.
            active.remove(job.id(), this);
            queue.freeSlot(job.id());
        }

        private Duration duration() {
            return Duration.ofNanos(System.nanoTime() - startedNanos);
        }

        private boolean isStuck() {
            return cancelled && System.nanoTime() - cancelNanos > STUCK_AFTER.toNanos();
        }
    }

    AttemptSupervisor(
            JobStore store,
            JobRunner runner,
            Clock clock,
            PendingQueue queue,
            JobCompletions completions,
            Limits limits,
            ThreadReserve threads) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.retrier = new CompletionRetrier(store, completions, clock);
        this.limits = limits;
        this.requeuer = new Requeuer(store, queue, shortageCounts, limits.maxAttempts());
        this.requeue = requeuer::requeue;
        this.requeueLater = requeuer::requeueLater;
        this.threads = threads;
    }

    /**
     * Starts the next attempt of a job that holds a slot; frees the slot if the job no longer waits.
     *
     * @return false if it could not be started now and is queued again
     */
    boolean start(JobId id) {
        ActiveAttempt attempt;
        try {
            attempt = markRunning(id);
        } catch (RuntimeException | Error e) {
            if (StorageFailure.isTemporary(e)) {
                OomSafeLog.warn(LOG, "Job {} could not be started; it is tried again in a while: {}", id, e);
            } else {
                OomSafeLog.error(LOG, "Job {} could not be started; it is tried again in a while", id, e);
            }
            requeuer.delayAfterStartFailure(id);
            queue.freeSlot(id);
            return false;
        }
        if (attempt == null) {
            queue.freeSlot(id);
            return true;
        }
        return launch(attempt);
    }

    /** Returns null if the job no longer waits. */
    private ActiveAttempt markRunning(JobId id) {
        Job pending = store.find(id).orElse(null);
        if (pending == null || pending.state() != JobState.PENDING) {
            return null;
        }
        // Before the job is RUNNING, because from then on something must be able to complete it.
        ActiveAttempt attempt = new ActiveAttempt(pending.started(clock.instant()));
        boolean changed = false;
        try {
            active.put(id, attempt);
            retrier.add(attempt.completion);
            changed = store.transition(pending, attempt.job);
        } finally {
            if (!changed) {
                active.remove(id, attempt);
                retrier.remove(attempt.completion);
            }
        }
        return changed ? attempt : null;
    }

    /** Returns false if the attempt cannot start now and the job is queued again; never throws. */
    private boolean launch(ActiveAttempt attempt) {
        try {
            JobLog log = store.openLog(attempt.job, limits.maxLogBytes());
            attempt.log = log;
            attempt.warnings = new Warnings(log);
            log.info("Attempt " + attempt.job.attempt() + " of " + limits.maxAttempts() + " starts");
            runner.start(
                    new JobRunner.Attempt(
                            attempt.job,
                            store.attemptFolder(attempt.job),
                            log,
                            attempt.warnings,
                            limits.maxResultBytes()),
                    new AttemptListener(attempt, log));
        } catch (Throwable e) {
            return startFailed(attempt, e);
        }
        // A cancel before the runner knew of the attempt has not reached the runner.
        try {
            store.find(attempt.job.id())
                    .filter(now -> now.state() == JobState.CANCELLING)
                    .ifPresent(now -> forwardCancel(attempt, now.cancel()));
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} may not know that it was asked to stop", attempt.job.id(), e);
        }
        return true;
    }

    private void reportShortage(String resource) {
        if (resource.equals(ResourceShortage.THREADS)) {
            threads.release();
        }
    }

    private boolean startFailed(ActiveAttempt attempt, Throwable reason) {
        boolean notReady = reason instanceof JobException refused && refused.code() == ErrorCode.NOT_READY;
        Optional<String> shortage = ResourceShortage.of(reason);
        boolean isOutage = shortage.isEmpty() && isStorageOutage(reason);
        logStartFailure(attempt, reason, notReady, shortage, isOutage);
        if (notReady) {
            attempt.completion.startFailed(requeue);
        } else if (shortage.isPresent()) {
            reportShortage(shortage.get());
            attempt.completion.startFailed(requeueLater);
        } else if (isOutage) {
            attempt.completion.startFailed(requeueLater);
        } else {
            attempt.completion.startFailed();
        }
        return !notReady && shortage.isEmpty() && !isOutage;
    }

    private static void logStartFailure(
            ActiveAttempt attempt, Throwable reason, boolean notReady, Optional<String> shortage, boolean isOutage) {
        JobId id = attempt.job.id();
        try (JobLog log = attempt.log) {
            if (notReady) {
                log.warn(reason.getMessage() + "; the job is queued again");
            } else if (shortage.isPresent()) {
                LOG.warn(
                        "Job {} could not be started: the machine ran out of {}; it is tried again",
                        id,
                        shortage.get());
            } else if (isOutage) {
                LOG.warn("Job {} could not be started: the data dir cannot be written; it is tried again", id);
            } else {
                LOG.error("Job {} could not be started", id, reason);
            }
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} could not be started, and the reason could not be logged", id, e);
        }
    }

    /** Whether the disk kept the job from starting, which nothing about the job can change. */
    private boolean isStorageOutage(Throwable reason) {
        try {
            return FileErrors.isFull(reason)
                    || (reason instanceof IOException && store.probeOutage().isPresent());
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    private final class AttemptListener implements JobRunner.CompletionListener {
        private final ActiveAttempt attempt;
        private final JobLog log;

        private AttemptListener(ActiveAttempt attempt, JobLog log) {
            this.attempt = attempt;
            this.log = log;
        }

        @Override
        public void succeeded(JobResult result, ProgressReport report) {
            shortageCounts.forget(attempt.job.id());
            log.info("Result: rows " + result.rows() + ", bytes " + result.bytes());
            complete(report, completion -> completion.publish(result));
        }

        @Override
        public void failed(Failure failure, ProgressReport report) {
            shortageCounts.forget(attempt.job.id());
            Failure shown = failure.reworded(log::redacted);
            complete(report, completion -> completion.complete(new Outcome.Failed(shown)));
        }

        @Override
        public void ranOutOf(String resource) {
            Optional<Failure> hopeless = shortageCounts.countShortage(attempt.job.id(), resource);
            if (hopeless.isPresent()) {
                failed(hopeless.get(), null);
                return;
            }
            reportShortage(resource);
            log.warn("The machine ran out of " + resource + "; the attempt does not count, and the job runs again");
            complete(null, requeueLater);
        }

        @Override
        public void lost() {
            log.warn(requeuer.isClosing() ? "The server shuts down" : "Spark died under the job");
            complete(null, requeuer::requeueAfterLoss);
        }

        private void complete(ProgressReport report, CompletionRetrier.CompletionAction action) {
            log.close();
            attempt.completion.attemptEnded(action, attempt.duration(), report, attempt.warnings.toList());
        }
    }

    /** Ends a job that the last process left without an attempt, now or with a retry. */
    void completeLeftOver(Job job, Outcome outcome) {
        retrier.completeLeftOver(job, outcome);
    }

    /** Asks a running job to stop; returns false if it is no longer RUNNING at {@code job}. */
    boolean requestCancel(Job job, CancelRequest request) {
        if (!store.transition(job, job.cancelling(request))) {
            return false;
        }
        ActiveAttempt attempt = active.get(job.id());
        if (attempt != null) {
            forwardCancel(attempt, request);
        }
        return true;
    }

    private void forwardCancel(ActiveAttempt attempt, CancelRequest request) {
        if (!attempt.cancelled) {
            attempt.cancelNanos = System.nanoTime();
            attempt.cancelled = true;
        }
        runner.cancel(attempt.job.id(), request.toString());
    }

    /** Retries what failed, and stops attempts that run too long, or all of them if the disk is almost full. */
    void watch(boolean diskBelowFloor) {
        retrier.retryDue();
        requeuer.queueDue();
        active.values().stream()
                .filter(attempt -> !attempt.cancelled && attempt.backoff.isDue())
                .forEach(attempt -> watch(attempt, diskBelowFloor));
    }

    private void watch(ActiveAttempt attempt, boolean diskBelowFloor) {
        try {
            if (diskBelowFloor) {
                requestCancel(attempt.job, serverRequest(CancelRequest.Reason.DISK_FULL));
            } else if (attempt.duration().compareTo(limits.jobTimeout()) > 0) {
                requestCancel(attempt.job, serverRequest(CancelRequest.Reason.TIMED_OUT));
            }
        } catch (RuntimeException | Error e) {
            if (attempt.backoff.failed()) {
                OomSafeLog.warn(LOG, "Job {} could not be stopped; it is tried again: {}", attempt.job.id(), e);
            }
        }
    }

    private CancelRequest serverRequest(CancelRequest.Reason reason) {
        return new CancelRequest("server", clock.instant(), reason);
    }

    /** How long the running attempt of a job has run; zero if none runs. */
    Duration duration(JobId id) {
        ActiveAttempt attempt = active.get(id);
        return attempt == null ? Duration.ZERO : attempt.duration();
    }

    /** The warnings of the running attempt of a job; empty if none runs. */
    List<String> warnings(JobId id) {
        ActiveAttempt attempt = active.get(id);
        Warnings warnings = attempt == null ? null : attempt.warnings;
        return warnings == null ? List.of() : warnings.toList();
    }

    /** The log of the running attempt of a job; empty if none runs. */
    Optional<JobLog> log(JobId id) {
        return Optional.ofNullable(active.get(id)).map(attempt -> attempt.log);
    }

    /** How many attempts hold a slot. */
    int activeCount() {
        return active.size();
    }

    /** How many of them were asked to stop some time ago and still run. */
    int stuckCount() {
        return (int) active.values().stream().filter(ActiveAttempt::isStuck).count();
    }

    /** From now on, the job of a lost attempt runs again after the next start of the server. */
    void leaveToNextStart() {
        requeuer.close();
    }

    /** Waits for the completions that are being written; call after the runner has been closed. */
    @Override
    public void close() {
        retrier.close();
    }
}
