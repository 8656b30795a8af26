package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;
import tinderbox.support.ServerLog;

/** Files in a data dir that the server did not create, or cannot read, are logged and left alone. No job is harmed. */
class UnknownFilesTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    @TempDir
    Path dataDir;

    private FolderJobStore store;
    private ServerLog log;

    @BeforeEach
    void open() throws IOException {
        log = new ServerLog();
        store = new FolderJobStore(dataDir, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
        log.close();
    }

    /** Restarts, with the index or without it. */
    private void reopen(boolean withIndex) throws IOException {
        close();
        if (!withIndex) {
            AtomicFiles.delete(dataDir.resolve("db"));
        }
        open();
    }

    private Job accepted(String name) {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                name,
                true,
                Map.of("input", "a"),
                List.of(),
                "",
                "tester",
                NOON,
                null,
                null));
        store.accept(job);
        return job;
    }

    private Job running(String name) {
        Job pending = accepted(name);
        Job running = pending.started(NOON);
        assertTrue(store.transition(pending, running));
        return running;
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

    private static Job failed(Job running) {
        return running.ended(
                new Outcome.Failed(new Failure(ErrorCode.JOB_ERROR, "why", "so")), NOON, Duration.ofMillis(7));
    }

    private Path active(Job job) {
        return dataDir.resolve("active").resolve(job.id().toString());
    }

    private Path ended(Job job) {
        return dataDir.resolve("ended/2026-01").resolve(job.id().toString());
    }

    private List<Job> list() {
        return store.list(JobQuery.newest(100)).jobs();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to.getParent());
        try (Stream<Path> all = Files.walk(from)) {
            for (Path path : all.toList()) {
                Files.copy(path, to.resolve(from.relativize(path)), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static Path file(Path path) throws IOException {
        Files.createDirectories(path.getParent());
        return Files.writeString(path, "of a person");
    }

    private void assertReported(Path unknown) {
        List<String> lines = log.lines(unknown + " is left alone");
        assertEquals(1, lines.size(), () -> unknown + " must be logged once in " + log.lines());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nothingInEndedHidesAPendingJob(boolean withIndex) throws Exception {
        Job empty = accepted("an empty folder has its id");
        Job copied = accepted("a copy of it is in a folder of a person");
        Job elsewhere = accepted("a copy of it is among the ended jobs");
        Job file = accepted("a file has its id");
        Job noted = accepted("a folder with something else has its id");
        Job torn = accepted("a torn outcome is there");
        Path emptyFolder = Files.createDirectories(
                dataDir.resolve("ended/2026-10").resolve(empty.id().toString()));
        Path backup = dataDir.resolve("ended/backup-of-november");
        copy(active(copied), backup.resolve(copied.id().toString()));
        Path among = dataDir.resolve("ended/2026-10").resolve(elsewhere.id().toString());
        copy(active(elsewhere), among);
        Path plain = file(dataDir.resolve("ended/2026-10").resolve(file.id().toString()));
        Path note = file(dataDir.resolve("ended/2026-09/" + noted.id() + "/note.txt"));
        Path half = dataDir.resolve("ended/2026-01").resolve(torn.id().toString());
        copy(active(torn), half);
        Files.writeString(half.resolve("outcome.json"), "{\"crc32c\":\"0000");
        List<Job> all = List.of(empty, copied, elsewhere, file, noted, torn);
        reopen(withIndex);
        assertEquals(all, store.unfinished());
        assertEquals(6, list().size());
        for (Path unknown : List.of(emptyFolder, backup, among, plain, note.getParent(), half)) {
            assertTrue(Files.exists(unknown), unknown::toString);
            assertReported(unknown);
        }
        // They end in the months in which the unknown files are.
        for (Job job : all) {
            Instant at = job.id().equals(torn.id()) ? NOON : Instant.parse("2026-10-03T00:00:00Z");
            Job ended = job.ended(new Outcome.Cancelled("t"), at, Duration.ZERO);
            assertTrue(store.transition(job, ended));
        }
        reopen(withIndex);
        assertEquals(List.of(), store.unfinished());
        assertEquals(6, store.list(JobQuery.newest(100)).counts().get(JobState.CANCELLED));
        try (Stream<Path> kept = Files.walk(dataDir.resolve("recovery"))) {
            assertTrue(kept.anyMatch(path -> path.endsWith(file.id().toString())), "what was in the way is kept");
        }
        assertTrue(Files.exists(note));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unknownFilesAreLeftAlone(boolean withIndex) throws Exception {
        Job pending = accepted("pending");
        Job succeeded = succeeded("succeeded");
        List<Path> unknownFiles = List.of(
                file(dataDir.resolve("active/notes.txt")),
                file(dataDir.resolve("active/" + UUID.randomUUID())),
                file(dataDir.resolve("active/lost+found/a")).getParent(),
                file(dataDir.resolve("active/" + UUID.randomUUID() + "/mine.txt"))
                        .getParent(),
                file(dataDir.resolve("active/" + succeeded.id() + "/mine.txt")).getParent(),
                file(dataDir.resolve("ended/README")),
                file(dataDir.resolve("ended/2026-13/a")).getParent(),
                file(dataDir.resolve("ended/2026-02")),
                file(dataDir.resolve("ended/" + UUID.randomUUID() + "/a")).getParent(),
                file(dataDir.resolve("ended/2026-01/.DS_Store")),
                file(dataDir.resolve("ended/2026-01/" + UUID.randomUUID())),
                file(dataDir.resolve("ended/2026-01/" + UUID.randomUUID() + "/a"))
                        .getParent(),
                file(dataDir.resolve("deleted/a/b")).getParent(),
                file(dataDir.resolve("deleted/" + UUID.randomUUID() + "/b")).getParent());
        reopen(withIndex);
        assertEquals(List.of(succeeded, pending), list());
        for (Path unknown : unknownFiles) {
            assertTrue(Files.exists(unknown), unknown::toString);
            assertReported(unknown);
        }
        assertEquals(Optional.empty(), store.find(JobId.random()), "a lookup skips them");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aFolderWithTheWrongIdIsNotAJob(boolean withIndex) throws Exception {
        Job succeeded = succeeded("ended");
        Job pending = accepted("pending");
        Path asActive = dataDir.resolve("active/" + UUID.randomUUID());
        Path asEnded = dataDir.resolve("ended/2026-01/" + UUID.randomUUID());
        Path asAnotherMonth = dataDir.resolve("ended/2025-12/" + succeeded.id());
        Path pendingAgain = dataDir.resolve("active/" + UUID.randomUUID());
        copy(ended(succeeded), asActive);
        copy(ended(succeeded), asEnded);
        copy(ended(succeeded), asAnotherMonth);
        copy(active(pending), pendingAgain);
        reopen(withIndex);
        assertEquals(List.of(pending), store.unfinished());
        assertEquals(List.of(pending, succeeded), list());
        for (Path unknown : List.of(asActive, asEnded, pendingAgain)) {
            assertTrue(Files.isRegularFile(unknown.resolve("request.json")));
            assertReported(unknown);
        }
        assertTrue(Files.isDirectory(asAnotherMonth.resolve("result")));
    }

    @Test
    void anOutcomeOrResultOfAnotherJobIsNotUsed() throws Exception {
        Job one = succeeded("one");
        Job other = succeeded("other");
        Job waiting = accepted("waiting");
        Files.copy(ended(one).resolve("outcome.json"), active(waiting).resolve("outcome.json"));
        Files.copy(
                ended(one).resolve("result/manifest.json"),
                ended(other).resolve("result/manifest.json"),
                StandardCopyOption.REPLACE_EXISTING);
        reopen(true);
        assertEquals(List.of(waiting), store.unfinished());
        IOException damaged = assertThrows(IOException.class, () -> store.result(other));
        assertTrue(damaged.getMessage().contains(one.id().toString()), damaged::toString);
        assertThrows(IOException.class, () -> store.openRows(other), "nor its rows");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCopyOfAnEndedJobIsDeletedOnlyIfItsOutcomeIsIntact(boolean withIndex) throws Exception {
        Job running = running("ended while it was copied");
        copy(active(running), dataDir.resolve("before"));
        Job failed = failed(running);
        assertTrue(store.transition(running, failed));
        Files.move(dataDir.resolve("before"), active(failed));
        reopen(withIndex);
        assertEquals(List.of(failed), list());
        assertFalse(Files.exists(active(failed)));
    }

    /** Replaces it by a link to itself, which exists and cannot be read, as on a failing disk. */
    private static void makeUnreadable(Path file) throws IOException {
        Files.move(file, file.resolveSibling("kept"));
        Files.createSymbolicLink(file, file.getFileName());
    }

    private static void makeReadable(Path file) throws IOException {
        Files.move(file.resolveSibling("kept"), file, StandardCopyOption.REPLACE_EXISTING);
    }

    /** A pipe, whose read would never return; a device or a sparse file, which would fill the memory. */
    private static void createHugeOrEndlessFile(int which, Path file) throws Exception {
        Files.createDirectories(file.getParent());
        Files.deleteIfExists(file);
        if (which == 0) {
            assertEquals(
                    0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
        } else if (which == 1) {
            Files.createSymbolicLink(file, Path.of("/dev/zero"));
        } else {
            try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                sparse.setLength(3L << 30);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void pipesDevicesAndHugeFilesDoNotStopTheStart(int which) throws Exception {
        Job sound = accepted("sound");
        Path request = dataDir.resolve("active").resolve(JobId.random().toString());
        createHugeOrEndlessFile(which, request.resolve("request.json"));
        Job running = running("its outcome is none");
        createHugeOrEndlessFile(which, active(running).resolve("outcome.json"));
        Job ended = succeeded("its outcome is none any more");
        createHugeOrEndlessFile(which, ended(ended).resolve("outcome.json"));
        Path deleted = dataDir.resolve("deleted").resolve(JobId.random().toString());
        createHugeOrEndlessFile(which, deleted.resolve("outcome.json"));
        reopen(false);
        assertEquals(List.of(sound), store.unfinished());
        for (Path unknown : List.of(request, active(running), ended(ended), deleted)) {
            assertReported(unknown);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void unreadableJobsComeBackWhenTheyAreReadable(boolean withIndex) throws Exception {
        Job request = accepted("its request cannot be read");
        Job outcome = running("its outcome cannot be read");
        Job ended = succeeded("ended, its request cannot be read");
        Job later = accepted("on another disk");
        Files.writeString(active(outcome).resolve("outcome.json"), "");
        makeUnreadable(active(request).resolve("request.json"));
        makeUnreadable(active(outcome).resolve("outcome.json"));
        makeUnreadable(ended(ended).resolve("request.json"));
        Path away = dataDir.resolve("elsewhere");
        Files.move(active(later).resolve("request.json"), away);
        Files.createSymbolicLink(active(later).resolve("request.json"), dataDir.resolve("not mounted"));
        reopen(withIndex);
        assertEquals(List.of(), store.unfinished());
        for (Path unread : List.of(active(request), active(outcome), active(later))) {
            assertTrue(Files.isDirectory(unread));
            assertReported(unread);
        }
        Job meanwhile = accepted("meanwhile");
        makeReadable(active(request).resolve("request.json"));
        Files.delete(active(outcome).resolve("outcome.json"));
        makeReadable(ended(ended).resolve("request.json"));
        Files.move(away, active(later).resolve("request.json"), StandardCopyOption.REPLACE_EXISTING);
        reopen(true);
        assertEquals(Set.of(request.id(), outcome.id(), later.id(), meanwhile.id()), ids(store.unfinished()));
        assertEquals(Set.of(request.id(), outcome.id(), later.id(), meanwhile.id(), ended.id()), ids(list()));
        if (withIndex) {
            assertEquals(request.id(), store.unfinished().get(0).id(), "the order is unchanged");
        }
    }

    private static Set<JobId> ids(List<Job> jobs) {
        return jobs.stream().map(Job::id).collect(Collectors.toSet());
    }

    private static JobRequest withNumberOf(Job other, String name) {
        return new JobRequest(
                JobId.random(),
                other.request().seq(),
                "word-count",
                name,
                true,
                Map.of(),
                List.of(),
                "",
                "t",
                NOON,
                null,
                null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void jobsFromAnotherDataDirMayHaveTheSameNumbers(boolean withIndex) throws Exception {
        Job one = succeeded("one");
        Job two = accepted("two");
        JobRequest third = withNumberOf(one, "3");
        Path folder = Files.createDirectories(dataDir.resolve("active/" + third.id()));
        ChecksummedJson.write(folder.resolve("request.json"), RequestFile.write(third));
        JobRequest fourth = withNumberOf(two, "4");
        Path ended = Files.createDirectories(dataDir.resolve("ended/2026-01/" + fourth.id()));
        ChecksummedJson.write(ended.resolve("request.json"), RequestFile.write(fourth));
        ChecksummedJson.write(
                ended.resolve("outcome.json"),
                OutcomeFile.write(Job.accepted(fourth).ended(new Outcome.Cancelled("t"), NOON, Duration.ZERO)));
        reopen(withIndex);
        assertEquals(Set.of(one.id(), two.id(), third.id(), fourth.id()), ids(list()));
        assertEquals(Set.of(two.id(), third.id()), ids(store.unfinished()));
        List<Job> before = list();
        reopen(true);
        assertEquals(before, list());
    }

    @Test
    void anInterruptedDeletionIsFinished() throws Exception {
        Job whole = succeeded("whole");
        Job half = succeeded("half");
        Job alive = succeeded("alive");
        Path deleted = dataDir.resolve("deleted");
        Files.move(ended(whole), deleted.resolve(whole.id().toString()));
        Files.move(ended(half), deleted.resolve(half.id().toString()));
        Files.delete(deleted.resolve(half.id() + "/request.json"));
        reopen(true);
        assertEquals(List.of(alive), list());
        try (Stream<Path> left = Files.list(deleted)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void aJobWhoseFolderIsDeletedWhileItRunsFails() throws Exception {
        Job running = running("unlucky");
        JobResult result = result(running);
        AtomicFiles.delete(active(running));
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ZERO);
        JobException refused = assertThrows(JobException.class, () -> store.publish(running, succeeded, result));
        assertEquals(ErrorCode.INTERNAL, refused.code());
        assertTrue(store.transition(running, failed(running)));
        reopen(true);
        assertEquals(JobState.FAILED, store.find(running.id()).orElseThrow().state());
    }
}
