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
 * Writes how attempts completed, and retries until it is written, which can take long while the disk is full. It has its
 * own threads because an attempt's thread may be interrupted, and an interrupted thread must not touch the store.
 */
final class CompletionRetrier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(CompletionRetrier.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    /** Several, because they wait for the disk, and one flush serves all that write at the same time. */
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
            task -> new Thread(task, "tinderbox-completion"));
    private final CompletionAction failInternally = completion -> completion.complete(new Outcome.Failed(new Failure(
            ErrorCode.INTERNAL,
            "The server could not run the job",
            "the server's log has the whole story; run the job again")));

    CompletionRetrier(JobStore store, JobCompletions completions, Clock clock) {
        this.store = store;
        this.completions = completions;
        this.clock = clock;
        // When an attempt completes, the machine may have no more threads.
        threads.prestartAllCoreThreads();
    }

    /** What becomes of the job: it ends, or it is queued again. Returns false if the job has changed meanwhile. */
    interface CompletionAction {
        boolean apply(PendingCompletion completion);
    }

    /** The completion of one attempt, until it is written. A retry changes neither its time nor its duration. */
    final class PendingCompletion {
        private final Job job;
        /** Frees what the attempt held; null if there was no attempt. */
        private final Runnable release;
        /** True if this completion needs a retry. The thread that clears it owns the fields below. */
        private final AtomicBoolean needsRetry = new AtomicBoolean();

        private final Backoff backoff = new Backoff();

        private CompletionAction action;
        private Instant endedAt = clock.instant();
        private Duration duration = Duration.ZERO;
        private ProgressReport report;
        private List<String> warnings = List.of();

        private PendingCompletion(Job job, CompletionAction action, Runnable release) {
            this.job = job;
            this.action = action;
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

        /** Fails the job of an attempt that did not start, now or with a retry; never throws. */
        void startFailed() {
            run();
        }

        /** Applies an action to the job of an attempt that did not start, now or with a retry; never throws. */
        void startFailed(CompletionAction instead) {
            action = instead;
            run();
        }

        /** Completes an attempt that has ended, on another thread. If this throws, call it again. */
        void attemptEnded(CompletionAction result, Duration ran, ProgressReport progress, List<String> warned) {
            endedAt = clock.instant();
            action = result;
            duration = ran;
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
                // A reason that does not pass would make every retry fail too.
                if (release != null && !StorageFailure.isTemporary(e)) {
                    action = failInternally;
                }
                needsRetry.set(true);
            }
        }

        /** Logs a temporary failure once, and not at all if the log already reports an outage. */
        private void logFailure(Throwable e, boolean first) {
            if (!StorageFailure.isTemporary(e)) {
                OomSafeLog.error(
                        LOG, "The end of job {} could not be written; it is tried again until it is", job.id(), e);
            } else if (first && !isOutage()) {
                OomSafeLog.warn(
                        LOG, "The end of job {} could not be written; it is tried again until it is: {}", job.id(), e);
            }
        }

        /** If the job was cancelled meanwhile, it ends as the cancel request says, whatever the attempt's outcome. */
        private void write() {
            ProgressReport unwritten = report;
            report = null;
            if (unwritten != null) {
                store.storeReport(job, unwritten);
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

        /** Tries a last time. If that fails, the job of an attempt runs again after the next start of the server. */
        private void completeOrRollBack() {
            if (!needsRetry.compareAndSet(true, false)) {
                return;
            }
            run();
            if (!needsRetry.compareAndSet(true, false) || release == null) {
                return;
            }
            try {
                // This deletes the attempt's folder, which needs no space on the disk.
                store.transition(job, job.rolledBack());
            } catch (RuntimeException | Error e) {
                OomSafeLog.error(LOG, "The next start will count the attempt of job {} as a crash", job.id(), e);
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
     * Creates the completion of an attempt that is about to start, because later there may be no memory for it. Until
     * the outcome is known, the job would fail as {@link ErrorCode#INTERNAL}.
     *
     * @param release frees what the attempt holds; runs once the completion is written
     */
    PendingCompletion forAttempt(Job running, Runnable release) {
        return new PendingCompletion(running, failInternally, release);
    }

    /** Tracks a completion until it is written. */
    void add(PendingCompletion completion) {
        pending.add(completion);
    }

    /** Drops the completion of an attempt that does not start after all. */
    void remove(PendingCompletion completion) {
        pending.remove(completion);
    }

    /** Ends a job that the last process left without an attempt, now or with a retry. */
    void completeLeftOver(Job job, Outcome outcome) {
        PendingCompletion completion = new PendingCompletion(job, leftOver -> leftOver.complete(outcome), null);
        add(completion);
        completion.run();
    }

    /** Retries the completions that are due; all of them if an outage has just ended. */
    void retryDue() {
        boolean isOutage = isOutage();
        if (wasOutage && !isOutage) {
            pending.forEach(completion -> completion.backoff.makeDue());
        }
        wasOutage = isOutage;
        for (PendingCompletion completion : pending) {
            if (completion.backoff.isDue()) {
                submit(completion);
            }
        }
    }

    /** Runs a completion that needs it on another thread; if no thread accepts it, it still needs a retry. */
    private void submit(PendingCompletion completion) {
        if (!completion.needsRetry.compareAndSet(true, false)) {
            return;
        }
        try {
            threads.execute(completion::run);
        } catch (RejectedExecutionException e) {
            completion.needsRetry.set(true);
            LOG.warn("Job {} stopped only after the server had; the next start runs it again", completion.job.id());
        } catch (Throwable e) {
            completion.needsRetry.set(true);
            OomSafeLog.error(LOG, "The end of job {} found no thread; it is tried again", completion.job.id(), e);
        }
    }

    /** Waits for the completions that are being written, then tries the others a last time. */
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
