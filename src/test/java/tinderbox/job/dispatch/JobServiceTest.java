package tinderbox.job.dispatch;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.Submission;
import tinderbox.job.SubmissionResult;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeCatalog;
import tinderbox.support.FakeRunner;

/** The life of a job, on a real store; only the runner is the test's. */
class JobServiceTest {
    private static final Limits LIMITS = someLimits().maxQueued(2).build();
    private static final Limits SHARED = someLimits()
            .maxRunning(2)
            .maxRunningPerToken(1)
            .maxQueuedPerToken(3)
            .build();

    @TempDir
    Path dataDir;

    private FolderJobStore store;
    private FakeRunner runner;
    private JobService jobs;
    private Limits limits = LIMITS;

    @BeforeEach
    void open() throws IOException {
        store = new FolderJobStore(dataDir, Clock.systemUTC());
        runner = new FakeRunner();
        jobs = new JobService(store, runner, new FakeCatalog(), Clock.systemUTC(), limits);
        jobs.start();
    }

    @AfterEach
    void close() {
        jobs.close();
        store.close();
    }

    /** Closes and opens everything without ending the jobs, as after a crash. */
    private void restart() throws IOException {
        close();
        open();
    }

    private JobId submit() {
        return submit("tester");
    }

    private JobId submit(String by) {
        return jobs.submit(new Submission("word-count", null, Map.of("input", "samples/a.txt"), by, null))
                .view()
                .job()
                .id();
    }

    private JobState state(JobId id) {
        return jobs.find(id).job().state();
    }

    private void awaitState(JobId id, JobState state) {
        await().until(() -> state(id), state::equals);
    }

    private static ErrorCode refusal(Runnable request) {
        return assertThrows(JobException.class, request::run).code();
    }

    @Test
    void anAcceptedJobRunsAndPublishesItsResult() throws Exception {
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        assertEquals(JobState.RUNNING, state(id));
        assertEquals("faking", jobs.find(id).progress().phase());
        attempt.succeed();
        awaitState(id, JobState.SUCCEEDED);
        assertEquals(
                List.of(List.of("done")),
                jobs.artifacts()
                        .resultPage(id, jobs.artifacts().result(id), ResultQuery.all(), 0, 10)
                        .rows());
        assertEquals(Map.of("words", 1L), jobs.artifacts().result(id).summary());
        assertFalse(Files.exists(attempt.attempt().folder()), "the scratch folder is deleted");
    }

    @Test
    void aFailureIsStoredWithItsMessage() throws Exception {
        JobId id = submit();
        runner.next().fail("the wheel came off");
        awaitState(id, JobState.FAILED);
        Job.End end = jobs.find(id).job().end();
        assertEquals(new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "the wheel came off", "")), end.outcome());
        assertEquals(ErrorCode.WRONG_STATE, refusal(() -> jobs.artifacts().result(id)));
    }

    @Test
    void cancelBeatsLateSuccess() throws Exception {
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        assertEquals(JobState.CANCELLING, jobs.cancel(id, "tester").job().state());
        assertEquals(List.of(id), runner.cancelled);
        assertEquals(JobState.CANCELLING, jobs.cancel(id, "tester").job().state(), "a second cancel changes nothing");
        attempt.succeed();
        awaitState(id, JobState.CANCELLED);
        assertEquals(ErrorCode.WRONG_STATE, refusal(() -> jobs.artifacts().result(id)));
        assertEquals(Optional.empty(), store.result(jobs.find(id).job()));
    }

    @Test
    void successBeatsLateCancel() throws Exception {
        JobId id = submit();
        runner.next().succeed();
        awaitState(id, JobState.SUCCEEDED);
        assertEquals(ErrorCode.WRONG_STATE, refusal(() -> jobs.cancel(id, "tester")));
        assertEquals(1, jobs.artifacts().result(id).rows());
    }

    @Test
    void aJobCancelledWhileItWaitsNeverStarts() throws Exception {
        JobId first = submit();
        FakeRunner.Started attempt = runner.next();
        JobId second = submit();
        assertEquals(1, jobs.find(second).queuePosition());
        assertEquals(JobState.CANCELLED, jobs.cancel(second, "tester").job().state());
        JobId third = submit();
        attempt.succeed();
        awaitState(first, JobState.SUCCEEDED);
        assertEquals(third, runner.next().id());
        assertEquals(JobState.CANCELLED, state(second));
    }

    @Test
    void noMoreRunThanThereAreSlots() throws Exception {
        submit();
        FakeRunner.Started attempt = runner.next();
        JobId second = submit();
        assertFalse(runner.hasNext());
        assertEquals(JobState.PENDING, state(second));
        attempt.fail("over");
        assertEquals(second, runner.next().id());
    }

    @Test
    void aFullQueueRefusesJobsUntilThereIsRoom() throws Exception {
        submit();
        FakeRunner.Started attempt = runner.next();
        submit();
        submit();
        assertEquals(ErrorCode.QUEUE_FULL, refusal(this::submit));
        attempt.succeed();
        runner.next();
        submit();
    }

    @Test
    void jobsStartInTheOrderOfAcceptanceAlsoAfterARestart() throws Exception {
        JobId first = submit();
        runner.next();
        JobId second = submit();
        JobId third = submit();
        restart();
        FakeRunner.Started again = runner.next();
        assertEquals(first, again.id());
        assertEquals(2, again.attempt().job().attempt());
        assertEquals(
                List.of(1, 2),
                List.of(jobs.find(second).queuePosition(), jobs.find(third).queuePosition()));
        List<JobId> order = new ArrayList<>();
        again.succeed();
        for (int i = 0; i < 2; i++) {
            FakeRunner.Started next = runner.next();
            order.add(next.id());
            next.succeed();
        }
        assertEquals(List.of(second, third), order);
        awaitState(third, JobState.SUCCEEDED);
    }

    @Test
    void submittersTakeTurnsAlsoAfterARestartAndAnInterruptedJobKeepsItsPlace() throws Exception {
        limits = someLimits().build();
        restart();
        JobId interrupted = submit("ada");
        runner.next();
        List<JobId> ada = List.of(submit("ada"), submit("ada"), submit("ada"));
        List<JobId> bob = List.of(submit("bob"), submit("bob"));
        List<JobId> order = List.of(ada.get(0), bob.get(0), ada.get(1), bob.get(1), ada.get(2));
        List<Integer> positions = List.of(1, 2, 3, 4, 5);
        assertEquals(
                positions,
                order.stream().map(id -> jobs.find(id).queuePosition()).toList());
        restart();
        FakeRunner.Started next = runner.next();
        assertEquals(interrupted, next.id());
        assertEquals(
                positions,
                order.stream().map(id -> jobs.find(id).queuePosition()).toList());
        List<JobId> started = new ArrayList<>();
        while (started.size() < order.size()) {
            next.succeed();
            next = runner.next();
            started.add(next.id());
        }
        assertEquals(order, started);
    }

    @Test
    void theLimitsOfASubmitterHoldAlsoAfterARestart() throws Exception {
        limits = SHARED;
        restart();
        JobId running = submit("ada");
        assertEquals(running, runner.next().id());
        JobId second = submit("ada");
        submit("ada");
        submit("ada");
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refusal(() -> submit("ada")));
        JobId other = submit("bob");
        assertEquals(other, runner.next().id(), "others start");
        restart();
        FakeRunner.Started again = runner.next();
        assertEquals(running, again.id());
        assertEquals(other, runner.next().id());
        assertEquals(ErrorCode.TOO_MANY_REQUESTS, refusal(() -> submit("ada")));
        jobs.cancel(jobs.list(JobQuery.newest(1)).jobs().get(0).job().id(), "ada");
        submit("bob");
        again.succeed();
        assertEquals(second, runner.next().id());
    }

    @Test
    void aJobThatRunsAtEveryCrashFails() throws Exception {
        JobId id = submit();
        runner.next();
        restart();
        runner.next();
        restart();
        assertEquals(JobState.FAILED, state(id));
        Outcome.Failed failed = (Outcome.Failed) jobs.find(id).job().end().outcome();
        assertEquals(ErrorCode.SERVER_CRASHED, failed.failure().code());
        assertFalse(runner.hasNext());
    }

    @Test
    void aJobThatWasBeingCancelledAtACrashIsCancelled() throws Exception {
        JobId id = submit();
        runner.next();
        jobs.cancel(id, "tester");
        restart();
        assertEquals(JobState.CANCELLED, state(id));
        assertEquals(new Outcome.Cancelled("tester"), jobs.find(id).job().end().outcome());
    }

    @Test
    void aRerunHasEveryParameterOfTheOldJob() throws Exception {
        JobId old = submit();
        runner.next().succeed();
        awaitState(old, JobState.SUCCEEDED);
        JobRequest again = jobs.rerun(old, "somebody else", null).view().job().request();
        JobRequest request = jobs.find(old).job().request();
        assertEquals(request.params(), again.params());
        assertEquals(request.name(), again.name());
        assertFalse(again.isNamed());
        assertEquals(old, again.origin().rerunOf());
        assertEquals("somebody else", again.submittedBy());
    }

    @Test
    void aRerunWithTheSameKeyIsTheSameJobAlsoAfterARestart() throws Exception {
        JobId old = submit();
        runner.next().succeed();
        awaitState(old, JobState.SUCCEEDED);
        IdempotencyKey key = IdempotencyKey.ofRerun("key", old);
        SubmissionResult first = jobs.rerun(old, "tester", key);
        assertFalse(first.replayed());
        runner.next().succeed();
        JobId again = first.view().job().id();
        awaitState(again, JobState.SUCCEEDED);
        restart();
        SubmissionResult second = jobs.rerun(old, "tester", key);
        assertTrue(second.replayed());
        assertEquals(again, second.view().job().id());
        assertFalse(jobs.rerun(old, "somebody else", key).replayed(), "another submitter, another key");
    }

    @Test
    void onlyAnEndedJobIsDeletedAndThenItIsGone() throws Exception {
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        assertEquals(ErrorCode.WRONG_STATE, refusal(() -> jobs.delete(id)));
        attempt.succeed();
        awaitState(id, JobState.SUCCEEDED);
        jobs.delete(id);
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(id)));
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.delete(id)));
        assertEquals(0, jobs.list(JobQuery.newest(10)).total());
        restart();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(id)));
    }

    @Test
    void waitersAreNotifiedHoweverAJobEnds() throws Exception {
        JobId first = submit();
        FakeRunner.Started attempt = runner.next();
        JobId second = submit();
        CompletableFuture<Job> firstEnd = jobs.whenEnded(first);
        CompletableFuture<Job> secondEnd = jobs.whenEnded(second);
        assertFalse(firstEnd.isDone());
        jobs.cancel(second, "tester");
        attempt.succeed();
        assertEquals(JobState.SUCCEEDED, firstEnd.get(30, TimeUnit.SECONDS).state());
        assertEquals(JobState.CANCELLED, secondEnd.get(30, TimeUnit.SECONDS).state());
        assertTrue(jobs.whenEnded(first).isDone());
    }

    @Test
    void aWaiterThatGivesUpIsForgotten() throws Exception {
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        WeakReference<CompletableFuture<Job>> waiter = givenUp(id);
        CompletableFuture<Job> patient = jobs.whenEnded(id);
        await().until(() -> {
            System.gc();
            return waiter.refersTo(null);
        });
        attempt.succeed();
        assertEquals(JobState.SUCCEEDED, patient.get(30, TimeUnit.SECONDS).state());
    }

    private WeakReference<CompletableFuture<Job>> givenUp(JobId id) {
        CompletableFuture<Job> waiter = jobs.whenEnded(id);
        waiter.cancel(false);
        return new WeakReference<>(waiter);
    }

    @Test
    void aClosedServiceAcceptsNothing() {
        jobs.close();
        assertEquals(ErrorCode.SHUTTING_DOWN, refusal(this::submit));
    }
}
