package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobFilter;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobPage;
import tinderbox.job.JobPatch;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobSort;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.RunSet;
import tinderbox.job.StageProgress;
import tinderbox.job.dispatch.RunSetStore;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.index.JobDatabase;

class FolderJobStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    private static final String RUN_SET = JobId.random().toString();
    private static final String PRESET = JobId.random().toString();

    @TempDir
    Path dataDir;

    private FolderJobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new FolderJobStore(dataDir, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void reopen() throws IOException {
        close();
        open();
    }

    private Job accepted(String name) {
        return accepted(name, "samples/a.txt", null);
    }

    private Job accepted(String name, String input, IdempotencyKey idempotencyKey) {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                name,
                true,
                Map.of("input", input, "min_count", 3L, "case_sensitive", true),
                List.of(),
                "",
                "tester",
                NOON,
                null,
                idempotencyKey));
        store.accept(job);
        return job;
    }

    private Job running(String name) {
        Job pending = accepted(name);
        Job running = pending.started(NOON);
        assertTrue(store.transition(pending, running));
        return running;
    }

    private Job failed(String name) {
        Job running = running(name);
        Job failed = running.ended(
                new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "why", "so")), NOON, Duration.ofMillis(7));
        assertTrue(store.transition(running, failed));
        return failed;
    }

    private Job succeeded(String name) throws IOException {
        Job running = running(name);
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
        assertTrue(store.publish(running, succeeded, result(running)));
        return succeeded;
    }

    private JobResult result(Job running) throws IOException {
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            writer.row(List.of("x"));
            return writer.finish(Map.of("words", 1L));
        }
    }

    private static ProgressReport report() {
        Progress all = new Progress("counting", 1, 2, 8, 0, 9, 10L, 12L, null, 3, 4);
        return new ProgressReport(
                1,
                all,
                List.of(
                        new StageProgress(
                                0,
                                1,
                                "a",
                                StageProgress.State.COMPLETE,
                                8,
                                8,
                                0,
                                1,
                                10,
                                5L,
                                0,
                                4,
                                NOON,
                                NOON,
                                true,
                                List.of(new StageProgress.HostTasks("node1", 8))),
                        new StageProgress(
                                1,
                                0,
                                "b",
                                StageProgress.State.SKIPPED,
                                1,
                                0,
                                0,
                                0,
                                0,
                                null,
                                3,
                                0,
                                null,
                                null,
                                false,
                                List.of())),
                7,
                "Scan");
    }

    /** A run set of two jobs, which nobody has stored. */
    private RunSet runSet() {
        return TestRunSets.create(store.nextSeq(), 2, null, NOON);
    }

    private List<Job> jobs(RunSet set) {
        return TestRunSets.jobs(set, store::nextSeq);
    }

    private RunSet acceptedSet() {
        RunSet set = runSet();
        store.accept(set, jobs(set));
        return set;
    }

    private Path setFile(RunSet set, String suffix) {
        return dataDir.resolve("run-sets").resolve(set.id() + suffix);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void ofARunSetThatCannotBeStoredNothingIsLeft() throws Exception {
        RunSet set = runSet();
        Files.createDirectory(setFile(set, ".pending"));
        assertThrows(UncheckedIOException.class, () -> store.accept(set, jobs(set)));
        assertEquals(List.of(), names(dataDir.resolve("run-sets")));

        // The folder of the second job is in the way.
        Files.createDirectory(
                dataDir.resolve("active").resolve(set.jobs().get(1).toString()));
        assertThrows(UncheckedIOException.class, () -> store.accept(set, jobs(set)));
        assertEquals(List.of(), names(dataDir.resolve("run-sets")));
        assertEquals(List.of(), names(dataDir.resolve("active")));
        assertEquals(List.of(), store.unfinished());
        assertEquals(0, list().total());
        assertEquals(Optional.empty(), store.find(set.id()));

        store.accept(set, jobs(set));
        reopen();
        assertEquals(Optional.of(set), store.find(set.id()));
        assertEquals(2, store.unfinished().size());
    }

    @Test
    void aStartReadsTheRunSetsThatItCan() throws Exception {
        RunSet damaged = acceptedSet();
        RunSet huge = acceptedSet();
        RunSet copied = acceptedSet();
        RunSet halfAccepted = acceptedSet();
        close();
        Files.writeString(setFile(damaged, ".json"), "{}");
        try (RandomAccessFile file = new RandomAccessFile(setFile(huge, ".json").toFile(), "rw")) {
            file.setLength(65L << 20);
        }
        Files.copy(setFile(copied, ".json"), setFile(copied, ".pending"));
        Files.move(setFile(halfAccepted, ".json"), setFile(halfAccepted, ".pending"));
        open();
        assertEquals(
                List.of(copied.id()),
                store.entries().stream().map(RunSetStore.Entry::id).toList());
        assertEquals(Optional.of(copied), store.find(copied.id()));
        assertEquals(6, store.unfinished().size(), "the jobs of the others, not of the one that was not accepted");
        assertEquals(
                Set.of(damaged.id() + ".json", huge.id() + ".json", copied.id() + ".json"),
                Set.copyOf(names(dataDir.resolve("run-sets"))));
    }

    @Test
    void whatIsKeptOfARunSetComesBackAsItWas() throws Exception {
        RunSet edited = acceptedSet().edited("Renamed", true, Map.of("a", "b"), "A note.", "admin", NOON);
        assertTrue(store.replace(edited));
        RunSet old = acceptedSet();
        assertTrue(store.keepKey(old.id()));
        reopen();
        assertEquals(Optional.of(edited), store.find(edited.id()));
        assertEquals(Optional.of(old.keyOnly()), store.find(old.id()));
        assertEquals(
                List.of(true, false),
                store.entries().stream().map(RunSetStore.Entry::isKeyOnly).toList());
    }

    private Path active(Job job) {
        return dataDir.resolve("active").resolve(job.id().toString());
    }

    private Path ended(Job job) {
        return dataDir.resolve("ended/2026-01").resolve(job.id().toString());
    }

    private JobPage<Job> list() {
        return store.list(JobQuery.newest(100));
    }

    @Test
    void theParametersOfUnfinishedJobsAreCounted() throws Exception {
        assertEquals(0, store.unfinishedChars());
        accepted("waiting");
        running("running");
        failed("failed");
        assertEquals(2L * "samples/a.txt".length(), store.unfinishedChars());
        reopen();
        assertEquals(2L * "samples/a.txt".length(), store.unfinishedChars());
    }

    @Test
    void aPageEndsOnceItsJobsHaveLongParameters() throws Exception {
        for (int i = 0; i < 151; i++) {
            accepted("long " + i, "x".repeat(100_000), null);
        }
        JobPage<Job> page = store.list(JobQuery.newest(151));
        assertEquals(151, page.total());
        assertEquals(100, page.jobs().size());
        assertEquals("long 150", page.jobs().get(0).request().name());
        assertEquals("long 51", page.jobs().get(99).request().name());
    }

    @Test
    void anEndedJobWithALongParameterIsFound() throws Exception {
        Job pending = accepted("long", "x".repeat(100_000), null);
        Job ended = pending.ended(new Outcome.Cancelled("me"), NOON, Duration.ZERO);
        assertTrue(store.transition(pending, ended));
        assertEquals(Optional.of(ended), store.find(pending.id()));
        reopen();
        assertEquals(Optional.of(ended), store.find(pending.id()));
        assertEquals(List.of(ended), store.list(JobQuery.newest(10)).jobs());
    }

    @Test
    void everyKindOfJobComesBackAsItWas() throws Exception {
        Job pending = accepted("pending");
        Job failed = failed("failed");
        Job succeeded = succeeded("succeeded");
        JobResult result = store.result(succeeded).orElseThrow();
        reopen();
        assertEquals(Optional.of(pending), store.find(pending.id()));
        assertEquals(Optional.of(failed), store.find(failed.id()));
        assertEquals(Optional.of(succeeded), store.find(succeeded.id()));
        assertEquals(result, store.result(succeeded).orElseThrow());
        assertEquals(List.of(pending), store.unfinished());
        assertEquals(List.of(succeeded, failed, pending), list().jobs());
        assertTrue(store.nextSeq() > succeeded.request().seq());
    }

    @Test
    void anEndThatAnEarlierTryWroteCounts() throws Exception {
        Job running = running("tried before");
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
        JobFolders folders = new JobFolders(dataDir);
        folders.publish(running, result(running));
        folders.end(succeeded);
        Job failed = running.ended(
                new Outcome.Failed(new Failure(ErrorCode.INTERNAL, "why", "so")), NOON, Duration.ofMillis(7));
        assertTrue(store.transition(running, failed));
        assertEquals(Optional.of(succeeded), store.find(running.id()));
        assertEquals(List.of(succeeded), list().jobs());
    }

    @Test
    void aLostRaceChangesNothing() throws Exception {
        Job running = running("raced");
        Job cancelling = running.cancelling(new CancelRequest("tester", NOON, CancelRequest.Reason.REQUESTED));
        assertTrue(store.transition(running, cancelling));
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ZERO);
        assertFalse(store.publish(running, succeeded, result(running)));
        assertFalse(store.transition(running, cancelling));
        assertEquals(Optional.of(cancelling), store.find(running.id()));
        assertFalse(Files.exists(active(running).resolve("result")));
    }

    @Test
    void theManifestHasTheHashOfEveryFileOfTheResult() throws Exception {
        Path result = ended(succeeded("hashed")).resolve("result");
        String manifest = Files.readString(result.resolve("manifest.json"));
        try (Stream<Path> files = Files.list(result)) {
            for (Path file :
                    files.filter(path -> !path.endsWith("manifest.json")).toList()) {
                byte[] digest =
                        java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                assertTrue(manifest.contains(java.util.HexFormat.of().formatHex(digest)), file.toString());
            }
        }
    }

    @Test
    void theStagesMoveWithTheEndedJob() throws Exception {
        Job running = running("staged");
        assertEquals(Optional.empty(), store.report(running));
        store.storeReport(running, report());
        assertEquals(Optional.of(report()), store.report(running));
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
        assertTrue(store.publish(running, succeeded, result(running)));
        assertEquals(Optional.of(report()), store.report(running), "also for a caller that has the running job");
        reopen();
        assertEquals(Optional.of(report()), store.report(succeeded));
        assertEquals(Optional.of(succeeded), store.find(succeeded.id()));
    }

    @Test
    void aTornStagesFileIsIgnored() throws Exception {
        Job running = running("torn");
        store.storeReport(running, report());
        byte[] whole = Files.readAllBytes(active(running).resolve("stages.json"));
        for (int length = 0; length < whole.length; length++) {
            Files.write(active(running).resolve("stages.json"), Arrays.copyOf(whole, length));
            assertEquals(Optional.empty(), store.report(running));
        }
        Files.write(active(running).resolve("stages.json"), new byte[whole.length]);
        assertEquals(Optional.empty(), store.report(running));
        Files.writeString(active(running).resolve("stages.json"), "[]");
        assertEquals(Optional.empty(), store.report(running));
        String unknown = new String(whole, StandardCharsets.UTF_8).replace("SKIPPED", "LOST");
        Files.writeString(active(running).resolve("stages.json"), unknown);
        assertEquals(Optional.empty(), store.report(running));
    }

    @Test
    void aJobSucceedsIfItsStagesCannotBeWritten() throws Exception {
        Job running = running("unwritable");
        Files.createDirectory(active(running).resolve("stages.json"));
        store.storeReport(running, report());
        assertEquals(Optional.empty(), store.report(running));
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
        assertTrue(store.publish(running, succeeded, result(running)));
    }

    @Test
    void aFolderWithoutARequestWasNeverAccepted() throws Exception {
        Path torn = Files.createDirectory(
                dataDir.resolve("active").resolve(JobId.random().toString()));
        Files.writeString(torn.resolve("request.json.tmp"), "{\"job_");
        reopen();
        assertEquals(List.of(), store.unfinished());
        assertFalse(Files.exists(torn));
    }

    @Test
    void anEndIsFinalEvenIfTheFolderHasNotMoved() throws Exception {
        Job failed = failed("nearly");
        Files.move(ended(failed), active(failed));
        reopen();
        assertEquals(Optional.of(failed), store.find(failed.id()));
        assertEquals(List.of(), store.unfinished());
        assertTrue(Files.isDirectory(ended(failed)));
    }

    @Test
    void aResultWithoutAnOutcomeIsNoResult() throws Exception {
        Job succeeded = succeeded("half");
        Files.move(ended(succeeded), active(succeeded));
        Files.delete(active(succeeded).resolve("outcome.json"));
        Files.createDirectory(active(succeeded).resolve("attempt-1"));
        reopen();
        assertEquals(JobState.RUNNING, store.find(succeeded.id()).orElseThrow().state());
        assertFalse(Files.exists(active(succeeded).resolve("result")));
        assertEquals(JobState.RUNNING, list().jobs().get(0).state(), "the index follows the folders");
    }

    @Test
    void aDamagedRequestIsRepairedFromTheIndex() throws Exception {
        Job damaged = accepted("damaged");
        Files.writeString(active(damaged).resolve("request.json"), "{\"job_id\":");
        reopen();
        assertEquals(List.of(damaged), store.unfinished());
        close();
        AtomicFiles.delete(dataDir.resolve("db"));
        open();
        assertEquals(List.of(damaged), store.unfinished(), "the file is whole again");
    }

    @Test
    void aFolderBeyondRepairMovesToRecoveryAndOtherJobsRun() throws Exception {
        Job damaged = accepted("damaged");
        Job whole = accepted("whole");
        Files.writeString(active(damaged).resolve("request.json"), "{\"job_id\":");
        close();
        AtomicFiles.delete(dataDir.resolve("db"));
        open();
        assertEquals(List.of(whole), store.unfinished());
        try (Stream<Path> recovered = Files.walk(dataDir.resolve("recovery"))) {
            assertTrue(recovered.anyMatch(path -> path.endsWith(damaged.id().toString())));
        }
    }

    @Test
    void aLostIndexIsRebuiltFromTheFolders() throws Exception {
        Job succeeded = succeeded("one");
        Job failed = failed("two");
        Job pending = accepted("three");
        close();
        AtomicFiles.delete(dataDir.resolve("db"));
        open();
        assertEquals(List.of(pending, failed, succeeded), list().jobs());
        assertEquals(1, list().counts().get(JobState.SUCCEEDED));
    }

    @Test
    void aBrokenIndexMovesToRecoveryAndIsRebuilt() throws Exception {
        Job succeeded = succeeded("one");
        Job pending = accepted("two");
        close();
        for (String file : List.of("jobs.script", "jobs.data")) {
            Files.writeString(dataDir.resolve("db").resolve(file), "not a database");
        }
        open();
        assertEquals(List.of(pending, succeeded), list().jobs());
        try (Stream<Path> recovered = Files.walk(dataDir.resolve("recovery"))) {
            assertTrue(recovered.anyMatch(path -> path.endsWith("db/jobs.data")));
        }
    }

    /** HSQLDB does not check the text of its log. */
    @Test
    void aDamagedColumnIsDetected() throws Exception {
        Job keyed = accepted("keyed", "a", new IdempotencyKey("key-of-keyed", "sha"));
        Job ended = keyed.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
        assertTrue(store.transition(keyed, ended));
        close();
        try (JobDatabase index = new JobDatabase(dataDir.resolve("db"));
                var connection = java.sql.DriverManager.getConnection(
                        "jdbc:hsqldb:file:" + dataDir.resolve("db/jobs"), "tinderbox", "tinderbox");
                var statement = connection.createStatement()) {
            assertEquals(1, statement.executeUpdate("UPDATE job SET idempotency = 'another'"), index::toString);
        }
        open();
        assertEquals(Optional.of(ended), store.findByKey("tester", "key-of-keyed"));
    }

    @Test
    void anIndexThatFailedIsRebuiltByTheNextStart() throws Exception {
        Job succeeded = succeeded("one");
        close();
        Files.writeString(dataDir.resolve("db/stale"), "");
        open();
        assertTrue(store.isIndexCurrent());
        assertEquals(List.of(succeeded), list().jobs());
        assertTrue(Files.isDirectory(dataDir.resolve("recovery")));
    }

    @Test
    void anIndexThatFailsHidesNothingAndIsRebuilt() throws Exception {
        Job before = succeeded("before");
        Job tooLong = accepted("too long", "x".repeat(1_000_000), null);
        assertEquals(List.of(), store.purgeable(100, NOON, NOON, 10), "waits for the index");
        assertFalse(store.isIndexCurrent());
        Job keyed = accepted("keyed", "a", new IdempotencyKey("key", "sha"));
        Job ended = keyed.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
        assertTrue(store.transition(keyed, ended));
        assertEquals(List.of(ended, tooLong, before), list().jobs());
        assertEquals(Optional.of(ended), store.find(ended.id()));
        assertEquals(Optional.of(ended), store.findByKey("tester", "key"));
        assertTrue(store.delete(before));
        assertEquals(Optional.empty(), store.find(before.id()), "no matter what the index says");
        assertEquals(List.of(ended, tooLong), list().jobs());
        close();
        AtomicFiles.delete(active(tooLong));
        open();
        assertTrue(store.isIndexCurrent());
        assertEquals(List.of(ended), list().jobs());
        assertEquals(Optional.of(ended), store.findByKey("tester", "key"));
    }

    private Job cancelled(String key) {
        Job pending = accepted("any", "a", key == null ? null : new IdempotencyKey(key, "sha"));
        Job cancelled = pending.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
        assertTrue(store.transition(pending, cancelled));
        return cancelled;
    }

    @Test
    void recentKeysDoNotProtectOtherJobsFromBeingPurged() {
        cancelled("one");
        cancelled("two");
        Job third = cancelled(null);
        Job fourth = cancelled(null);
        Job fifth = cancelled(null);
        Instant later = NOON.plusSeconds(1);
        assertEquals(List.of(third, fourth), store.purgeable(100, later, NOON, 2), "too old");
        assertEquals(List.of(third, fourth), store.purgeable(1, NOON, NOON, 2), "too many");
        assertEquals(List.of(third), store.purgeable(2, NOON, NOON, 2), "of five the two newest are kept in any case");
        assertEquals(List.of(), store.purgeable(3, NOON, NOON, 2), "the two with keys are those that are too many");
        assertEquals(List.of(third, fourth, fifth), store.purgeable(0, NOON, NOON, 100));
    }

    @Test
    void jobsArePurgedAlsoAfterTheIndexHasFailed() {
        Job keyed = cancelled("one");
        Job second = cancelled(null);
        Job third = cancelled(null);
        Job fourth = cancelled(null);
        Instant later = NOON.plusSeconds(1);
        Job tooLong = accepted("too long", "x".repeat(1_000_000), null);
        assertEquals(List.of(fourth, third, second), store.purgeable(100, later, NOON, 10));
        assertFalse(store.isIndexCurrent());
        assertEquals(List.of(), store.purgeable(100, NOON, NOON, 10), "none is too old");
        assertEquals(List.of(third, second), store.purgeable(1, NOON, NOON, 10), "three are too many");
        assertEquals(List.of(second), store.purgeable(1, NOON, NOON, 2), "the oldest first");
        assertEquals(List.of(third, second, keyed), store.purgeable(1, NOON, later, 10), "a key of yesterday");
        assertTrue(store.delete(second));
        assertEquals(List.of(third), store.purgeable(1, NOON, NOON, 10), "deleted jobs do not come back");
        assertEquals(List.of(tooLong, fourth, third, keyed), list().jobs());
    }

    @Test
    void changesThatAreNotYetInTheIndexAreVisible() throws Exception {
        for (int i = 0; i < 100; i++) {
            Job pending = accepted("keyed", "a", new IdempotencyKey("key", "sha"));
            Job ended = pending.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
            assertTrue(store.transition(pending, ended));
            assertEquals(Optional.of(ended), store.find(ended.id()));
            assertEquals(Optional.of(ended), store.findByKey("tester", "key"));
            assertEquals(List.of(ended), list().jobs());
            assertEquals(List.of(ended), store.purgeable(0, Instant.EPOCH, NOON.plusSeconds(1), 10));
            assertTrue(store.delete(ended));
            assertEquals(Optional.empty(), store.find(ended.id()));
            assertEquals(Optional.empty(), store.findByKey("tester", "key"));
            assertEquals(List.of(), list().jobs());
        }
        reopen();
        assertEquals(List.of(), list().jobs());
    }

    @Test
    void aDamagedOutcomeIsRepairedFromTheIndex() throws Exception {
        Job failed = failed("one");
        close();
        Files.writeString(ended(failed).resolve("outcome.json"), "{}");
        try (JobDatabase index = new JobDatabase(dataDir.resolve("db"))) {
            assertEquals(Map.of(failed.id(), failed), index.findEnded(List.of(failed.id())));
        }
        open();
        assertEquals(Optional.of(failed), store.find(failed.id()));
    }

    @Test
    void anEndedJobWithoutAnOutcomeIsShownAsFailed() throws Exception {
        Job succeeded = succeeded("one");
        close();
        Files.writeString(ended(succeeded).resolve("outcome.json"), "{}");
        AtomicFiles.delete(dataDir.resolve("db"));
        open();
        Job shown = list().jobs().get(0);
        assertEquals(succeeded.id(), shown.id());
        assertEquals(JobState.FAILED, shown.state());
    }

    @Test
    void aResultThatDoesNotMatchItsManifestIsNotServed() throws Exception {
        Job succeeded = succeeded("one");
        Files.writeString(ended(succeeded).resolve("result/data.csv"), "word\n");
        assertThrows(IOException.class, () -> store.result(succeeded));
    }

    @Test
    void anAcknowledgedCancelHoldsEvenIfItsFileIsDamaged() throws Exception {
        Job running = running("one");
        store.transition(running, running.cancelling(new CancelRequest("t", NOON, CancelRequest.Reason.REQUESTED)));
        close();
        Files.writeString(active(running).resolve("cancel.json"), "");
        open();
        assertEquals(JobState.CANCELLING, store.find(running.id()).orElseThrow().state());
    }

    /** Makes the next write of this file fail after the rename: the temporary file is a device that cannot be flushed. */
    private static void breakFlushOf(Path file) throws IOException {
        Files.createSymbolicLink(file.resolveSibling(file.getFileName() + ".tmp"), Path.of("/dev/null"));
    }

    @Test
    void aCancelThatFailedDoesNotHoldAfterACrash() throws Exception {
        Job running = running("one");
        breakFlushOf(active(running).resolve("cancel.json"));
        Job cancelling = running.cancelling(new CancelRequest("t", NOON, CancelRequest.Reason.TIMED_OUT));
        assertThrows(UncheckedIOException.class, () -> store.transition(running, cancelling));
        assertEquals(Optional.of(running), store.find(running.id()));
        reopen();
        assertEquals(JobState.RUNNING, store.find(running.id()).orElseThrow().state());
    }

    @Test
    void anEndThatFailedCanBeRetried() throws Exception {
        Job pending = accepted("one");
        breakFlushOf(active(pending).resolve("outcome.json"));
        Job ended = pending.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
        assertThrows(UncheckedIOException.class, () -> store.transition(pending, ended));
        assertTrue(store.transition(pending, ended));
        reopen();
        assertEquals(Optional.of(ended), store.find(ended.id()));
    }

    @Test
    void theFirstJobsOfAMonthMayEndAtTheSameTime() throws Exception {
        int threads = 8;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        List<Job> ended = new ArrayList<>();
        try {
            for (int month = 0; month < 24; month++) {
                Instant at = NOON.plus(Duration.ofDays(31L * month));
                CyclicBarrier together = new CyclicBarrier(threads);
                List<Callable<Job>> ends = new ArrayList<>();
                for (int i = 0; i < threads; i++) {
                    Job running = running("a");
                    Job failed = running.ended(
                            new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "why", "so")), at, Duration.ZERO);
                    ends.add(() -> {
                        together.await();
                        assertTrue(store.transition(running, failed));
                        return failed;
                    });
                }
                for (Future<Job> end : pool.invokeAll(ends)) {
                    ended.add(end.get());
                }
            }
        } finally {
            pool.shutdown();
        }
        reopen();

        assertFalse(Files.exists(dataDir.resolve("recovery")));
        for (Job job : ended) {
            assertEquals(Optional.of(job), store.find(job.id()));
        }
    }

    @Test
    void aFailedJobIsFoundByItsCauseAlsoAfterARestart() throws IOException {
        Job running = running("a");
        store.transition(
                running,
                running.ended(
                        new Outcome.Failed(new Failure(ErrorCode.INVALID_QUERY, "No Column\nis wrod", "so")),
                        NOON,
                        Duration.ZERO));
        for (int starts = 0; starts < 2; starts++) {
            for (String text : List.of("no column", "IS WROD", "invalid_query")) {
                JobFilter filter = new JobFilter(Set.of(), null, text, null, null, null, JobOrigin.NONE, List.of());
                assertEquals(
                        List.of(running.id()),
                        store.list(new JobQuery(filter, 100, 0)).jobs().stream()
                                .map(Job::id)
                                .toList(),
                        text);
            }
            reopen();
        }
    }

    private Job edited(Job job, String name, String note) {
        JobPatch patch = new JobPatch(true, name, true, note, false, Map.of("run", name));
        return store.edit(job.id(), now -> patch.applyTo(now, "editor", NOON)).orElseThrow();
    }

    private List<JobId> found(String text) {
        JobFilter filter = new JobFilter(
                Set.of(), null, text, null, null, null, JobOrigin.NONE, List.of(new JobFilter.Label("run", text)));
        return store.list(new JobQuery(filter, 100, 0)).jobs().stream()
                .map(Job::id)
                .toList();
    }

    @Test
    void noEditIsLostAndNoneMakesAChangeOfTheStateFail() throws Exception {
        int jobs = 8;
        int edits = 12;
        List<Job> pending = new ArrayList<>();
        for (int i = 0; i < jobs; i++) {
            pending.add(accepted("job " + i));
        }
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (Job job : pending) {
                all.add(pool.submit(() -> {
                    Job now = job;
                    // As the attempts do, without reading what others have changed meanwhile.
                    for (int attempt = 0; attempt < 3; attempt++) {
                        Job running = now.started(NOON);
                        assertTrue(store.transition(now, running));
                        now = running.requeued();
                        assertTrue(store.transition(running, now));
                    }
                    Job running = now.started(NOON);
                    assertTrue(store.transition(now, running));
                    Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
                    assertTrue(store.publish(running, succeeded, result(running)));
                    return null;
                }));
                all.add(pool.submit(() -> {
                    for (int i = 1; i <= edits; i++) {
                        JobPatch one = new JobPatch(false, null, false, null, false, Map.of("e" + i % 10, "" + i));
                        store.edit(job.id(), now -> one.applyTo(now, "editor", NOON));
                        edited(job, "name " + i, "note " + i);
                    }
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            pool.shutdown();
        }
        for (boolean restart : new boolean[] {false, true}) {
            if (restart) {
                reopen();
            }
            for (Job job : pending) {
                Job now = store.find(job.id()).orElseThrow();
                assertEquals(JobState.SUCCEEDED, now.state());
                assertEquals(4, now.attempt());
                assertEquals("name 12", now.name());
                assertEquals("note 12", now.note());
                assertEquals(11, now.labels().size());
                assertEquals("10", now.labels().get("e0"));
            }
            assertEquals(jobs, found("name 12").size());
            assertEquals(List.of(), found("name 11"));
        }
    }

    @Test
    void aListReadDuringAnEditKeepsNothingOld() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            jobs.add(failed("before"));
        }
        for (int round = 0; round < 3; round++) {
            reopen();
            String name = "name " + round;
            ExecutorService pool = Executors.newFixedThreadPool(2);
            try {
                List<Future<?>> all = new ArrayList<>();
                all.add(pool.submit(() -> jobs.forEach(job -> edited(job, name, ""))));
                for (Job job : jobs) {
                    all.add(pool.submit(() -> store.find(List.of(job.id()))));
                }
                for (Future<?> each : all) {
                    each.get();
                }
            } finally {
                pool.shutdown();
            }
            list().jobs().forEach(job -> assertEquals(name, job.name()));
        }
    }

    @Test
    void editsSurviveACrashInEveryState() throws Exception {
        Job waiting = edited(accepted("a"), "waiting", "w");
        Job running = edited(running("b"), "running", "r");
        Job ended = edited(failed("c"), "ended", "e");
        Job last = failed("d");
        // The index has all of this; from now on it lacks what is edited.
        Path crashed = dataDir.resolve("crashed");
        close();
        copy(dataDir.resolve("db"), crashed.resolve("db"));
        open();
        last = edited(last, "last", "l");
        ended = edited(ended, "again", "e2");
        running = edited(running, "still", "r2");
        for (String folder : List.of("active", "ended")) {
            copy(dataDir.resolve(folder), crashed.resolve(folder));
        }
        Files.copy(dataDir.resolve("db/edited"), crashed.resolve("db/edited"), StandardCopyOption.REPLACE_EXISTING);
        close();
        store = new FolderJobStore(crashed, Clock.systemUTC());
        for (Job job : List.of(waiting, running, ended, last)) {
            Job found = store.find(job.id()).orElseThrow();
            assertEquals(job.edits(), found.edits());
            assertEquals(List.of(job.id()), found(job.name()));
        }
        store.close();
        assertFalse(Files.exists(crashed.resolve("db/edited")), "the index has all");
        store = new FolderJobStore(crashed, Clock.systemUTC());
        assertEquals(ended.edits(), store.find(ended.id()).orElseThrow().edits());
        assertEquals(List.of(ended.id()), found("again"));
    }

    @Test
    void damagedEditsAreRestoredFromTheIndexOrPutAside() throws Exception {
        Job restored = edited(accepted("a"), "restored", "r");
        Job lost = edited(accepted("b"), "lost", "l");
        close();
        Files.writeString(active(restored).resolve("edits.json"), "torn");
        open();
        assertEquals(restored.edits(), store.find(restored.id()).orElseThrow().edits());
        close();
        Files.writeString(active(lost).resolve("edits.json"), "torn");
        AtomicFiles.delete(dataDir.resolve("db"));
        open();
        assertEquals(restored.edits(), store.find(restored.id()).orElseThrow().edits());
        assertEquals("b", store.find(lost.id()).orElseThrow().name());
        try (Stream<Path> files = Files.walk(dataDir.resolve("recovery"))) {
            assertTrue(files.anyMatch(file -> file.endsWith("edits.json")));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.createDirectories(copy.getParent());
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    @Test
    void aJobIsAcceptedEvenIfTheListenerFails() throws Exception {
        store.addListener(new JobListener() {
            @Override
            public void changed(Job job) {
                throw new OutOfMemoryError("thrown by the test");
            }

            @Override
            public void deleted(Job job) {}
        });
        Job job = accepted("unlucky", "a", new IdempotencyKey("key", "sha"));
        assertEquals(List.of(job), store.unfinished());
        assertEquals(Optional.of(job), store.findByKey("tester", "key"));
        reopen();
        assertEquals(List.of(job), store.unfinished());
    }

    @Test
    void aJobIsGoneBeforeItsFilesAre() throws Exception {
        Job succeeded = succeeded("large");
        Path deletedFolder = dataDir.resolve("deleted").resolve(succeeded.id().toString());
        AtomicBoolean existed = new AtomicBoolean();
        store.addListener(new JobListener() {
            @Override
            public void changed(Job job) {}

            @Override
            public void deleted(Job job) {
                existed.set(Files.isDirectory(deletedFolder));
            }
        });
        assertTrue(store.delete(succeeded));
        assertTrue(existed.get(), "the listener is called before the files are deleted");
        assertFalse(Files.exists(deletedFolder));
    }

    @Test
    void jobsThatTheIndexLacksAreAdded() throws Exception {
        Job succeeded = succeeded("forgotten");
        Job failed = failed("lagging");
        close();
        try (JobDatabase index = new JobDatabase(dataDir.resolve("db"))) {
            index.removeAll(List.of(succeeded.id(), failed.id()));
            index.putAll(List.of(Job.accepted(failed.request())));
        }
        open();
        assertEquals(List.of(failed, succeeded), list().jobs());
    }

    @Test
    void aJobWhoseFolderIsGoneIsNotListed() throws Exception {
        Job pending = accepted("gone");
        close();
        AtomicFiles.delete(active(pending));
        open();
        assertEquals(0, list().total());
        assertEquals(Optional.empty(), store.find(pending.id()));
    }

    @Test
    void listsAreFilteredAndCounted() throws Exception {
        Job blue = succeeded("Blue Whale");
        Job red = failed("red herring");
        Job green = accepted("green turtle");
        assertEquals(
                List.of(red), store.list(query(Set.of(JobState.FAILED), null)).jobs());
        JobPage<Job> whales = store.list(query(Set.of(), "wHaLe"));
        assertEquals(List.of(blue), whales.jobs());
        assertEquals(1, whales.total());
        assertEquals(
                List.of(green),
                store.list(query(Set.of(), green.id().toString())).jobs());
        JobPage<Job> failedWhales = store.list(query(Set.of(JobState.FAILED), "whale"));
        assertEquals(0, failedWhales.total());
        assertEquals(1, failedWhales.counts().get(JobState.SUCCEEDED), "counts are under the other filters");
        assertEquals(List.of(), store.list(query(Set.of(), "100%_")).jobs(), "nothing in a text is a pattern");
        assertEquals(
                List.of(red),
                store.list(new JobQuery(Set.of(), "word-count", null, "tester", 1, 1))
                        .jobs());
        assertEquals(
                0, store.list(new JobQuery(Set.of(), "sql", null, null, 1, 0)).total());
        assertEquals(
                0,
                store.list(new JobQuery(Set.of(), null, null, "nobody", 1, 0)).total());
    }

    @Test
    void aRestartKeepsWhatListsAreFilteredAndSortedBy() throws Exception {
        Job succeeded = succeeded("b");
        Job failed = failed("a");
        Job rerun = Job.accepted(labelled(failed.id()));
        store.accept(rerun);
        Job ended = rerun.ended(new Outcome.Cancelled("t"), NOON.plusSeconds(9), Duration.ZERO);
        assertTrue(store.transition(rerun, ended));
        for (int start = 0; start < 2; start++) {
            assertEquals(List.of(ended), list(failed.id(), List.of()).jobs());
            assertEquals(
                    List.of(ended),
                    list(
                                    null,
                                    List.of(
                                            new JobFilter.Label("a", null),
                                            new JobFilter.Label("team/x", "a:b\uD83D\uDC0B")))
                            .jobs());
            assertEquals(
                    List.of(),
                    list(null, List.of(new JobFilter.Label("a", "x"))).jobs());
            assertEquals(List.of(failed, succeeded, ended), sorted(JobSort.Column.NAME, false));
            assertEquals(List.of(ended, failed, succeeded), sorted(JobSort.Column.FINISHED_AT, true));
            assertEquals(List.of(failed, succeeded, ended), sorted(JobSort.Column.DURATION_MS, true), "null is last");
            reopen();
        }
    }

    private JobRequest labelled(JobId rerunOf) {
        return new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                "c",
                true,
                Map.of(),
                List.of(),
                "",
                Map.of("a", "", "team/x", "a:b\uD83D\uDC0B"),
                "tester",
                NOON,
                new JobOrigin(rerunOf, RUN_SET, PRESET),
                null);
    }

    private JobPage<Job> list(JobId rerunOf, List<JobFilter.Label> labels) {
        return store.list(new JobQuery(
                new JobFilter(Set.of(), null, null, null, null, null, new JobOrigin(rerunOf, RUN_SET, PRESET), labels),
                100,
                0));
    }

    private List<Job> sorted(JobSort.Column column, boolean descending) {
        return store.list(new JobQuery(JobFilter.NONE, new JobSort(column, descending), null, null, 100, 0))
                .jobs();
    }

    /** Jobs are stored in another order than they are numbered. */
    @Test
    void pagesNeitherSkipNorRepeatAJobWhileJobsComeAndGo() throws Exception {
        int writers = 4;
        Set<JobId> kept = ConcurrentHashMap.newKeySet();
        AtomicInteger working = new AtomicInteger(writers);
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            List<Future<?>> writes = new ArrayList<>();
            for (int writer = 0; writer < writers; writer++) {
                writes.add(threads.submit(() -> {
                    for (int i = 0; i < 100; i++) {
                        Job job = accepted("job");
                        store.settle(job.request().seq());
                        kept.add(job.id());
                        if (i % 3 == 0) {
                            Job ended = job.ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO);
                            assertTrue(store.transition(job, ended));
                            kept.remove(job.id());
                            assertTrue(store.delete(ended));
                        }
                    }
                    working.decrementAndGet();
                }));
            }
            Set<JobId> followed = new HashSet<>();
            long after = 0;
            boolean last = false;
            while (!last) {
                last = working.get() == 0;
                Set<JobId> before = Set.copyOf(kept);
                Set<JobId> walked = walk();
                before.stream()
                        .filter(kept::contains)
                        .forEach(id -> assertTrue(walked.contains(id), "a job was skipped"));
                JobPage<Job> page;
                do {
                    page = store.list(new JobQuery(JobFilter.NONE, null, null, after, 7, 0));
                    page.jobs().forEach(job -> assertTrue(followed.add(job.id()), "a job was repeated"));
                    after = page.seen();
                } while (page.next() != null);
            }
            for (Future<?> write : writes) {
                write.get();
            }
            assertTrue(followed.containsAll(kept), "a job was skipped");
        } finally {
            threads.shutdownNow();
        }
    }

    /** From the newest job to the oldest, page by page. */
    private Set<JobId> walk() {
        Set<JobId> walked = new HashSet<>();
        JobPage<Job> page = store.list(JobQuery.newest(7));
        while (true) {
            page.jobs().forEach(job -> assertTrue(walked.add(job.id()), "a job was repeated"));
            if (page.next() == null) {
                return walked;
            }
            page = store.list(new JobQuery(JobFilter.NONE, null, page.next(), null, 7, 0));
        }
    }

    private static JobQuery query(Set<JobState> states, String text) {
        return new JobQuery(states, null, text, null, 100, 0);
    }

    @Test
    void aDeletedJobIsGoneFromDiskAndIndex() throws Exception {
        Job succeeded = succeeded("unwanted");
        assertTrue(store.delete(succeeded));
        assertFalse(store.delete(succeeded));
        assertFalse(Files.exists(ended(succeeded)));
        reopen();
        assertEquals(0, list().total());
    }

    @Test
    void aDeletionCreatesItsFolderButFailsIfAllEndedJobsAreGone() throws Exception {
        Job first = succeeded("first");
        Job second = succeeded("second");
        AtomicFiles.delete(dataDir.resolve("deleted"));
        assertTrue(store.delete(first));
        Path away = Files.move(dataDir.resolve("ended"), dataDir.resolve("away"));
        assertThrows(RuntimeException.class, () -> store.delete(second));
        Files.move(away, dataDir.resolve("ended"));
        assertEquals(Optional.of(second), store.find(second.id()));
        assertTrue(store.delete(second));
        assertEquals(0, list().total());
    }

    @Test
    void aJobWhoseFolderIsGoneIsGoneFromTheIndexToo() throws Exception {
        Job deleted = succeeded("deleted");
        Job kept = succeeded("kept");
        close();
        // As after a crash in the middle of a deletion, in a month that is not among the newest.
        Files.move(
                ended(deleted), dataDir.resolve("deleted").resolve(deleted.id().toString()));
        Files.createDirectories(dataDir.resolve("ended/2026-02"));
        Files.createDirectories(dataDir.resolve("ended/2026-03"));
        open();
        assertEquals(Optional.empty(), store.find(deleted.id()));
        assertEquals(List.of(kept), list().jobs());
    }

    @Test
    void twoServersDoNotShareADataDir() throws Exception {
        Path shared = dataDir.resolve("shared");
        try (DataDir first = DataDir.open(shared)) {
            assertEquals(shared, first.path());
            DataDir.UnavailableException refused =
                    assertThrows(DataDir.UnavailableException.class, () -> DataDir.open(shared));
            assertTrue(refused.getMessage()
                    .contains(Long.toString(ProcessHandle.current().pid())));
        }
        DataDir.open(shared).close();
    }
}
