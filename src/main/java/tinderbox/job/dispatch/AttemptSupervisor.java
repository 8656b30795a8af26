package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.common.ThreadReserve;
import tinderbox.job.CancelRequest;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.ProgressReport;
import tinderbox.job.StorageFailure;
import tinderbox.job.log.JobLog;

/**
 * Owns every attempt until its end is written: stops it, watches it, and writes its end, again and again until that works.
 * The ends are written on threads of its own, because an attempt's thread may be interrupted, and an interrupted thread must
 * not touch the store.
 */
final class AttemptSupervisor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptSupervisor.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    /** Several, because they wait for the disk, and one flush serves all that write at the same time. */
    private static final int WRITERS = 8;

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final Limits limits;
    private final ThreadReserve threadReserve;
    private final EndDecision decision;
    private final EndWaiters waiters;
    private final Map<JobId, Attempt> attempts = new ConcurrentHashMap<>();
    private final ExecutorService writers;

    private boolean wasOutage;

    AttemptSupervisor(
            JobStore store,
            JobRunner runner,
            Clock clock,
            PendingQueue queue,
            Limits limits,
            ThreadReserve threadReserve,
            ExecutorService writers) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.limits = limits;
        this.threadReserve = threadReserve;
        this.decision = new EndDecision(clock, queue, limits.maxAttempts());
        this.waiters = new EndWaiters(store);
        this.writers = writers;
    }

    /** The threads that write ends, started already: when an attempt ends, the machine may have no more. */
    static ExecutorService startWriters() {
        ThreadPoolExecutor writers = new ThreadPoolExecutor(
                WRITERS,
                WRITERS,
                0,
                TimeUnit.SECONDS,
                // Each attempt is in it at most once.
                new LinkedBlockingQueue<>(),
                task -> new Thread(task, "tinderbox-completion"));
        writers.prestartAllCoreThreads();
        return writers;
    }

    /** Adds the attempt of a job that is about to be RUNNING and holds a slot. */
    Attempt add(Job running) {
        Attempt attempt = new Attempt(running, limits.maxResultBytes(), this::handOver);
        attempts.put(running.id(), attempt);
        return attempt;
    }

    /** Drops an attempt whose job did not become RUNNING after all. */
    void remove(Attempt attempt) {
        // Only this attempt: the job's next one may have started.
        attempts.remove(attempt.id(), attempt);
    }

    /** Ends a job that the last process left running or stopping and that does not run again, now or with a retry. */
    void endLeftOver(Job job) {
        Attempt attempt = Attempt.leftOver(job);
        attempts.put(job.id(), attempt);
        if (attempt.beginWriting()) {
            tryToWrite(attempt);
        }
    }

    /** Ends a job that waits; returns false if it is no longer at {@code pending}. */
    boolean cancelWaiting(Job pending, String by) {
        Job cancelled = pending.ended(new Outcome.Cancelled(by), clock.instant(), Duration.ZERO);
        if (!store.transition(pending, cancelled)) {
            return false;
        }
        queue.remove(pending.request());
        announceEnd(store.find(pending.id()).orElse(cancelled));
        return true;
    }

    /** Asks a running job to stop; returns false if it is no longer RUNNING at {@code job}. */
    boolean requestCancel(Job job, CancelRequest request) {
        if (!store.transition(job, job.cancelling(request))) {
            return false;
        }
        find(job.id()).ifPresent(attempt -> stop(attempt, request));
        return true;
    }

    private void stop(Attempt attempt, CancelRequest request) {
        if (attempt.stop(request.toString())) {
            forwardStop(attempt);
        }
    }

    /** Passes a request to stop on to the runner, if there is one; too early if the runner does not know the attempt. */
    void forwardStop(Attempt attempt) {
        if (attempt.state() == AttemptState.STOPPING) {
            runner.cancel(attempt.id(), attempt.stopReason());
        }
    }

    /** A future of the job once it has ended; empty if there is no such job. Cancel it to stop waiting. */
    Optional<CompletableFuture<Job>> whenEnded(JobId id) {
        return waiters.whenEnded(id);
    }

    /** Writes ends that are not written yet, and stops attempts that run too long, or all if the disk is almost full. */
    void watch(boolean diskBelowFloor) {
        retryWriting();
        queue.addDue();
        attempts.values().stream()
                .filter(attempt -> attempt.canStop() && attempt.backoff().isDue())
                .forEach(attempt -> watch(attempt, diskBelowFloor));
    }

    private void watch(Attempt attempt, boolean diskBelowFloor) {
        try {
            Optional<CancelRequest> request = store.find(attempt.id()).map(Job::cancel);
            if (request.isPresent()) {
                // The job is CANCELLING, but its attempt does not know yet: there was no memory to pass the request on.
                stop(attempt, request.get());
            } else if (diskBelowFloor) {
                requestCancel(attempt.job(), serverRequest(CancelRequest.Reason.DISK_FULL));
            } else if (attempt.duration().compareTo(limits.jobTimeout()) > 0) {
                requestCancel(attempt.job(), serverRequest(CancelRequest.Reason.TIMED_OUT));
            }
        } catch (RuntimeException | Error e) {
            if (attempt.backoff().failed()) {
                OomSafeLog.warn(LOG, "Job {} could not be stopped; it is tried again: {}", attempt.id(), e);
            }
        }
    }

    private CancelRequest serverRequest(CancelRequest.Reason reason) {
        return new CancelRequest("server", clock.instant(), reason);
    }

    /** Starts every write that is due; all of them if an outage has just ended. */
    private void retryWriting() {
        boolean isOutage = isOutage();
        if (wasOutage && !isOutage) {
            attempts.values().forEach(attempt -> attempt.backoff().makeDue());
        }
        wasOutage = isOutage;
        attempts.values().stream().filter(attempt -> attempt.backoff().isDue()).forEach(this::handOver);
    }

    private boolean isOutage() {
        try {
            return store.outage().isPresent();
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    /** Has the end of an attempt written by another thread. If none takes it, {@link #watch} tries again. */
    private void handOver(Attempt attempt) {
        if (!attempt.beginWriting()) {
            return;
        }
        try {
            writers.execute(() -> tryToWrite(attempt));
        } catch (RejectedExecutionException e) {
            attempt.writingFailed();
            LOG.warn("Job {} stopped only after the server had; the next start runs it again", attempt.id());
        } catch (Throwable e) {
            attempt.writingFailed();
            OomSafeLog.error(LOG, "The end of job {} found no thread; it is tried again", attempt.id(), e);
        }
    }

    private void tryToWrite(Attempt attempt) {
        try {
            write(attempt);
        } catch (Throwable e) {
            boolean first = attempt.backoff().failed();
            if (!StorageFailure.isTemporary(e)) {
                OomSafeLog.error(
                        LOG, "The end of job {} could not be written; it is tried again until it is", attempt.id(), e);
                // Every retry would fail too.
                attempt.end().failInternally();
            } else if (first && !isOutage()) {
                OomSafeLog.warn(
                        LOG,
                        "The end of job {} could not be written; it is tried again until it is: {}",
                        attempt.id(),
                        e);
            }
            attempt.writingFailed();
        }
    }

    /** Writes the end of an attempt, and frees its slot. If this throws, it can be called again. */
    private void write(Attempt attempt) {
        if (ResourceShortage.THREADS.equals(attempt.end().cause())) {
            threadReserve.release();
        }
        Job next = decision.next(attempt);
        try (JobLog log = attempt.log()) {
            decision.logEnd(attempt, next, log);
        }
        ProgressReport report = attempt.end().takeReport();
        if (report != null) {
            store.storeReport(attempt.job(), report);
        }
        change(attempt, next);
        // An earlier try may have changed the job before it failed, so the store knows best.
        follow(attempt, store.find(attempt.id()).orElse(next));
        attempt.committed();
        remove(attempt);
        queue.freeSlot(attempt.id());
    }

    private void change(Attempt attempt, Job next) {
        boolean changed = next.state() == JobState.SUCCEEDED
                ? store.publish(attempt.job(), next, attempt.end().result())
                : store.transition(attempt.job(), next);
        if (!changed) {
            // If the job was cancelled meanwhile, it ends as the request says, however the attempt ended.
            store.find(attempt.id())
                    .filter(now -> now.state() == JobState.CANCELLING)
                    .ifPresent(now -> store.transition(now, decision.asRequested(now, attempt)));
        }
    }

    /** Does what follows from the job's change. */
    private void follow(Attempt attempt, Job now) {
        if (now.state().isTerminal()) {
            announceEnd(now);
        } else if (now.state() == JobState.PENDING) {
            decision.queue(attempt);
        }
    }

    private void announceEnd(Job ended) {
        decision.forget(ended.id());
        waiters.complete(ended);
    }

    /** The attempt of a job, until its end is written. */
    Optional<Attempt> find(JobId id) {
        return Optional.ofNullable(attempts.get(id));
    }

    /** How many attempts hold a slot. */
    int activeCount() {
        return count(attempt -> !attempt.isLeftOver());
    }

    /** How many of them were asked to stop some time ago and still run. */
    int stuckCount() {
        return count(Attempt::isStuck);
    }

    private int count(Predicate<Attempt> filter) {
        return (int) attempts.values().stream().filter(filter).count();
    }

    /** From now on, the job of a lost attempt runs again after the next start of the server. */
    void leaveToNextStart() {
        decision.close();
    }

    /** Waits for the ends that are being written, then tries the others a last time; call this after closing the runner. */
    @Override
    public void close() {
        writers.shutdown();
        try {
            if (!writers.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Some ends were not written within {} s; the next start finds those jobs running",
                        STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        attempts.values().forEach(this::writeOrRollBack);
    }

    /** If the end cannot be written, the job runs again after the next start, and the attempt does not count. */
    private void writeOrRollBack(Attempt attempt) {
        if (!attempt.beginWriting()) {
            return;
        }
        tryToWrite(attempt);
        if (attempt.isLeftOver() || !attempt.beginWriting()) {
            return;
        }
        try {
            // This deletes the attempt's folder, which needs no space on the disk.
            store.transition(attempt.job(), attempt.job().rolledBack());
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "The next start will count the attempt of job {} as a crash", attempt.id(), e);
        }
    }
}
