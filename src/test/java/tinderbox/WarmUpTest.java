package tinderbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.DataDir;

class WarmUpTest {
    @TempDir
    private Path folder;

    private final HeldRunner runner = new HeldRunner();
    private DataDir dataDir;
    private Path scratch;
    private JobTypes types;

    /** Takes one attempt, and leaves it to the test. */
    private static final class HeldRunner implements JobRunner {
        private final CountDownLatch asked = new CountDownLatch(1);
        private boolean ready = true;
        private Attempt attempt;
        private CompletionListener done;

        @Override
        public boolean awaitReady() {
            return ready;
        }

        @Override
        public void start(Attempt started, CompletionListener told) {
            attempt = started;
            done = told;
            asked.countDown();
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
        public void close() {}
    }

    @BeforeEach
    void open() throws Exception {
        dataDir = DataDir.open(folder.resolve("data"));
        scratch = dataDir.path().resolve("warm-up");
        Path samples = dataDir.path().resolve("samples");
        SampleData.extract(samples);
        types = new JobTypes(
                new Datasets(Map.of("samples", samples), new InputLimits(1 << 30, 200)), JobTypes.builtIn());
    }

    @AfterEach
    void close() {
        dataDir.close();
    }

    private WarmUp begun(boolean idle) {
        WarmUp warmUp = new WarmUp(dataDir, runner, types, Clock.systemUTC(), () -> idle);
        warmUp.start();
        return warmUp;
    }

    private void awaitAttempt() throws InterruptedException {
        assertTrue(runner.asked.await(30, TimeUnit.SECONDS));
    }

    @Test
    void countsTheSampleBookInAFolderOfItsOwn() throws Exception {
        WarmUp warmUp = begun(true);
        awaitAttempt();
        warmUp.close();
        assertEquals(
                "samples/moby-dick.txt", runner.attempt.job().request().params().get("input"));
        assertEquals(scratch, runner.attempt.folder());
        assertTrue(Files.isDirectory(scratch));
    }

    @Test
    void leavesNothingBehindWhereItSucceeds() throws Exception {
        assertLeavesNothing(done -> done.succeeded(null, null));
    }

    @Test
    void leavesNothingBehindWhereItFails() throws Exception {
        assertLeavesNothing(done -> done.failed(new Failure(ErrorCode.JOB_ERROR, "it failed", ""), null));
    }

    @Test
    void leavesNothingBehindWhereTheServerStops() throws Exception {
        assertLeavesNothing(JobRunner.CompletionListener::lost);
    }

    private void assertLeavesNothing(Consumer<JobRunner.CompletionListener> end) throws Exception {
        Files.createDirectories(scratch.resolve("left by a crash"));
        WarmUp warmUp = begun(true);
        awaitAttempt();
        warmUp.close();
        end.accept(runner.done);
        assertFalse(Files.exists(scratch));
    }

    @Test
    void doesNothingWhereAJobWaits() throws Exception {
        begun(false).close();
        assertNull(runner.attempt);
        assertFalse(Files.exists(scratch));
    }

    @Test
    void doesNothingWhereSparkNeverCame() throws Exception {
        runner.ready = false;
        begun(true).close();
        assertNull(runner.attempt);
    }
}
