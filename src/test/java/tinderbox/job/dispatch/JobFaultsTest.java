package tinderbox.job.dispatch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.ResourceShortage;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Submission;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeCatalog;
import tinderbox.support.FakeRunner;

/** Steps that should not fail do: each job must still end, and other jobs must not notice. */
class JobFaultsTest {
    private static final int ALWAYS = Integer.MAX_VALUE;
    private static final Limits LIMITS = someLimits().maxQueued(10).build();

    @TempDir
    Path dataDir;

    private FolderJobStore store;
    private StoreFaults storeFaults;
    private FakeRunner runner;
    private JobService jobs;

    @BeforeEach
    void open() throws IOException {
        store = new FolderJobStore(dataDir, Clock.systemUTC());
        storeFaults = new StoreFaults();
        runner = new FakeRunner();
        jobs = new JobService(storeFaults.on(store), runner, new FakeCatalog(), Clock.systemUTC(), LIMITS);
        jobs.start();
    }

    @AfterEach
    void close() {
        jobs.close();
        store.close();
    }

    private JobId submit() {
        return jobs.submit(new Submission("word-count", null, Map.of("input", "samples/a.txt"), "tester", null))
                .view()
                .job()
                .id();
    }

    private static OutOfMemoryError noMemory() {
        return new OutOfMemoryError("planted");
    }

    private static JobException diskFull() {
        return new JobException(ErrorCode.DISK_FULL, "The disk is full, planted", "");
    }

    private Job ended(JobId id) throws Exception {
        return jobs.whenEnded(id).get(30, TimeUnit.SECONDS);
    }

    @Test
    void jobsStartAfterAskingTheRunnerFailed() throws Exception {
        runner.failReadyOnce(noMemory());
        JobId id = submit();
        assertEquals(id, runner.next().id());
    }

    @Test
    void jobsStartAfterTheRunnerWasNotReady() throws Exception {
        runner.notReadyOnce();
        JobId id = submit();
        assertEquals(id, runner.next().id());
    }

    @Test
    void aJobThatHasLeftTheQueueIsStartedAgainIfStartingItFails() throws Exception {
        PendingQueue queue = new PendingQueue(LIMITS);
        BlockingQueue<JobId> started = new LinkedBlockingQueue<>();
        AtomicBoolean failed = new AtomicBoolean();
        JobRequest request = PendingQueueTest.request(1, "tester");
        JobId id = request.id();
        try (Dispatcher dispatcher = new Dispatcher(queue, runner, new DiskGuard(store, 0)::hasRoom, next -> {
            if (!failed.getAndSet(true)) {
                throw noMemory();
            }
            return started.add(next);
        })) {
            dispatcher.start();
            queue.add(request);
            assertEquals(id, started.poll(30, TimeUnit.SECONDS));
            queue.close();
        }
    }

    @Test
    void anAttemptThatRunsOutOfThreadsDoesNotCountAndIsRetried() throws Exception {
        runner.failStartOnce(new OutOfMemoryError("unable to create native thread: possibly out of memory"));
        JobId id = submit();
        FakeRunner.Started second = runner.next();
        assertEquals(id, second.id());
        assertEquals(1, second.attempt().job().attempt());
        second.attempt().ranOutOf(ResourceShortage.THREADS);
        FakeRunner.Started third = runner.next();
        assertEquals(1, third.attempt().job().attempt());
        third.succeed();
        assertEquals(JobState.SUCCEEDED, ended(id).state());
    }

    @Test
    void aSuccessSurvivesAnOutOfMemoryErrorWhileItIsWritten() throws Exception {
        storeFaults.fail("publish", noMemory(), 2);
        JobId id = submit();
        runner.next().succeed();
        assertEquals(JobState.SUCCEEDED, ended(id).state());
        assertEquals(1, jobs.artifacts().result(id).rows());
        submit();
        runner.next();
    }

    @Test
    void aCompletionThatCannotBeWrittenBeforeTheServerStopsCostsNoAttempt() throws Exception {
        storeFaults.fail("publish", diskFull(), ALWAYS);
        JobId id = submit();
        runner.next().succeed();
        await().until(() -> storeFaults.calls("publish") > 0);
        close();
        open();
        FakeRunner.Started again = runner.next();
        assertEquals(id, again.id());
        assertEquals(1, again.attempt().job().attempt());
    }

    @Test
    void aCompletionThatCanBeWrittenWhenTheServerStopsIsWritten() throws Exception {
        storeFaults.fail("publish", diskFull(), 1);
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        attempt.succeed();
        await().until(() -> storeFaults.calls("publish") > 0);
        close();
        open();
        assertEquals(JobState.SUCCEEDED, jobs.find(id).job().state());
    }

    @Test
    void aListenerThatThrowsDoesNotStopAJob() throws Exception {
        jobs.addListener(new JobListener() {
            @Override
            public void changed(Job job) {
                throw new IllegalStateException("planted");
            }

            @Override
            public void deleted(Job job) {
                throw new IllegalStateException("planted");
            }
        });
        JobId id = submit();
        runner.next().succeed();
        assertEquals(JobState.SUCCEEDED, ended(id).state());
    }
}
