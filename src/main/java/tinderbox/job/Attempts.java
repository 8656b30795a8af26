package tinderbox.job;

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

/** The attempts that run now: starts them, knows how long they have run, stops them, and ends their jobs. */
final class Attempts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
    private static final Duration SET_BACK_FOR = Duration.ofSeconds(10);
    private static final Duration AFTER_SHORTAGE = Duration.ofSeconds(1);

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final Finishers finishers;
    private final Limits limits;
    private final Map<JobId, Running> running = new ConcurrentHashMap<>();
    /** Jobs that could not be started; the others go first for a while. */
    private final Queue<SetBack> setBack = new ConcurrentLinkedQueue<>();

    private final Finishers.Ending putBack = this::putBack;
    private final Finishers.Ending putBackLater = this::putBackLater;
    private final Shortages shortages = new Shortages();
    private final ThreadReserve threads;
    private volatile boolean closing;

    private record SetBack(JobId id, long dueNanos) {}

    /** An attempt, and when it started and was asked to stop, by a clock that does not jump. */
    private final class Running {
        private final Job job;
        private final Finishers.End end;
        private final long startedNanos = System.nanoTime();
        private final Backoff backoff = new Backoff();
        private volatile long stopNanos;
        private volatile boolean stopping;
        private volatile JobLog log;
        private volatile Warnings warnings;

        private Running(Job job) {
            this.job = job;
            this.end = finishers.ofAttempt(job, this::release);
        }

        private void release() {
            // This one only: the job's next attempt may have started.
            running.remove(job.id(), this);
            queue.freeSlot(job.id());
        }

        private Duration ran() {
            return Duration.ofNanos(System.nanoTime() - startedNanos);
        }

        private boolean isStuck() {
            return stopping && System.nanoTime() - stopNanos > STUCK_AFTER.toNanos();
        }
    }

    Attempts(
            JobStore store,
            JobRunner runner,
            Clock clock,
            PendingQueue queue,
            Endings endings,
            Limits limits,
            ThreadReserve threads) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.finishers = new Finishers(store, endings, clock);
        this.limits = limits;
        this.threads = threads;
    }

    /**
     * Starts the next attempt of a job for which a slot was taken; gives the slot back where the job is gone.
     *
     * @return false where it could not be started now and waits again
     */
    boolean start(JobId id) {
        Running it;
        try {
            it = toRunning(id);
        } catch (RuntimeException | Error e) {
            if (StorageFailure.passes(e)) {
                SafeLog.warn(LOG, "Job {} could not be started; it is tried again in a while: {}", id, e);
            } else {
                SafeLog.error(LOG, "Job {} could not be started; it is tried again in a while", id, e);
            }
            setBack.add(new SetBack(id, System.nanoTime() + SET_BACK_FOR.toNanos()));
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
    private Running toRunning(JobId id) {
        Job pending = store.find(id).orElse(null);
        if (pending == null || pending.state() != JobState.PENDING) {
            return null;
        }
        // Before the job is seen to run: from then on there must be one that can end it.
        Running it = new Running(pending.started(clock.instant()));
        boolean moved = false;
        try {
            running.put(id, it);
            finishers.expect(it.end);
            moved = store.transition(pending, it.job);
        } finally {
            if (!moved) {
                running.remove(id, it);
                finishers.forget(it.end);
            }
        }
        return moved ? it : null;
    }

    /** Answers false where the runner takes nothing now and the job waits again; never throws. */
    private boolean launch(Running it) {
        try {
            JobLog log = store.openLog(it.job, limits.maxLogBytes());
            it.log = log;
            it.warnings = new Warnings(log);
            log.info("Attempt " + it.job.attempt() + " of " + limits.maxAttempts() + " starts");
            runner.start(
                    new JobRunner.Attempt(
                            it.job, store.attemptFolder(it.job), log, it.warnings, limits.maxResultBytes()),
                    new Completion(it, log));
        } catch (Throwable e) {
            return unbegun(it, e);
        }
        // Whoever asked the job to stop before the runner knew of it could not tell the runner.
        try {
            store.find(it.job.id())
                    .filter(now -> now.state() == JobState.CANCELLING)
                    .ifPresent(now -> tellToStop(it, now.cancel()));
        } catch (RuntimeException | Error e) {
            SafeLog.error(LOG, "Job {} may not know that it was asked to stop", it.job.id(), e);
        }
        return true;
    }

    private void outOf(String missing) {
        if (missing.equals(Shortage.THREADS)) {
            threads.giveUp();
        }
    }

    private boolean unbegun(Running it, Throwable why) {
        boolean notReady = why instanceof JobException refused && refused.code() == ErrorCode.NOT_READY;
        Optional<String> missing = Shortage.of(why);
        boolean isOutage = missing.isEmpty() && isOutage(why);
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
            SafeLog.error(LOG, "Job {} could not be started, nor all told of it", it.job.id(), e);
        }
        if (notReady) {
            it.end.unbegun(putBack);
        } else if (missing.isPresent()) {
            outOf(missing.get());
            it.end.unbegun(putBackLater);
        } else if (isOutage) {
            it.end.unbegun(putBackLater);
        } else {
            it.end.unbegun();
        }
        return !notReady && missing.isEmpty() && !isOutage;
    }

    /** Whether the job could not be started for want of a disk, which nothing about the job can change. */
    private boolean isOutage(Throwable why) {
        try {
            return StorageFailure.isFull(why)
                    || (why instanceof IOException && store.outageNow().isPresent());
        } catch (RuntimeException | Error e) {
            return false;
        }
    }

    private final class Completion implements JobRunner.Completion {
        private final Running it;
        private final JobLog log;

        private Completion(Running it, JobLog log) {
            this.it = it;
            this.log = log;
        }

        @Override
        public void succeeded(JobResult result, ProgressReport report) {
            shortages.forget(it.job.id());
            log.info("Result: rows " + result.rows() + ", bytes " + result.bytes());
            finish(report, end -> end.publish(result));
        }

        @Override
        public void failed(Failure failure, ProgressReport report) {
            shortages.forget(it.job.id());
            Failure shown = new Failure(failure.code(), log.redacted(failure.message()), log.redacted(failure.hint()));
            finish(report, end -> end.endAs(new Outcome.Failed(shown)));
        }

        @Override
        public void ranShort(String of) {
            Optional<Failure> hopeless = shortages.failure(it.job.id(), of);
            if (hopeless.isPresent()) {
                failed(hopeless.get(), null);
                return;
            }
            outOf(of);
            log.warn("The machine ran out of " + of + "; the attempt does not count, and the job runs again");
            finish(null, putBackLater);
        }

        @Override
        public void lost() {
            log.warn(closing ? "The server shuts down" : "Spark died under the job");
            finish(null, Attempts.this::giveBack);
        }

        private void finish(ProgressReport report, Finishers.Ending ending) {
            log.close();
            it.end.over(ending, it.ran(), report, it.warnings.toList());
        }
    }

    /** Has a job wait again whose attempt never began, as if it had not been taken out of the queue. */
    private boolean putBack(Finishers.End end) {
        Job waiting = end.job().withdrawn();
        if (!toWaiting(end.job(), waiting)) {
            return false;
        }
        queue.add(waiting.request().seq(), waiting.id());
        return true;
    }

    /** The same after a while: the machine had too little of something for it. */
    private boolean putBackLater(Finishers.End end) {
        Job waiting = end.job().withdrawn();
        if (!toWaiting(end.job(), waiting)) {
            return false;
        }
        setBack.add(new SetBack(waiting.id(), System.nanoTime() + AFTER_SHORTAGE.toNanos()));
        return true;
    }

    /** Has a job wait again whose attempt was taken from it. */
    private boolean giveBack(Finishers.End end) {
        Job job = end.job();
        if (closing) {
            return store.transition(job, job.withdrawn());
        }
        if (job.attempt() >= limits.maxAttempts()) {
            return end.endAs(new Outcome.Failed(crashed(job)));
        }
        if (!toWaiting(job, job.requeued())) {
            return false;
        }
        queue.addAlone(job.request().seq(), job.id());
        return true;
    }

    /** True also where an earlier try of the same end got that far and failed then. */
    private boolean toWaiting(Job job, Job waiting) {
        return store.transition(job, waiting)
                || store.find(job.id()).filter(waiting::isSameVersionAs).isPresent();
    }

    /** Why a job fails that was there at every crash. */
    static Failure crashed(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server or its Spark session died while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    /** Ends a job that the last process left without an attempt; where that fails, later. */
    void endLeftOver(Job job, Outcome outcome) {
        finishers.endLeftOver(job, outcome);
    }

    /** Asks a running job to stop; false where it is no longer RUNNING at {@code job}. */
    boolean stop(Job job, CancelRequest request) {
        if (!store.transition(job, job.cancelling(request))) {
            return false;
        }
        Running it = running.get(job.id());
        if (it != null) {
            tellToStop(it, request);
        }
        return true;
    }

    private void tellToStop(Running it, CancelRequest request) {
        if (!it.stopping) {
            it.stopNanos = System.nanoTime();
            it.stopping = true;
        }
        runner.cancel(it.job.id(), request.toString());
    }

    /** Stops what has run too long, or all that runs where the disk asks for it, and tries again what failed. */
    void watch(boolean diskBelowFloor) {
        finishers.tryAgain();
        setBack.removeIf(this::isQueuedAgain);
        running.values().stream()
                .filter(it -> !it.stopping && it.backoff.isDue())
                .forEach(it -> watch(it, diskBelowFloor));
    }

    private boolean isQueuedAgain(SetBack it) {
        if (System.nanoTime() - it.dueNanos() < 0) {
            return false;
        }
        store.find(it.id())
                .filter(job -> job.state() == JobState.PENDING)
                .ifPresentOrElse(job -> queue.add(job.request().seq(), job.id()), () -> shortages.forget(it.id()));
        return true;
    }

    private void watch(Running it, boolean diskBelowFloor) {
        try {
            if (diskBelowFloor) {
                stop(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.DISK_FULL));
            } else if (it.ran().compareTo(limits.jobTimeout()) > 0) {
                stop(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.TIMED_OUT));
            }
        } catch (RuntimeException | Error e) {
            if (it.backoff.failed()) {
                SafeLog.warn(LOG, "Job {} could not be stopped; it is tried again: {}", it.job.id(), e);
            }
        }
    }

    /** How long the running attempt of a job has run; zero where none runs. */
    Duration ran(JobId id) {
        Running it = running.get(id);
        return it == null ? Duration.ZERO : it.ran();
    }

    /** What the running attempt of a job warns of; nothing where none runs. */
    List<String> warnings(JobId id) {
        Running it = running.get(id);
        Warnings warnings = it == null ? null : it.warnings;
        return warnings == null ? List.of() : warnings.toList();
    }

    /** The log of the running attempt of a job; empty where none runs. */
    Optional<JobLog> log(JobId id) {
        return Optional.ofNullable(running.get(id)).map(it -> it.log);
    }

    /** How many attempts hold a slot. */
    int count() {
        return running.size();
    }

    /** How many of them were asked to stop and do not. */
    int stuck() {
        return (int) running.values().stream().filter(Running::isStuck).count();
    }

    /** From now on, an attempt that is taken from its job leaves the job to the next start of the server. */
    void leaveToNextStart() {
        closing = true;
    }

    /** Waits for the ends that are being written; call after the runner has been closed. */
    @Override
    public void close() {
        finishers.close();
    }
}
