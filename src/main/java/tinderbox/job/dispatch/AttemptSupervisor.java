package tinderbox.job.dispatch;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
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

/** The attempts that run now: starts them, knows how long they have run, stops them, and ends their jobs. */
final class AttemptSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptSupervisor.class);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
    private static final Duration START_FAILURE_DELAY = Duration.ofSeconds(10);
    private static final Duration SHORTAGE_DELAY = Duration.ofSeconds(1);

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final CompletionRetrier retrier;
    private final Limits limits;
    private final Map<JobId, ActiveAttempt> active = new ConcurrentHashMap<>();
    /** Jobs that could not be started; the others go first for a while. */
    private final Queue<DelayedRequeue> delayedRequeues = new ConcurrentLinkedQueue<>();

    private final CompletionRetrier.CompletionAction requeue = this::requeue;
    private final CompletionRetrier.CompletionAction requeueLater = this::requeueLater;
    private final ShortageCounts shortageCounts = new ShortageCounts();
    private final ThreadReserve threads;
    private volatile boolean closing;

    private record DelayedRequeue(JobId id, long dueNanos) {}

    /** An attempt, and when it started and was asked to stop, by a clock that does not jump. */
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
            // This one only: the job's next attempt may have started.
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
            JobCompletions jobCompletions,
            Limits limits,
            ThreadReserve threads) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.retrier = new CompletionRetrier(store, jobCompletions, clock);
        this.limits = limits;
        this.threads = threads;
    }

    /**
     * Starts the next attempt of a job for which a slot was taken; gives the slot back where the job is gone.
     *
     * @return false where it could not be started now and waits again
     */
    boolean start(JobId id) {
        ActiveAttempt it;
        try {
            it = markRunning(id);
        } catch (RuntimeException | Error e) {
            if (StorageFailure.isTemporary(e)) {
                OomSafeLog.warn(LOG, "Job {} could not be started; it is tried again in a while: {}", id, e);
            } else {
                OomSafeLog.error(LOG, "Job {} could not be started; it is tried again in a while", id, e);
            }
            delayedRequeues.add(new DelayedRequeue(id, System.nanoTime() + START_FAILURE_DELAY.toNanos()));
            queue.freeSlot(id);
            return false;
        }
        if (it == null) {
            queue.freeSlot(id);
            return true;
        }
        return launch(it);
    }

    /** Answers null where the job no longer waits. */
    private ActiveAttempt markRunning(JobId id) {
        Job pending = store.find(id).orElse(null);
        if (pending == null || pending.state() != JobState.PENDING) {
            return null;
        }
        // Before the job is seen to run: from then on there must be one that can end it.
        ActiveAttempt it = new ActiveAttempt(pending.started(clock.instant()));
        boolean moved = false;
        try {
            active.put(id, it);
            retrier.add(it.completion);
            moved = store.transition(pending, it.job);
        } finally {
            if (!moved) {
                active.remove(id, it);
                retrier.remove(it.completion);
            }
        }
        return moved ? it : null;
    }

    /** Answers false where the runner takes nothing now and the job waits again; never throws. */
    private boolean launch(ActiveAttempt it) {
        try {
            JobLog log = store.openLog(it.job, limits.maxLogBytes());
            it.log = log;
            it.warnings = new Warnings(log);
            log.info("Attempt " + it.job.attempt() + " of " + limits.maxAttempts() + " starts");
            runner.start(
                    new JobRunner.Attempt(
                            it.job, store.attemptFolder(it.job), log, it.warnings, limits.maxResultBytes()),
                    new AttemptListener(it, log));
        } catch (Throwable e) {
            return startFailed(it, e);
        }
        // Whoever asked the job to stop before the runner knew of it could not tell the runner.
        try {
            store.find(it.job.id())
                    .filter(now -> now.state() == JobState.CANCELLING)
                    .ifPresent(now -> forwardCancel(it, now.cancel()));
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} may not know that it was asked to stop", it.job.id(), e);
        }
        return true;
    }

    private void reportShortage(String missing) {
        if (missing.equals(ResourceShortage.THREADS)) {
            threads.giveUp();
        }
    }

    private boolean startFailed(ActiveAttempt it, Throwable why) {
        boolean notReady = why instanceof JobException refused && refused.code() == ErrorCode.NOT_READY;
        Optional<String> missing = ResourceShortage.of(why);
        boolean isOutage = missing.isEmpty() && isStorageOutage(why);
        try (JobLog log = it.log) {
            if (notReady) {
                log.warn(why.getMessage() + "; the job waits again");
            } else if (missing.isPresent()) {
                LOG.warn(
                        "Job {} could not be started: the machine ran out of {}; it is tried again",
                        it.job.id(),
                        missing.get());
            } else if (isOutage) {
                LOG.warn("Job {} could not be started: the data dir cannot be written; it is tried again", it.job.id());
            } else {
                LOG.error("Job {} could not be started", it.job.id(), why);
            }
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} could not be started, nor all told of it", it.job.id(), e);
        }
        if (notReady) {
            it.completion.startFailed(requeue);
        } else if (missing.isPresent()) {
            reportShortage(missing.get());
            it.completion.startFailed(requeueLater);
        } else if (isOutage) {
            it.completion.startFailed(requeueLater);
        } else {
            it.completion.startFailed();
        }
        return !notReady && missing.isEmpty() && !isOutage;
    }

    /** Whether the job could not be started for want of a disk, which nothing about the job can change. */
    private boolean isStorageOutage(Throwable why) {
        try {
            return FileErrors.isFull(why)
                    || (why instanceof IOException && store.probeOutage().isPresent());
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    private final class AttemptListener implements JobRunner.CompletionListener {
        private final ActiveAttempt it;
        private final JobLog log;

        private AttemptListener(ActiveAttempt it, JobLog log) {
            this.it = it;
            this.log = log;
        }

        @Override
        public void succeeded(JobResult result, ProgressReport report) {
            shortageCounts.forget(it.job.id());
            log.info("Result: rows " + result.rows() + ", bytes " + result.bytes());
            finish(report, pendingCompletion -> pendingCompletion.publish(result));
        }

        @Override
        public void failed(Failure failure, ProgressReport report) {
            shortageCounts.forget(it.job.id());
            Failure shown = new Failure(failure.code(), log.redacted(failure.message()), log.redacted(failure.hint()));
            finish(report, pendingCompletion -> pendingCompletion.complete(new Outcome.Failed(shown)));
        }

        @Override
        public void ranOutOf(String of) {
            Optional<Failure> hopeless = shortageCounts.countShortage(it.job.id(), of);
            if (hopeless.isPresent()) {
                failed(hopeless.get(), null);
                return;
            }
            reportShortage(of);
            log.warn("The machine ran out of " + of + "; the attempt does not count, and the job runs again");
            finish(null, requeueLater);
        }

        @Override
        public void lost() {
            log.warn(closing ? "The server shuts down" : "Spark died under the job");
            finish(null, AttemptSupervisor.this::requeueAfterLoss);
        }

        private void finish(ProgressReport report, CompletionRetrier.CompletionAction completionAction) {
            log.close();
            it.completion.attemptEnded(completionAction, it.duration(), report, it.warnings.toList());
        }
    }

    /** Has a job wait again whose attempt never began, as if it had not been taken out of the queue. */
    private boolean requeue(CompletionRetrier.PendingCompletion pendingCompletion) {
        Job waiting = pendingCompletion.job().rolledBack();
        if (!moveToPending(pendingCompletion.job(), waiting)) {
            return false;
        }
        queue.add(waiting.request().seq(), waiting.id());
        return true;
    }

    /** The same after a while: the machine had too little of something for it. */
    private boolean requeueLater(CompletionRetrier.PendingCompletion pendingCompletion) {
        Job waiting = pendingCompletion.job().rolledBack();
        if (!moveToPending(pendingCompletion.job(), waiting)) {
            return false;
        }
        delayedRequeues.add(new DelayedRequeue(waiting.id(), System.nanoTime() + SHORTAGE_DELAY.toNanos()));
        return true;
    }

    /** Has a job wait again whose attempt was taken from it. */
    private boolean requeueAfterLoss(CompletionRetrier.PendingCompletion pendingCompletion) {
        Job job = pendingCompletion.job();
        if (closing) {
            return store.transition(job, job.rolledBack());
        }
        if (job.attempt() >= limits.maxAttempts()) {
            return pendingCompletion.complete(new Outcome.Failed(crashFailure(job)));
        }
        if (!moveToPending(job, job.requeued())) {
            return false;
        }
        queue.addAlone(job.request().seq(), job.id());
        return true;
    }

    /** True also where an earlier try of the same end got that far and failed then. */
    private boolean moveToPending(Job job, Job waiting) {
        return store.transition(job, waiting)
                || store.find(job.id()).filter(waiting::isSameVersionAs).isPresent();
    }

    /** Why a job fails that was there at every crash. */
    static Failure crashFailure(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server or its Spark session died while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    /** Ends a job that the last process left without an attempt; where that fails, later. */
    void completeLeftOver(Job job, Outcome outcome) {
        retrier.completeLeftOver(job, outcome);
    }

    /** Asks a running job to stop; false where it is no longer RUNNING at {@code job}. */
    boolean requestCancel(Job job, CancelRequest request) {
        if (!store.transition(job, job.cancelling(request))) {
            return false;
        }
        ActiveAttempt it = active.get(job.id());
        if (it != null) {
            forwardCancel(it, request);
        }
        return true;
    }

    private void forwardCancel(ActiveAttempt it, CancelRequest request) {
        if (!it.cancelled) {
            it.cancelNanos = System.nanoTime();
            it.cancelled = true;
        }
        runner.cancel(it.job.id(), request.toString());
    }

    /** Stops what has run too long, or all that runs where the disk asks for it, and tries again what failed. */
    void watch(boolean diskBelowFloor) {
        retrier.retryDue();
        delayedRequeues.removeIf(this::requeueIfDue);
        active.values().stream()
                .filter(it -> !it.cancelled && it.backoff.isDue())
                .forEach(it -> watch(it, diskBelowFloor));
    }

    private boolean requeueIfDue(DelayedRequeue it) {
        if (System.nanoTime() - it.dueNanos() < 0) {
            return false;
        }
        store.find(it.id())
                .filter(job -> job.state() == JobState.PENDING)
                .ifPresentOrElse(job -> queue.add(job.request().seq(), job.id()), () -> shortageCounts.forget(it.id()));
        return true;
    }

    private void watch(ActiveAttempt it, boolean diskBelowFloor) {
        try {
            if (diskBelowFloor) {
                requestCancel(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.DISK_FULL));
            } else if (it.duration().compareTo(limits.jobTimeout()) > 0) {
                requestCancel(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.TIMED_OUT));
            }
        } catch (RuntimeException | Error e) {
            if (it.backoff.failed()) {
                OomSafeLog.warn(LOG, "Job {} could not be stopped; it is tried again: {}", it.job.id(), e);
            }
        }
    }

    /** How long the running attempt of a job has run; zero where none runs. */
    Duration duration(JobId id) {
        ActiveAttempt it = active.get(id);
        return it == null ? Duration.ZERO : it.duration();
    }

    /** What the running attempt of a job warns of; nothing where none runs. */
    List<String> warnings(JobId id) {
        ActiveAttempt it = active.get(id);
        Warnings warnings = it == null ? null : it.warnings;
        return warnings == null ? List.of() : warnings.toList();
    }

    /** The log of the running attempt of a job; empty where none runs. */
    Optional<JobLog> log(JobId id) {
        return Optional.ofNullable(active.get(id)).map(it -> it.log);
    }

    /** How many attempts hold a slot. */
    int activeCount() {
        return active.size();
    }

    /** How many of them were asked to stop and do not. */
    int stuckCount() {
        return (int) active.values().stream().filter(ActiveAttempt::isStuck).count();
    }

    /** From now on, an attempt that is taken from its job leaves the job to the next start of the server. */
    void leaveToNextStart() {
        closing = true;
    }

    /** Waits for the ends that are being written; call after the runner has been closed. */
    @Override
    public void close() {
        retrier.close();
    }
}
