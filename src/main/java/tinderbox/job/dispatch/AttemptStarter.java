package tinderbox.job.dispatch;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.common.ThreadReserve;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.StorageFailure;
import tinderbox.job.log.JobLog;

/** Starts attempts: makes the job RUNNING, then hands the attempt to the runner. */
final class AttemptStarter {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptStarter.class);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(10);

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final AttemptSupervisor attempts;
    private final Limits limits;
    private final ThreadReserve threads;

    AttemptStarter(
            JobStore store,
            JobRunner runner,
            Clock clock,
            PendingQueue queue,
            AttemptSupervisor attempts,
            Limits limits,
            ThreadReserve threads) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.attempts = attempts;
        this.limits = limits;
        this.threads = threads;
    }

    /**
     * Starts the next attempt of a job that holds a slot; frees the slot if the job no longer waits.
     *
     * @return false if it could not be started now and is queued again
     */
    boolean start(JobId id) {
        Job pending = store.find(id).orElse(null);
        if (pending == null || pending.state() != JobState.PENDING) {
            queue.freeSlot(id);
            return true;
        }
        Attempt attempt;
        try {
            attempt = markRunning(pending);
        } catch (RuntimeException | Error e) {
            if (StorageFailure.isTemporary(e)) {
                OomSafeLog.warn(LOG, "Job {} could not be started; it is tried again in a while: {}", id, e);
            } else {
                OomSafeLog.error(LOG, "Job {} could not be started; it is tried again in a while", id, e);
            }
            queue.addLater(pending.request(), RETRY_DELAY);
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
    private Attempt markRunning(Job pending) {
        // Added before the job is RUNNING, because from then on something must be able to end it.
        Attempt attempt = attempts.add(pending.started(clock.instant()));
        boolean changed = false;
        try {
            changed = store.transition(pending, attempt.job());
        } finally {
            if (!changed) {
                attempts.remove(attempt);
            }
        }
        return changed ? attempt : null;
    }

    /** Returns false if the attempt cannot start now and the job is queued again; never throws. */
    private boolean launch(Attempt attempt) {
        try {
            Path folder = store.attemptFolder(attempt.job());
            JobLog log = store.openLog(attempt.job(), limits.maxLogBytes());
            attempt.open(folder, log);
            log.info("Attempt " + attempt.job().attempt() + " of " + limits.maxAttempts() + " starts");
            runner.start(attempt);
        } catch (Throwable e) {
            AttemptEnd.Kind kind = kind(attempt, e);
            attempt.notStarted(kind);
            return kind == AttemptEnd.Kind.FAILED;
        }
        if (!attempt.started()) {
            stopAtOnce(attempt);
        }
        return true;
    }

    /** A request to stop that came before the runner knew the attempt has not reached the runner. */
    private void stopAtOnce(Attempt attempt) {
        try {
            attempts.forwardStop(attempt);
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} may not know that it was asked to stop", attempt.id(), e);
        }
    }

    /** What a failed start means for the job. */
    private AttemptEnd.Kind kind(Attempt attempt, Throwable reason) {
        JobId id = attempt.id();
        try {
            if (reason instanceof JobException refused && refused.code() == ErrorCode.NOT_READY) {
                attempt.log().warn(reason.getMessage() + "; the job is queued again");
                return AttemptEnd.Kind.NOT_READY;
            }
            Optional<String> shortage = ResourceShortage.of(reason);
            if (shortage.isPresent()) {
                LOG.warn(
                        "Job {} could not be started: the machine ran out of {}; it is tried again",
                        id,
                        shortage.get());
                if (shortage.get().equals(ResourceShortage.THREADS)) {
                    threads.release();
                }
                return AttemptEnd.Kind.NOT_STARTED;
            }
            if (isStorageOutage(reason)) {
                LOG.warn("Job {} could not be started: the data dir cannot be written; it is tried again", id);
                return AttemptEnd.Kind.NOT_STARTED;
            }
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Job {} could not be started, and the reason is not known; it is tried again", id, e);
            return AttemptEnd.Kind.NOT_STARTED;
        }
        OomSafeLog.error(LOG, "Job {} could not be started", id, reason);
        return AttemptEnd.Kind.FAILED;
    }

    /** Whether the disk kept the job from starting, which nothing about the job can change. */
    private boolean isStorageOutage(Throwable reason) {
        return FileErrors.isFull(reason)
                || (reason instanceof IOException && store.probeOutage().isPresent());
    }
}
