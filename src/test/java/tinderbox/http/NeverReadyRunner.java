package tinderbox.http;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.JobRunner;

/** A runner that is never ready, as while Spark starts. */
final class NeverReadyRunner implements JobRunner {
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public boolean awaitReady() {
        try {
            closed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    @Override
    public void start(Attempt attempt, CompletionListener done) {
        throw new AssertionError("nothing starts before the runner is ready");
    }

    @Override
    public void cancel(JobId id, String why) {}

    @Override
    public Optional<Progress> progress(JobId id) {
        return Optional.empty();
    }

    @Override
    public Optional<ProgressReport> report(JobId id) {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
