package tinderbox.job.dispatch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.ThreadReserve;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeRunner;

/** The owner of all attempts, on a real store and without a watchdog: the test is the watchdog. */
class AttemptSupervisorTest {
    private static final CancelRequest REQUEST =
            new CancelRequest("tester", Instant.EPOCH, CancelRequest.Reason.REQUESTED);

    @TempDir
    Path dataDir;

    private final Clock clock = Clock.systemUTC();
    private final Limits limits = someLimits().build();
    private final PendingQueue queue = new PendingQueue(limits);
    private final ThreadReserve threads = new ThreadReserve();
    private final FakeRunner runner = new FakeRunner();
    private final AtomicBoolean noThread = new AtomicBoolean();
    private final StoreFaults storeFaults = new StoreFaults();
    private FolderJobStore folders;
    private JobStore store;
    private AttemptSupervisor attempts;
    private AttemptStarter starter;

    @BeforeEach
    void open() throws IOException {
        folders = new FolderJobStore(dataDir, clock);
        store = storeFaults.on(folders);
        attempts = new AttemptSupervisor(store, runner, clock, queue, limits, threads, new Writers());
        starter = new AttemptStarter(store, runner, clock, queue, attempts, limits, threads);
    }

    @AfterEach
    void close() {
        attempts.close();
        folders.close();
        threads.close();
    }

    /** One thread, that the test can take away. */
    private final class Writers extends ThreadPoolExecutor {
        Writers() {
            super(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(10));
        }

        @Override
        public void execute(Runnable task) {
            if (noThread.get()) {
                throw new OutOfMemoryError("unable to create native thread, planted");
            }
            super.execute(task);
        }
    }

    private Job accepted() {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "no-op",
                "name",
                true,
                Map.of(),
                List.of(),
                "",
                "tester",
                clock.instant(),
                null,
                null));
        store.accept(job);
        queue.add(job.request());
        return job;
    }

    private Attempt started() throws InterruptedException {
        accepted();
        assertTrue(starter.start(queue.poll()));
        return runner.next().attempt();
    }

    private Job job(JobId id) {
        return store.find(id).orElseThrow();
    }

    @Test
    void anEndThatNoThreadTakesIsWrittenOnceThereIsOne() throws Exception {
        Attempt attempt = started();
        CompletableFuture<Job> waiter = attempts.whenEnded(attempt.id()).orElseThrow();
        noThread.set(true);
        attempt.lost();
        attempts.watch(false);
        assertEquals(AttemptState.REPORTING, attempt.state());
        assertEquals(JobState.RUNNING, job(attempt.id()).state());
        accepted();
        assertEquals(null, queue.poll(), "the attempt keeps its slot");

        noThread.set(false);
        attempts.watch(false);

        await().until(() -> attempts.activeCount() == 0);
        assertEquals(AttemptState.COMMITTED, attempt.state());
        assertEquals(JobState.PENDING, job(attempt.id()).state());
        assertEquals(attempt.id(), queue.poll());
        assertFalse(waiter.isDone());
    }

    @Test
    void anEndThatWasWrittenBeforeAFailureIsNotWrittenAgainAndReachesWhoWaits() throws Exception {
        Attempt attempt = started();
        CompletableFuture<Job> waiter = attempts.whenEnded(attempt.id()).orElseThrow();
        storeFaults.fail("find", new OutOfMemoryError("planted"), 1);
        attempt.failed(AttemptEnd.INTERNAL, null);
        await().until(() -> {
            attempts.watch(false);
            return waiter.isDone();
        });
        assertEquals(JobState.FAILED, waiter.get().state());
        await().until(() -> attempt.state() == AttemptState.COMMITTED);
    }

    @Test
    void aCancelThatComesBeforeTheRunnerKnowsTheAttemptReachesIt() throws Exception {
        Job job = accepted();
        runner.beforeNextStart(() -> attempts.requestCancel(job(job.id()), REQUEST));
        starter.start(queue.poll());
        Attempt attempt = runner.next().attempt();
        assertEquals(AttemptState.STOPPING, attempt.state());
        assertEquals(List.of(job.id(), job.id()), runner.cancelled, "too early, then again");
        attempt.failed(AttemptEnd.INTERNAL, null);
        await().until(() -> job(job.id()).state() == JobState.CANCELLED);
    }

    @Test
    void aCancelThatDidNotReachTheAttemptIsPassedOnLater() throws Exception {
        Attempt attempt = started();
        store.transition(attempt.job(), attempt.job().cancelling(REQUEST));
        attempts.watch(false);
        attempts.watch(false);
        assertEquals(AttemptState.STOPPING, attempt.state());
        assertEquals(List.of(attempt.id()), runner.cancelled);
    }

    @Test
    void aCancelledEndIsNotStoppedAgain() throws Exception {
        Attempt attempt = started();
        storeFaults.fail("transition", new JobException(ErrorCode.DISK_FULL, "planted", ""), 1);
        attempt.failed(AttemptEnd.INTERNAL, null);
        await().until(() -> storeFaults.calls("transition") == 1);
        assertTrue(attempts.requestCancel(attempt.job(), REQUEST));
        attempts.watch(true);
        assertEquals(List.of(), runner.cancelled);
        await().until(() -> {
            attempts.watch(false);
            return job(attempt.id()).state() == JobState.CANCELLED;
        });
    }

    @Test
    void aJobLeftOverByTheLastProcessIsRetriedAndHoldsNoSlot() throws Exception {
        Job pending = accepted();
        Job running = pending.started(clock.instant());
        store.transition(pending, running);
        Job cancelling = running.cancelling(REQUEST);
        store.transition(running, cancelling);
        storeFaults.fail("transition", new JobException(ErrorCode.DISK_FULL, "planted", ""), 1);
        attempts.endLeftOver(cancelling);
        assertEquals(JobState.CANCELLING, job(pending.id()).state());
        assertEquals(0, attempts.activeCount());
        await().until(() -> {
            attempts.watch(false);
            return job(pending.id()).state() == JobState.CANCELLED;
        });
        assertEquals(Duration.ZERO, job(pending.id()).end().ran());
    }
}
