package tinderbox.job.dispatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.LongRead;
import tinderbox.common.TrustedClock;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetFilter;
import tinderbox.job.RunSetSubmission;
import tinderbox.job.Submission;
import tinderbox.job.SubmissionResult;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.job.result.read.LineFormat;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeCatalog;
import tinderbox.support.FakeRunner;
import tinderbox.support.ManualClock;

/** The limits of the service, and what happens at each. */
class LimitsTest {
    private static final long MIB = 1L << 20;

    @TempDir
    Path dataDir;

    private final AtomicLong usable = new AtomicLong(100 * MIB);
    private final AtomicReference<RuntimeException> broken = new AtomicReference<>();
    private final ManualClock clock = new ManualClock();
    private final FakeRunner runner = new FakeRunner();
    private FolderJobStore store;
    private final AtomicLong paramChars = new AtomicLong();
    private JobService jobs;

    private static Limits limits() {
        return someLimits().maxRunning(2).minFreeBytes(10 * MIB).build();
    }

    private void start(Limits limits) throws IOException {
        store = new FolderJobStore(dataDir, clock);
        jobs = new JobService(guarded(store), runner, new FakeCatalog(), clock, limits);
        jobs.start();
    }

    /** The real store on a disk whose free space and failures the test decides. */
    private JobStore guarded(JobStore real) {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("usableBytes")) {
                        return usable.get();
                    }
                    if (method.getName().equals("unfinishedChars")) {
                        return paramChars.get();
                    }
                    boolean ends = method.getName().equals("publish")
                            || (method.getName().equals("transition")
                                    && ((Job) arguments[1]).state().isTerminal());
                    if (ends && broken.get() != null) {
                        throw broken.get();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @AfterEach
    void close() {
        jobs.close();
        store.close();
    }

    private static Submission submission(IdempotencyKey idempotencyKey) {
        return new Submission("word-count", null, Map.of("input", "samples/a.txt"), "tester", idempotencyKey);
    }

    private JobId submit() {
        return jobs.submit(submission(null)).view().job().id();
    }

    private Job job(JobId id) {
        return jobs.find(id).job();
    }

    private static ErrorCode refusal(Callable<?> request) {
        return assertThrows(JobException.class, request::call).code();
    }

    private ErrorCode failure(JobId id) {
        return ((Outcome.Failed) job(id).end().outcome()).failure().code();
    }

    @Test
    void aDownloadThatIsWrittenFirstHasTheBoundOfAResultAndNeedsFreeDisk() throws Exception {
        start(someLimits().maxResultBytes(12).minFreeBytes(10 * MIB).build());
        JobId id = submit();
        runner.next().succeed();
        await().until(() -> job(id).state().isTerminal());
        JobArtifacts artifacts = jobs.artifacts();
        JobResult result = artifacts.result(id);
        ResultQuery all = ResultQuery.all();

        try (SeekableByteChannel csv = artifacts.download(id, result, all, LineFormat.CSV)) {
            assertEquals("word\ndone\n", new String(Channels.newInputStream(csv).readAllBytes(), UTF_8));
        }
        assertEquals(ErrorCode.LIMIT_EXCEEDED, refusal(() -> artifacts.download(id, result, all, LineFormat.NDJSON)));
        usable.set(9 * MIB);
        assertEquals(ErrorCode.DISK_FULL, refusal(() -> artifacts.download(id, result, all, LineFormat.CSV)));
        LongRead left = LongRead.within(Duration.ofDays(1));
        left.cancel();
        usable.set(100 * MIB);
        assertThrows(
                CancellationException.class, () -> left.run(() -> artifacts.download(id, result, all, LineFormat.CSV)));
    }

    @Test
    void aJobThatRunsTooLongIsStoppedAndFailsOnlyWhenItHasStopped() throws Exception {
        start(someLimits().jobTimeout(Duration.ofMillis(1)).build());
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        await().until(() -> runner.cancelled.contains(id));
        assertEquals(JobState.CANCELLING, job(id).state());
        assertEquals(CancelRequest.Reason.TIMED_OUT, job(id).cancel().reason());
        attempt.succeed();
        await().until(() -> job(id).state().isTerminal());
        assertEquals(ErrorCode.TIMED_OUT, failure(id));
    }

    @Test
    void aClockThatJumpsADayChangesNoTimeOutAndNoOrder() throws Exception {
        start(someLimits().build());
        JobId first = submit();
        FakeRunner.Started attempt = runner.next();
        JobId second = submit();
        clock.advance(Duration.ofDays(-2));
        JobId third = submit();
        clock.advance(Duration.ofDays(4));
        JobId fourth = submit();
        assertEquals(
                List.of(fourth, third, second, first),
                jobs.list(JobQuery.newest(10)).jobs().stream()
                        .map(view -> view.job().id())
                        .toList());
        assertTrue(jobs.find(first).ran().compareTo(Duration.ofHours(1)) < 0);
        assertEquals(JobState.RUNNING, job(first).state());
        attempt.succeed();
        List<JobId> order = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            FakeRunner.Started next = runner.next();
            order.add(next.id());
            next.succeed();
        }
        assertEquals(List.of(second, third, fourth), order);
        await().until(() -> job(fourth).state() == JobState.SUCCEEDED);
        assertFalse(job(first).end().ran().isNegative());
        assertTrue(job(first).end().ran().compareTo(Duration.ofHours(1)) < 0, "durations do not jump");
        assertEquals(List.of(), runner.cancelled);
    }

    @Test
    void belowTheReserveNoJobIsAcceptedOrStarted() throws Exception {
        start(limits());
        JobId before = submit();
        runner.next().succeed();
        await().until(() -> job(before).state() == JobState.SUCCEEDED);
        usable.set(9 * MIB);
        assertEquals(ErrorCode.DISK_FULL, refusal(() -> submit()));
        assertFalse(jobs.hasRoom());
        assertEquals(1, jobs.artifacts().result(before).rows(), "reading goes on");
        usable.set(11 * MIB);
        submit();
        runner.next();
        assertTrue(jobs.hasRoom());
    }

    @Test
    void belowTheFloorRunningJobsAreStopped() throws Exception {
        start(limits());
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        usable.set(5 * MIB);
        jobs.find(id);
        assertEquals(JobState.RUNNING, job(id).state(), "the reserve is not the floor");
        usable.set(2 * MIB);
        await().until(() -> runner.cancelled.contains(id));
        attempt.fail("interrupted");
        await().until(() -> job(id).state().isTerminal());
        assertEquals(ErrorCode.DISK_FULL, failure(id));
    }

    @Test
    void aCompletionThatCannotBeWrittenIsRetriedUntilItCan() throws Exception {
        start(limits());
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        broken.set(new JobException(ErrorCode.DISK_FULL, "no room", ""));
        attempt.succeed();
        JobId other = submit();
        assertEquals(other, runner.next().id(), "the other slot works");
        assertEquals(JobState.RUNNING, job(id).state());
        broken.set(null);
        await().until(() -> job(id).state() == JobState.SUCCEEDED);
        assertEquals(1, jobs.artifacts().result(id).rows());
    }

    @Test
    void aJobThatLosesItsAttemptRunsAgainUntilItHasNoAttemptsLeft() throws Exception {
        start(limits());
        JobId id = submit();
        runner.next().attempt().lost();
        FakeRunner.Started second = runner.next();
        assertEquals(2, second.attempt().job().attempt());
        second.attempt().lost();
        await().until(() -> job(id).state().isTerminal());
        assertEquals(ErrorCode.SERVER_CRASHED, failure(id));
    }

    @Test
    void anAttemptThatDidNotStartDoesNotCountAndItsJobDoesNotRunAlone() throws Exception {
        start(limits());
        runner.refuse(3);
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        assertEquals(id, attempt.id());
        assertEquals(1, attempt.attempt().job().attempt());
        JobId other = submit();
        assertEquals(other, runner.next().id(), "it runs at the same time as the first");
        attempt.succeed();
        await().until(() -> job(id).state() == JobState.SUCCEEDED);
        assertEquals(1, job(id).attempt());
    }

    @Test
    void aJobWhoseAttemptCannotStartCanBeCancelled() throws Exception {
        start(limits());
        runner.refuse(Integer.MAX_VALUE);
        JobId id = submit();
        await().until(() -> !jobs.artifacts().logPreview(jobs.find(id)).isEmpty());
        jobs.cancel(id, "tester");
        await().until(() -> job(id).state() == JobState.CANCELLED);
        runner.refuse(0);
        assertEquals(submit(), runner.next().id(), "the slot is free again");
    }

    @Test
    void aJobThatLosesItsAttemptWhileItIsCancelledIsCancelled() throws Exception {
        start(limits());
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        jobs.cancel(id, "tester");
        attempt.attempt().lost();
        await().until(() -> job(id).state() == JobState.CANCELLED);
    }

    @Test
    void aShutdownAcceptsNoJobsAndLetsRunningOnesFinish() throws Exception {
        start(limits());
        JobId id = submit();
        FakeRunner.Started attempt = runner.next();
        ExecutorService other = Executors.newSingleThreadExecutor();
        Future<?> drained = other.submit(() -> jobs.drain(Duration.ofMinutes(5)));
        await().until(() -> !jobs.isAccepting());
        assertEquals(ErrorCode.SHUTTING_DOWN, refusal(() -> submit()));
        assertFalse(drained.isDone());
        attempt.succeed();
        drained.get();
        assertEquals(JobState.SUCCEEDED, job(id).state());
        other.shutdown();
    }

    @Test
    void theOldestEndedJobsBeyondTheLimitAreDeleted() throws Exception {
        start(someLimits().retainJobs(2).build());
        List<JobId> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(submit());
            runner.next().succeed();
        }
        JobId waiting = submit();
        runner.next();
        await().until(() -> job(ids.get(4)).state().isTerminal());
        assertFalse(new Retention(store, clock, jobs.limits()).purge());
        assertEquals(
                List.of(waiting, ids.get(4), ids.get(3)),
                jobs.list(JobQuery.newest(10)).jobs().stream()
                        .map(view -> view.job().id())
                        .toList());
    }

    @Test
    void aResultThatAJobIsToReadIsNotDeleted() throws Exception {
        start(someLimits().retainJobs(0).build());
        JobId read = submit();
        runner.next().succeed();
        JobId other = submit();
        runner.next().succeed();
        await().until(() -> job(other).state().isTerminal());
        JobId reader = jobs.submit(
                        new Submission("word-count", null, Map.of("reads", "results/" + read), "tester", null))
                .view()
                .job()
                .id();
        var attempt = runner.next();
        new Retention(store, clock, jobs.limits()).purge();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(other)));
        assertEquals(ErrorCode.DATASET_IN_USE, refusal(() -> {
            jobs.delete(read);
            return null;
        }));
        attempt.succeed();
        await().until(() -> job(reader).state().isTerminal());
        new Retention(store, clock, jobs.limits()).purge();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(read)));
    }

    @Test
    void oldJobsAreDeletedUnlessTheirKeyIsOfToday() throws Exception {
        start(someLimits().retainFor(Duration.ofHours(1)).build());
        JobId old = submit();
        runner.next().succeed();
        JobId keyed = jobs.submit(submission(new IdempotencyKey("k", "sha")))
                .view()
                .job()
                .id();
        runner.next().succeed();
        await().until(() -> job(keyed).state().isTerminal());
        clock.advance(Duration.ofHours(2));
        new Retention(store, clock, jobs.limits()).purge();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(old)));
        assertEquals(JobState.SUCCEEDED, job(keyed).state());
        clock.advance(Duration.ofHours(23));
        new Retention(store, clock, jobs.limits()).purge();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(keyed)));
    }

    private RunSet submitSet(String value, IdempotencyKey key, boolean isReplayed) {
        RunSets.Submitted submitted = jobs.runSets()
                .submit(
                        new RunSetSubmission(
                                "word-count",
                                null,
                                Map.of(),
                                Map.of("input", List.of(value, value + "2")),
                                Map.of(),
                                "tester",
                                key),
                        () -> {});
        assertEquals(isReplayed, submitted.replayed());
        return submitted.set();
    }

    @Test
    void ofARunSetWithoutJobsOnlyAKeyOfTodayIsKept() throws Exception {
        start(someLimits().maxRunning(2).retainJobs(1).build());
        IdempotencyKey key = new IdempotencyKey("k", "sha");
        RunSet keyed = submitSet("samples/" + "x".repeat(50_000), key, false);
        RunSet plain = submitSet("samples/a.txt", null, false);
        for (int i = 0; i < 4; i++) {
            runner.next().succeed();
        }
        await().until(() -> plain.jobs().stream().allMatch(id -> job(id).state() == JobState.SUCCEEDED));
        Retention retention = new Retention(store, clock, jobs.limits());
        retention.purge();
        retention.purgeRunSets();
        assertEquals(1, jobs.runSets().counts(jobs.runSets().find(plain.id())).gone(), "one job is left");
        assertEquals(ErrorCode.RUN_SET_NOT_FOUND, refusal(() -> jobs.runSets().find(keyed.id())));
        assertEquals(
                1, jobs.runSets().list(new RunSetFilter(null, null, null), 10).total());
        assertTrue(Files.size(dataDir.resolve("run-sets").resolve(keyed.id() + ".json")) < 1000);

        RunSet again = submitSet("samples/" + "x".repeat(50_000), key, true);
        assertEquals(keyed.id(), again.id());
        assertEquals(keyed.jobs(), again.jobs());
        assertEquals(2, jobs.runSets().counts(again).gone());
        assertEquals(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                refusal(() -> submitSet("samples/a.txt", new IdempotencyKey("k", "other"), true)));

        clock.advance(Duration.ofHours(25));
        jobs.delete(jobs.list(JobQuery.newest(1)).jobs().get(0).job().id());
        retention.purgeRunSets();
        assertEquals(List.of(), store.entries());
        submitSet("samples/a.txt", key, false);
    }

    @Test
    void aClockThatJumpsDeletesNoJob() throws Exception {
        start(someLimits().build());
        JobId id = submit();
        runner.next().succeed();
        await().until(() -> job(id).state().isTerminal());
        AtomicLong steady = new AtomicLong();
        TrustedClock trusted = new TrustedClock(dataDir.resolve("new"), clock, steady::get, 0);
        Retention retention = new Retention(store, trusted, jobs.limits());

        clock.advance(Duration.ofDays(3652));
        retention.purge();
        assertEquals(JobState.SUCCEEDED, job(id).state());

        clock.advance(TrustedClock.STEADY);
        steady.addAndGet(TrustedClock.STEADY.toNanos());
        retention.purge();
        assertEquals(ErrorCode.JOB_NOT_FOUND, refusal(() -> jobs.find(id)), "by then the clock is trusted");
    }

    @Test
    void aClockThatIsTurnedBackDoesNotEndAJobBeforeItStarted() throws Exception {
        start(limits());
        clock.advance(Duration.ofDays(40));
        JobId id = submit();
        clock.advance(Duration.ofDays(-35));
        FakeRunner.Started attempt = runner.next();
        clock.advance(Duration.ofDays(-35));
        attempt.succeed();
        await().until(() -> job(id).state().isTerminal());

        Job job = job(id);

        assertEquals(job.request().submittedAt(), job.startedAt());
        assertEquals(job.startedAt(), job.end().at());
        assertTrue(Files.isDirectory(store.logFolder(id).orElseThrow()), "the folder is found by that time");
    }

    @Test
    void aFailedDeleteIsNotRetriedAtOnce() throws Exception {
        start(limits());
        Job job = job(submit());
        JobStore stuck = (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(),
                new Class<?>[] {JobStore.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "purgeable" -> Collections.nCopies((Integer) arguments[3], job);
                    case "unfinished" -> List.of();
                    default -> false;
                });
        assertFalse(new Retention(stuck, clock, jobs.limits()).purge());
    }

    @Test
    void theMemoryForParametersIsBounded() throws Exception {
        start(limits());
        // The submission has an input of 13 characters.
        paramChars.set((32 << 20) - 13);
        submit();
        paramChars.incrementAndGet();
        assertEquals(ErrorCode.QUEUE_FULL, refusal(this::submit));
    }

    @Test
    void theSameKeyAndBodyReturnTheSameJobInAnyState() throws Exception {
        start(limits());
        IdempotencyKey key = new IdempotencyKey("key-1", "sha-of-the-body");
        SubmissionResult first = jobs.submit(submission(key));
        assertFalse(first.replayed());
        SubmissionResult again = jobs.submit(submission(key));
        assertTrue(again.replayed());
        assertEquals(first.view().job().id(), again.view().job().id());
        assertEquals(
                ErrorCode.IDEMPOTENCY_MISMATCH,
                refusal(() -> jobs.submit(submission(new IdempotencyKey("key-1", "another body")))));
        runner.next().succeed();
        await().until(() -> job(first.view().job().id()).state().isTerminal());
        close();
        start(limits());
        assertTrue(jobs.submit(submission(key)).replayed());
        jobs.delete(first.view().job().id());
        assertFalse(jobs.submit(submission(key)).replayed(), "deleting the job frees the key");
    }

    @Test
    void aHundredParallelDuplicatesCreateOneJob() throws Exception {
        start(limits());
        IdempotencyKey key = new IdempotencyKey("key-2", "sha");
        ExecutorService clients = Executors.newFixedThreadPool(16);
        List<Callable<String>> submissions = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            submissions.add(() -> {
                try {
                    return jobs.submit(submission(key)).view().job().id().toString();
                } catch (JobException e) {
                    return e.code().toString();
                }
            });
        }
        List<String> results = new ArrayList<>();
        for (Future<String> result : clients.invokeAll(submissions)) {
            results.add(result.get());
        }
        clients.shutdown();
        results.removeIf(ErrorCode.IDEMPOTENCY_IN_FLIGHT.toString()::equals);
        assertEquals(1, results.stream().distinct().count(), results::toString);
        assertEquals(1, jobs.list(JobQuery.newest(10)).total());
    }

    @Test
    void aResultThatGrowsTooLargeIsRefused() throws Exception {
        start(limits());
        submit();
        FakeRunner.Started attempt = runner.next();
        try (ResultWriter writer = new ResultWriter(attempt.attempt().folder(), List.of(Column.string("w")), 100_000)) {
            List<String> row = List.of("x".repeat(1000));
            JobException refused = assertThrows(JobException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    writer.row(row);
                }
            });
            assertEquals(ErrorCode.LIMIT_EXCEEDED, refused.code());
        }
        attempt.fail("too large");
    }
}
