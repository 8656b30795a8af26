package tinderbox.support;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;

/** A runner that runs nothing: the test decides when and how each attempt ends. */
public final class FakeRunner implements JobRunner {
    private static final Progress FAKED = new Progress("faking", 0, 0, 0, 0, 0, null, null, null, 0, 0);

    /** The jobs that were asked to stop. */
    public final List<JobId> cancelled = new CopyOnWriteArrayList<>();

    private final BlockingQueue<Started> started = new LinkedBlockingQueue<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final AtomicReference<Error> readyFailure = new AtomicReference<>();
    private final AtomicReference<Error> startFailure = new AtomicReference<>();
    private final AtomicReference<Runnable> beforeStart = new AtomicReference<>(() -> {});
    private final AtomicBoolean notReady = new AtomicBoolean();
    private final AtomicBoolean progressFails = new AtomicBoolean();
    private final Map<JobId, Started> running = new ConcurrentHashMap<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private boolean neverReady;

    /** A runner that is not ready until it is closed, as while Spark starts. */
    public static FakeRunner neverReady() {
        FakeRunner runner = new FakeRunner();
        runner.neverReady = true;
        return runner;
    }

    /** An attempt that waits for the test to end it. */
    public record Started(Attempt attempt) {
        /** The id of its job. */
        public JobId id() {
            return attempt.job().id();
        }

        /** Ends it with a result of one row. */
        public void succeed() throws IOException {
            try (ResultWriter writer =
                    new ResultWriter(attempt.folder(), List.of(Column.string("word")), attempt.maxResultBytes())) {
                writer.row(List.of("done"));
                attempt.succeeded(writer.finish(Map.of("words", 1L)), report());
            }
        }

        /** Ends it as failed. */
        public void fail(String message) {
            attempt.failed(new Failure(ErrorCode.JOB_ERROR, message, ""), report());
        }

        private ProgressReport report() {
            return new ProgressReport(attempt.job().attempt(), FAKED, List.of(), 0, null);
        }
    }

    /** The next attempt, once it has been started. */
    public Started next() throws InterruptedException {
        Started next = started.poll(30, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("no attempt was started");
        }
        return next;
    }

    /** Whether an attempt has started that {@link #next} has not returned. */
    public boolean hasNext() {
        return !started.isEmpty();
    }

    /** Refuses the next attempts, as if Spark had just died. */
    public void refuse(int times) {
        refusals.set(times);
    }

    /** Makes the next {@link #awaitReady} throw. */
    public void failReadyOnce(Error error) {
        readyFailure.set(error);
    }

    /** Makes the next {@link #start} throw. */
    public void failStartOnce(Error error) {
        startFailure.set(error);
    }

    /** Runs this when the next attempt is handed over, before the runner knows it. */
    public void beforeNextStart(Runnable step) {
        beforeStart.set(step);
    }

    /** Makes the next {@link #awaitReady} return false. */
    public void notReadyOnce() {
        notReady.set(true);
    }

    /** Makes the next {@link #progress} throw. */
    public void failProgressOnce() {
        progressFails.set(true);
    }

    @Override
    public boolean awaitReady() {
        if (neverReady) {
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }
        Error next = readyFailure.getAndSet(null);
        if (next != null) {
            throw next;
        }
        return !notReady.getAndSet(false);
    }

    @Override
    public void start(Attempt attempt) {
        Error next = startFailure.getAndSet(null);
        if (next != null) {
            throw next;
        }
        if (refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new JobException(ErrorCode.NOT_READY, "Spark has just stopped", "");
        }
        beforeStart.getAndSet(() -> {}).run();
        Started accepted = new Started(attempt);
        running.put(attempt.job().id(), accepted);
        started.add(accepted);
    }

    @Override
    public void cancel(JobId id, String reason) {
        cancelled.add(id);
    }

    @Override
    public Optional<Progress> progress(JobId id) {
        if (progressFails.getAndSet(false)) {
            throw new IllegalStateException("the test wants it so");
        }
        return Optional.ofNullable(running.get(id)).map(attempt -> FAKED);
    }

    @Override
    public Optional<ProgressReport> report(JobId id) {
        return Optional.ofNullable(running.get(id)).map(Started::report);
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
