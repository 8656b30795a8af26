package tinderbox.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts that run now: starts them, knows how long they have run, stops them, and ends their jobs. */
final class Attempts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(10);
    private static final Duration SET_BACK_FOR = Duration.ofSeconds(10);
    /** Ends wait for the disk, which flushes what several of them write at once. */
    private static final int FINISHERS = 8;

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final Endings endings;
    private final Limits limits;
    private final Map<JobId, Running> running = new ConcurrentHashMap<>();
    /** Ends that could not be written, with the disk full for one; the slot is held until they are. */
    private final Queue<Runnable> unwritten = new ConcurrentLinkedQueue<>();
    /** Jobs that could not be started; the others go first for a while. */
    private final Queue<SetBack> setBack = new ConcurrentLinkedQueue<>();
    /** Ends attempts: their own threads may be interrupted and must not touch the store. */
    private final ExecutorService finishers =
            Executors.newFixedThreadPool(FINISHERS, task -> new Thread(task, "tinderbox-finisher"));

    private volatile boolean closing;

    private record SetBack(JobId id, long sinceNanos) {}

    /** An attempt, and when it started and was asked to stop, by a clock that does not jump. */
    private static final class Running {
        private final Job job;
        private final long startedNanos = System.nanoTime();
        private volatile long stopNanos;
        private volatile boolean stopping;
        private volatile JobLog log;

        private Running(Job job) {
            this.job = job;
        }

        private Duration ran() {
            return Duration.ofNanos(System.nanoTime() - startedNanos);
        }

        private boolean isStuck() {
            return stopping && System.nanoTime() - stopNanos > STUCK_AFTER.toNanos();
        }
    }

    Attempts(JobStore store, JobRunner runner, Clock clock, PendingQueue queue, Endings endings, Limits limits) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.endings = endings;
        this.limits = limits;
    }

    /**
     * Starts the next attempt of a job for which a slot was taken; gives the slot back where the job is gone.
     *
     * @return false where it could not be started now and waits again
     */
    boolean start(JobId id) {
        Optional<Job> job;
        try {
            job = toRunning(id);
        } catch (RuntimeException | Error e) {
            LOG.error("Job {} could not be started; it is tried again in a while", id, e);
            setBack.add(new SetBack(id, System.nanoTime()));
            queue.freeSlot();
            return false;
        }
        if (job.isEmpty()) {
            queue.freeSlot();
            return true;
        }
        Running it = new Running(job.get());
        running.put(id, it);
        boolean launched = launch(it);
        // Whoever asked the job to stop before the runner knew of it could not tell the runner.
        store.find(id).filter(now -> now.state() == JobState.CANCELLING).ifPresent(now -> tellToStop(it, now.cancel()));
        return launched;
    }

    private Optional<Job> toRunning(JobId id) {
        return store.find(id).filter(job -> job.state() == JobState.PENDING).flatMap(pending -> {
            Job started = pending.started(clock.instant());
            return store.transition(pending, started) ? Optional.of(started) : Optional.empty();
        });
    }

    /** Answers false where the runner takes nothing now and the job waits again. */
    private boolean launch(Running it) {
        JobLog log = null;
        try {
            log = store.openLog(it.job, limits.maxLogBytes());
            it.log = log;
            log.info("Attempt " + it.job.attempt() + " of " + limits.maxAttempts() + " starts");
            runner.start(
                    new JobRunner.Attempt(it.job, store.attemptFolder(it.job), log, limits.maxResultBytes()),
                    new Completion(it, log));
            return true;
        } catch (RuntimeException | IOException | Error e) {
            boolean notReady = e instanceof JobException refused && refused.code() == ErrorCode.NOT_READY;
            if (notReady) {
                log.warn(e.getMessage() + "; the job waits again");
            } else {
                LOG.error("Job {} could not be started", it.job.id(), e);
            }
            if (log != null) {
                log.close();
            }
            over(it, notReady ? this::putBack : this::endInternal, clock.instant(), Duration.ZERO);
            return !notReady;
        }
    }

    private boolean endInternal(Job job, Instant at, Duration ran) {
        return endings.end(job, internal(), at, ran);
    }

    private static Outcome internal() {
        return new Outcome.Failed(new Failure(
                ErrorCode.INTERNAL,
                "The server could not run the job",
                "the server's log has the whole story; run the job again"));
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
            log.info("Result: rows " + result.rows() + ", bytes " + result.bytes());
            finish(report, (job, at, ran) -> endings.publish(job, result, at, ran));
        }

        @Override
        public void failed(Failure failure, ProgressReport report) {
            finish(report, (job, at, ran) -> endings.end(job, new Outcome.Failed(failure), at, ran));
        }

        @Override
        public void lost() {
            log.warn(closing ? "The server shuts down" : "Spark died under the job");
            finish(null, Attempts.this::giveBack);
        }

        private void finish(ProgressReport report, Ending ending) {
            log.close();
            Instant at = clock.instant();
            Duration ran = it.ran();
            try {
                finishers.execute(() -> {
                    try {
                        if (report != null) {
                            store.keep(it.job, report);
                        }
                    } finally {
                        over(it, ending, at, ran);
                    }
                });
            } catch (RejectedExecutionException e) {
                LOG.warn("Job {} stopped only after the server had; the next start runs it again", it.job.id());
            }
        }
    }

    /** Has a job wait again whose attempt never began, as if it had not been taken out of the queue. */
    private boolean putBack(Job job, Instant at, Duration ran) {
        if (!store.transition(job, job.withdrawn())) {
            return false;
        }
        queue.add(job.request().seq(), job.id());
        return true;
    }

    /** Has a job wait again whose attempt was taken from it. */
    private boolean giveBack(Job job, Instant at, Duration ran) {
        if (closing) {
            return store.transition(job, job.withdrawn());
        }
        if (job.attempt() >= limits.maxAttempts()) {
            return endings.end(job, new Outcome.Failed(crashed(job)), at, ran);
        }
        if (!store.transition(job, job.requeued())) {
            return false;
        }
        queue.addAlone(job.request().seq(), job.id());
        return true;
    }

    /** Why a job fails that was there at every crash. */
    static Failure crashed(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server or its Spark session died while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    /** One way for an attempt to end; answers false where the job has moved meanwhile. */
    private interface Ending {
        boolean tryOn(Job job, Instant at, Duration ran);
    }

    /**
     * Ends an attempt; whatever it brought, a job that was asked to stop ends as it was asked to. When it ended and how
     * long it ran stay as they were, however often this is tried.
     */
    private void over(Running it, Ending ending, Instant at, Duration ran) {
        JobId id = it.job.id();
        try {
            if (!ending.tryOn(it.job, at, ran)) {
                store.find(id)
                        .filter(job -> job.state() == JobState.CANCELLING)
                        .ifPresent(job -> endings.end(job, job.cancel().outcome(), at, ran));
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The end of job {} could not be written; it is tried again until it is", id, e);
            // Only a disk can get better; what cannot be written for another reason ends in words of ours.
            boolean disk = e instanceof UncheckedIOException
                    || (e instanceof JobException full && full.code() == ErrorCode.DISK_FULL);
            unwritten.add(() -> over(it, disk ? ending : this::endInternal, at, ran));
            return;
        }
        running.remove(id);
        queue.freeSlot();
    }

    /** Ends a job that the last process left without an attempt; where that fails, later. */
    void endLeftOver(Job job, Outcome outcome) {
        Instant at = clock.instant();
        try {
            endings.end(job, outcome, at, Duration.ZERO);
        } catch (RuntimeException e) {
            LOG.error("The end of job {} could not be written; it is tried again until it is", job.id(), e);
            unwritten.add(() -> endLeftOver(job, outcome));
        }
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
        for (int left = unwritten.size(); left > 0; left--) {
            Runnable end = unwritten.poll();
            if (end != null) {
                finishers.execute(end);
            }
        }
        for (int left = setBack.size(); left > 0; left--) {
            SetBack next = setBack.poll();
            if (next != null && System.nanoTime() - next.sinceNanos() > SET_BACK_FOR.toNanos()) {
                store.find(next.id())
                        .filter(job -> job.state() == JobState.PENDING)
                        .ifPresent(job -> queue.add(job.request().seq(), job.id()));
            } else if (next != null) {
                setBack.add(next);
            }
        }
        running.values().stream().filter(it -> !it.stopping).forEach(it -> watch(it, diskBelowFloor));
    }

    private void watch(Running it, boolean diskBelowFloor) {
        try {
            if (diskBelowFloor) {
                stop(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.DISK_FULL));
            } else if (it.ran().compareTo(limits.jobTimeout()) > 0) {
                stop(it.job, new CancelRequest("server", clock.instant(), CancelRequest.Reason.TIMED_OUT));
            }
        } catch (RuntimeException e) {
            LOG.error("Job {} could not be stopped; it is tried again", it.job.id(), e);
        }
    }

    /** How long the running attempt of a job has run; zero where none runs. */
    Duration ran(JobId id) {
        Running it = running.get(id);
        return it == null ? Duration.ZERO : it.ran();
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
        finishers.shutdown();
        try {
            if (!finishers.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn(
                        "Some ends were not written within {} s; the next start finds those jobs running",
                        STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
