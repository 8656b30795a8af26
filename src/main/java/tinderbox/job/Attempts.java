package tinderbox.job;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts that run now: starts them, knows how long they have run, and ends their jobs. */
final class Attempts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final int FINISHERS = 2;

    private final JobStore store;
    private final JobRunner runner;
    private final Clock clock;
    private final PendingQueue queue;
    private final Endings endings;
    private final int maxAttempts;
    /** When they started, by a clock that does not jump. */
    private final Map<JobId, Long> startedNanos = new ConcurrentHashMap<>();
    /** Ends them: their own threads may be interrupted and must not touch the store. */
    private final ExecutorService finishers =
            Executors.newFixedThreadPool(FINISHERS, task -> new Thread(task, "tinderbox-finisher"));

    private volatile boolean closing;

    Attempts(JobStore store, JobRunner runner, Clock clock, PendingQueue queue, Endings endings, int maxAttempts) {
        this.store = store;
        this.runner = runner;
        this.clock = clock;
        this.queue = queue;
        this.endings = endings;
        this.maxAttempts = maxAttempts;
    }

    /** Starts the next attempt of a job for which a slot was taken; gives the slot back where the job is gone. */
    void start(JobId id) {
        Optional<Job> running = toRunning(id);
        if (running.isEmpty()) {
            queue.freeSlot();
            return;
        }
        startedNanos.put(id, System.nanoTime());
        try {
            launch(running.get());
        } catch (RuntimeException | IOException e) {
            LOG.error("Job {} could not be started", id, e);
            Failure failure = new Failure(
                    ErrorCode.INTERNAL, "The server could not start the job", "the server's log has the whole story");
            over(running.get(), job -> endings.end(job, new Outcome.Failed(failure), ran(id)));
        }
    }

    private Optional<Job> toRunning(JobId id) {
        try {
            return store.find(id).filter(job -> job.state() == JobState.PENDING).flatMap(pending -> {
                Job running = pending.started(clock.instant());
                return store.transition(pending, running) ? Optional.of(running) : Optional.empty();
            });
        } catch (RuntimeException e) {
            LOG.error("Job {} could not be started; it waits for the next start of the server", id, e);
            return Optional.empty();
        }
    }

    private void launch(Job running) throws IOException {
        JobLog log = store.openLog(running);
        log.info("Attempt " + running.attempt() + " of " + maxAttempts + " starts");
        runner.start(new JobRunner.Attempt(running, store.attemptFolder(running), log), new Completion(running, log));
    }

    private final class Completion implements JobRunner.Completion {
        private final Job running;
        private final JobLog log;

        private Completion(Job running, JobLog log) {
            this.running = running;
            this.log = log;
        }

        @Override
        public void succeeded(JobResult result) {
            log.info("Result: rows " + result.rows() + ", bytes " + result.bytes());
            finish(job -> publish(job, result));
        }

        @Override
        public void failed(Failure failure) {
            finish(job -> endings.end(job, new Outcome.Failed(failure), ran(job.id())));
        }

        private void finish(Ending ending) {
            log.close();
            finishers.execute(() -> over(running, ending));
        }
    }

    private boolean publish(Job running, JobResult result) {
        try {
            return endings.publish(running, result, ran(running.id()));
        } catch (JobException e) {
            return endings.end(running, new Outcome.Failed(e.toFailure()), ran(running.id()));
        }
    }

    /** One way for an attempt to end; answers false where the job has moved meanwhile. */
    private interface Ending {
        boolean tryOn(Job job);
    }

    /** Ends an attempt; whatever it brought, a job that was asked to stop ends as it was asked to. */
    private void over(Job running, Ending ending) {
        JobId id = running.id();
        try {
            if (!closing && !ending.tryOn(running)) {
                store.find(id)
                        .filter(job -> job.state() == JobState.CANCELLING)
                        .ifPresent(job -> endings.end(job, job.cancel().outcome(), ran(id)));
            }
        } catch (RuntimeException e) {
            LOG.error("The end of job {} could not be kept; the next start runs it again", id, e);
        } finally {
            startedNanos.remove(id);
            queue.freeSlot();
        }
    }

    /** How long the running attempt of a job has run; zero where none runs. */
    Duration ran(JobId id) {
        Long since = startedNanos.get(id);
        return since == null ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    /** Leaves every job as it stands from now on. */
    void leaveAll() {
        closing = true;
    }

    /** Waits for the ends that are being written; call after the runner has been closed. */
    @Override
    public void close() {
        finishers.shutdown();
        try {
            if (!finishers.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Some attempts did not end within {} s", STOP_WITHIN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
