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
    private static final int FINISHERS = 8;

    private final JobStore store;
    private final JobCompletions jobCompletions;
    private final Clock clock;
    private boolean wasOut;
    private final Set<PendingCompletion> unwritten = ConcurrentHashMap.newKeySet();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            FINISHERS,
            FINISHERS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "tinderbox-finisher"));
    private final CompletionAction internal =
            pendingCompletion -> pendingCompletion.endAs(new Outcome.Failed(new Failure(
                    ErrorCode.INTERNAL,
                    "The server could not run the job",
                    "the server's log has the whole story; run the job again")));

    CompletionRetrier(JobStore store, JobCompletions jobCompletions, Clock clock) {
        this.store = store;
        this.jobCompletions = jobCompletions;
        this.clock = clock;
        // When there is something to end, the machine may have no more threads.
        threads.prestartAllCoreThreads();
    }

    /** One way for a job to end, or to wait again; answers false where the job has moved meanwhile. */
    interface CompletionAction {
        boolean tryOn(PendingCompletion pendingCompletion);
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
        private final AtomicBoolean due = new AtomicBoolean();

        private final Backoff backoff = new Backoff();

        private CompletionAction completionAction;
        private Instant at = clock.instant();
        private Duration ran = Duration.ZERO;
        private ProgressReport report;
        private List<String> warnings = List.of();

        private PendingCompletion(Job job, CompletionAction completionAction, Runnable release) {
            this.job = job;
            this.completionAction = completionAction;
            this.release = release;
        }

        Job job() {
            return job;
        }

        boolean endAs(Outcome outcome) {
            return jobCompletions.end(job, outcome, at, ran, warnings);
        }

        boolean publish(JobResult result) {
            return jobCompletions.publish(job, result, at, ran, warnings);
        }

        /** Ends an attempt that has never begun, at once or later; never throws. */
        void startFailed() {
            run();
        }

        /** The same in another way than in words of ours. */
        void startFailed(CompletionAction by) {
            completionAction = by;
            run();
        }

        /** Ends an attempt now that it is over, on another thread; where this throws, it can be called again. */
        void over(CompletionAction by, Duration after, ProgressReport progress, List<String> warned) {
            at = clock.instant();
            completionAction = by;
            ran = after;
            report = progress;
            warnings = warned;
            due.set(true);
            submit(this);
        }

        private void run() {
            try {
                write();
            } catch (Throwable e) {
                tell(e, backoff.failed());
                // What cannot be written for a reason that does not pass ends in words of ours.
                if (release != null && !StorageFailure.passes(e)) {
                    completionAction = internal;
                }
                due.set(true);
            }
        }

        /** Once only, and not at all if the log says already that nothing can be written. */
        private void tell(Throwable e, boolean first) {
            if (!StorageFailure.passes(e)) {
                OomSafeLog.error(
                        LOG, "The end of job {} could not be written; it is tried again until it is", job.id(), e);
            } else if (first && !isOut()) {
                OomSafeLog.warn(
                        LOG, "The end of job {} could not be written; it is tried again until it is: {}", job.id(), e);
            }
        }

        /** Whatever the attempt brought, a job that was asked to stop ends as it was asked to. */
        private void write() {
            ProgressReport kept = report;
            report = null;
            if (kept != null) {
                store.keep(job, kept);
            }
            if (!completionAction.tryOn(this)) {
                store.find(job.id())
                        .filter(now -> now.state() == JobState.CANCELLING)
                        .ifPresent(now -> jobCompletions.end(now, now.cancel().outcome(), at, ran, warnings));
            }
            unwritten.remove(this);
            if (release != null) {
                release.run();
            }
        }

        /** Tries it a last time; where that fails, a job that ran waits for the next start of the server. */
        private void settle() {
            if (!due.compareAndSet(true, false)) {
                return;
            }
            run();
            if (!due.compareAndSet(true, false) || release == null) {
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

    private boolean isOut() {
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
    PendingCompletion ofAttempt(Job running, Runnable release) {
        return new PendingCompletion(running, internal, release);
    }

    /** Keeps an end until it is written. */
    void expect(PendingCompletion pendingCompletion) {
        unwritten.add(pendingCompletion);
    }

    /** Forgets the end of an attempt that does not start after all. */
    void forget(PendingCompletion pendingCompletion) {
        unwritten.remove(pendingCompletion);
    }

    /** Ends a job that the last process left without an attempt; where that fails, later. */
    void endLeftOver(Job job, Outcome outcome) {
        PendingCompletion pendingCompletion = new PendingCompletion(job, it -> it.endAs(outcome), null);
        expect(pendingCompletion);
        pendingCompletion.run();
    }

    /** Tries those ends again that could not be written, at once when an outage has ended. */
    void tryAgain() {
        boolean isOut = isOut();
        if (wasOut && !isOut) {
            unwritten.forEach(pendingCompletion -> pendingCompletion.backoff.hurry());
        }
        wasOut = isOut;
        for (PendingCompletion pendingCompletion : unwritten) {
            if (pendingCompletion.backoff.isDue()) {
                submit(pendingCompletion);
            }
        }
    }

    /** Has an end tried that is due; where no thread takes it, it stays due. */
    private void submit(PendingCompletion pendingCompletion) {
        if (!pendingCompletion.due.compareAndSet(true, false)) {
            return;
        }
        try {
            threads.execute(pendingCompletion::run);
        } catch (RejectedExecutionException e) {
            pendingCompletion.due.set(true);
            LOG.warn(
                    "Job {} stopped only after the server had; the next start runs it again",
                    pendingCompletion.job.id());
        } catch (Throwable e) {
            pendingCompletion.due.set(true);
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
        unwritten.forEach(PendingCompletion::settle);
    }
}
