package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Backoff;
import tinderbox.common.OomSafeLog;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.ProgressReport;
import tinderbox.job.StorageFailure;
import tinderbox.job.result.JobResult;

/**
 * The threads that end attempts, for an attempt's own may be interrupted and must not touch the store. An end is tried
 * until it is written: with the disk full that can take long.
 */
final class CompletionRetrier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompletionRetrier.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    /** Ends wait for the disk, which flushes what several of them write at once. */
    private static final int THREADS = 8;

    private final JobStore store;
    private final JobCompletions completions;
    private final Clock clock;
    private boolean wasOutage;
    private final Set<PendingCompletion> pending = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "tinderbox-finisher"));
    private final CompletionAction failInternally =
            pendingCompletion -> pendingCompletion.complete(new Outcome.Failed(new Failure(
                    ErrorCode.INTERNAL,
                    "The server could not run the job",
                    "the server's log has the whole story; run the job again")));

    CompletionRetrier(JobStore store, JobCompletions jobCompletions, Clock clock) {
        this.store = store;
        this.completions = jobCompletions;
        this.clock = clock;
        // When there is something to end, the machine may have no more threads.
        threads.prestartAllCoreThreads();
    }

    /** One way for a job to end, or to wait again; answers false where the job has moved meanwhile. */
    interface CompletionAction {
        boolean apply(PendingCompletion pendingCompletion);
    }

    /**
     * The end of a job, which may be to wait again. When it ended and how long it ran stay as they were, however often
     * this is tried.
     */
    final class PendingCompletion {
        private final Job job;
        /** Gives back what the attempt held; null where there was no attempt. */
        private final Runnable release;
        /** Whether somebody has to try it; who takes that back tries it, and may change what is below. */
        private final AtomicBoolean needsRetry = new AtomicBoolean();

        private final Backoff backoff = new Backoff();

        private CompletionAction action;
        private Instant endedAt = clock.instant();
        private Duration duration = Duration.ZERO;
        private ProgressReport report;
        private List<String> warnings = List.of();

        private PendingCompletion(Job job, CompletionAction completionAction, Runnable release) {
            this.job = job;
            this.action = completionAction;
            this.release = release;
        }

        Job job() {
            return job;
        }

        boolean complete(Outcome outcome) {
            return completions.complete(job, outcome, endedAt, duration, warnings);
        }

        boolean publish(JobResult result) {
            return completions.publish(job, result, endedAt, duration, warnings);
        }

        /** Ends an attempt that has never begun, at once or later; never throws. */
        void startFailed() {
            run();
        }

        /** The same in another way than in words of ours. */
        void startFailed(CompletionAction by) {
            action = by;
            run();
        }

        /** Ends an attempt now that it is over, on another thread; where this throws, it can be called again. */
        void attemptEnded(CompletionAction by, Duration after, ProgressReport progress, List<String> warned) {
            endedAt = clock.instant();
            action = by;
            duration = after;
            report = progress;
            warnings = warned;
            needsRetry.set(true);
            submit(this);
        }

        private void run() {
            try {
                write();
            } catch (Throwable e) {
                logFailure(e, backoff.failed());
                // What cannot be written for a reason that does not pass ends in words of ours.
                if (release != null && !StorageFailure.isTemporary(e)) {
                    action = failInternally;
                }
                needsRetry.set(true);
            }
        }

        /** Once only, and not at all if the log says already that nothing can be written. */
        private void logFailure(Throwable e, boolean first) {
            if (!StorageFailure.isTemporary(e)) {
                OomSafeLog.error(
                        LOG, "The end of job {} could not be written; it is tried again until it is", job.id(), e);
            } else if (first && !isOutage()) {
                OomSafeLog.warn(
                        LOG, "The end of job {} could not be written; it is tried again until it is: {}", job.id(), e);
            }
        }

        /** Whatever the attempt brought, a job that was asked to stop ends as it was asked to. */
        private void write() {
            ProgressReport kept = report;
            report = null;
            if (kept != null) {
                store.storeReport(job, kept);
            }
            if (!action.apply(this)) {
                store.find(job.id())
                        .filter(now -> now.state() == JobState.CANCELLING)
                        .ifPresent(
                                now -> completions.complete(now, now.cancel().outcome(), endedAt, duration, warnings));
            }
            pending.remove(this);
            if (release != null) {
                release.run();
            }
        }

        /** Tries it a last time; where that fails, a job that ran waits for the next start of the server. */
        private void completeOrRollBack() {
            if (!needsRetry.compareAndSet(true, false)) {
                return;
            }
            run();
            if (!needsRetry.compareAndSet(true, false) || release == null) {
                return;
            }
            try {
                // To delete the attempt's folder takes no room on the disk.
                store.transition(job, job.rolledBack());
            } catch (RuntimeException | Error e) {
                OomSafeLog.error(LOG, "The next start takes the attempt of job {} for a crashed one", job.id(), e);
            }
        }
    }

    private boolean isOutage() {
        try {
            return store.outage().isPresent();
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    /**
     * The end of an attempt that is about to start, in words of ours until it is known how it ends. It is made that
     * early because later there may be no memory for it.
     *
     * @param release gives back what the attempt holds; run once the end is written
     */
    PendingCompletion forAttempt(Job running, Runnable release) {
        return new PendingCompletion(running, failInternally, release);
    }

    /** Keeps an end until it is written. */
    void add(PendingCompletion pendingCompletion) {
        pending.add(pendingCompletion);
    }

    /** Forgets the end of an attempt that does not start after all. */
    void remove(PendingCompletion pendingCompletion) {
        pending.remove(pendingCompletion);
    }

    /** Ends a job that the last process left without an attempt; where that fails, later. */
    void completeLeftOver(Job job, Outcome outcome) {
        PendingCompletion pendingCompletion = new PendingCompletion(job, it -> it.complete(outcome), null);
        add(pendingCompletion);
        pendingCompletion.run();
    }

    /** Tries those ends again that could not be written, at once when an outage has ended. */
    void retryDue() {
        boolean isOut = isOutage();
        if (wasOutage && !isOut) {
            pending.forEach(pendingCompletion -> pendingCompletion.backoff.hurry());
        }
        wasOutage = isOut;
        for (PendingCompletion pendingCompletion : pending) {
            if (pendingCompletion.backoff.isDue()) {
                submit(pendingCompletion);
            }
        }
    }

    /** Has an end tried that is due; where no thread takes it, it stays due. */
    private void submit(PendingCompletion pendingCompletion) {
        if (!pendingCompletion.needsRetry.compareAndSet(true, false)) {
            return;
        }
        try {
            threads.execute(pendingCompletion::run);
        } catch (RejectedExecutionException e) {
            pendingCompletion.needsRetry.set(true);
            LOG.warn(
                    "Job {} stopped only after the server had; the next start runs it again",
                    pendingCompletion.job.id());
        } catch (Throwable e) {
            pendingCompletion.needsRetry.set(true);
            OomSafeLog.error(
                    LOG, "The end of job {} found no thread; it is tried again", pendingCompletion.job.id(), e);
        }
    }

    /** Waits for the ends that are being written, and sees to those that could not be: nobody tries them after this. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            if (!threads.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Some ends were not written within {} s; the next start finds those jobs running",
                        STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        pending.forEach(PendingCompletion::completeOrRollBack);
    }
}
