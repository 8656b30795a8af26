package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.CancelRequest;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.RunSet;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.files.AtomicFiles;

class BackupTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    private static final ProgressReport REPORT =
            new ProgressReport(1, new Progress("counting", 1, 1, 8, 0, 8, 10L, 10L, 5L, 3, 4), List.of(), 0, null);

    @TempDir
    Path folder;

    private FolderJobStore store;

    @BeforeEach
    void open() throws IOException {
        store = new FolderJobStore(folder.resolve("data"), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Job accepted() {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                "n",
                true,
                Map.of(),
                List.of(),
                "",
                "tester",
                NOON,
                null,
                null));
        store.accept(job);
        return job;
    }

    private Job succeeded(Job pending) throws IOException {
        Job running = pending.started(NOON);
        assertTrue(store.transition(pending, running));
        store.storeReport(running, REPORT);
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            writer.row(List.of("x"));
            Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
            assertTrue(store.publish(running, succeeded, writer.finish(Map.of("words", 1L))));
            return succeeded;
        }
    }

    @Test
    void aRunSetComesBackWithItsJobsAndOneThatWasNotAcceptedDoesNot() throws Exception {
        List<RunSet> sets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            RunSet set = TestRunSets.create(store.nextSeq(), 1, new IdempotencyKey("key-" + i, "sha"), NOON);
            store.accept(set, TestRunSets.jobs(set, store::nextSeq));
            sets.add(set);
        }
        Path file = folder.resolve("data/run-sets").resolve(sets.get(1).id() + ".json");
        Files.move(file, file.resolveSibling(sets.get(1).id() + ".pending"));
        Path zip = folder.resolve("sets.zip");
        assertEquals(List.of(), Backup.write(folder.resolve("data"), zip).missing());
        try (FolderJobStore restored = restored(zip)) {
            assertEquals(Optional.of(sets.get(0)), restored.find(sets.get(0).id()));
            assertEquals(1, restored.entries().size());
            assertEquals(
                    List.of(sets.get(0).id()),
                    restored.unfinished().stream()
                            .map(job -> job.request().origin().runSet())
                            .toList());
        }
    }

    private FolderJobStore restored(Path zip) throws IOException {
        Path to = folder.resolve(zip.getFileName() + "-restored");
        try (InputStream in = Files.newInputStream(zip);
                ZipInputStream entries = new ZipInputStream(in)) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                Path target = to.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.getParent());
                    Files.copy(entries, target);
                }
            }
        }
        return new FolderJobStore(to, Clock.systemUTC());
    }

    private static List<String> log(FolderJobStore store, Job job) throws IOException {
        List<String> lines = new ArrayList<>();
        for (Path part : JobLog.files(store.logFolder(job.id()).orElseThrow())) {
            lines.add(part.getFileName().toString());
            lines.addAll(Files.readAllLines(part));
        }
        assertTrue(lines.size() > 1_001);
        return lines;
    }

    @Test
    void everyJobComesBackAsItWas() throws Exception {
        Job pending = accepted();
        Job succeeded = succeeded(accepted());
        Job started = accepted();
        Job running = started.started(NOON);
        store.transition(started, running);
        Job stopping = accepted();
        Job cancelled = stopping.started(NOON);
        store.transition(stopping, cancelled);
        store.transition(
                cancelled, cancelled.cancelling(new CancelRequest("tester", NOON, CancelRequest.Reason.REQUESTED)));
        try (JobLog log = store.openLog(running, JobLog.MIN_BYTES)) {
            for (int i = 0; i < 1_000; i++) {
                log.info("line " + i);
            }
        }
        Path zip = folder.resolve("copy.zip");
        assertEquals(4, Backup.write(folder.resolve("data"), zip).jobs());
        try (FolderJobStore copy = restored(zip)) {
            assertEquals(
                    JobState.CANCELLING, copy.find(cancelled.id()).orElseThrow().state());
            assertEquals(Optional.of(pending), copy.find(pending.id()));
            assertEquals(Optional.of(succeeded), copy.find(succeeded.id()));
            assertEquals(store.result(succeeded), copy.result(succeeded));
            assertEquals(Optional.of(REPORT), copy.report(succeeded));
            assertEquals(Optional.of(started), copy.find(running.id()), "a copy does not count as a crash");
            assertEquals(log(store, running), log(copy, running));
            assertEquals(4, copy.list(JobQuery.newest(10)).total());
        }
    }

    @Test
    void aCopyUnderLoadHasEveryJobAndOnlyCompleteResults() throws Exception {
        List<Job> jobs = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            jobs.add(accepted());
        }
        ExecutorService server = Executors.newSingleThreadExecutor();
        Future<?> load = server.submit(() -> {
            for (Job job : jobs) {
                succeeded(job);
            }
            return null;
        });
        int copies = 0;
        int mixed = 0;
        while (!load.isDone()) {
            Path zip = folder.resolve("copy-" + copies++ + ".zip");
            Backup.write(folder.resolve("data"), zip);
            try (FolderJobStore copy = restored(zip)) {
                assertEquals(300, copy.list(JobQuery.newest(500)).total());
                int whole = 0;
                for (Job job : jobs) {
                    Job found = copy.find(job.id()).orElseThrow();
                    if (found.state() == JobState.SUCCEEDED) {
                        whole++;
                        assertEquals(1, copy.result(found).orElseThrow().rows());
                    }
                }
                mixed += whole > 0 && whole < 300 ? 1 : 0;
            }
        }
        load.get();
        server.shutdown();
        assertTrue(mixed > 0, "no copy was taken in the middle of the load");
    }

    @Test
    void tokensAndFormatAreInTheCopyWhichOnlyItsOwnerCanRead() throws Exception {
        Path data = folder.resolve("data");
        DataDir.open(data).close();
        Files.writeString(data.resolve("tokens.json"), "{\"tokens\":[]}");
        Files.writeString(Files.createDirectories(data.resolve("owners")).resolve("a.txt"), "ann");
        Path zip = folder.resolve("copy.zip");

        Backup.write(data, zip);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(zip)));
        restored(zip).close();
        Path copy = folder.resolve("copy.zip-restored");
        assertEquals("{\"tokens\":[]}", Files.readString(copy.resolve("tokens.json")));
        assertEquals("ann", Files.readString(copy.resolve("owners/a.txt")));
        assertEquals("1\n", Files.readString(copy.resolve("format")));
    }

    @Test
    void foldersOnAnotherDiskAreInTheCopy() throws Exception {
        Path data = folder.resolve("data");
        Job pending = accepted();
        Job succeeded = succeeded(accepted());
        Path datasets = Files.createDirectories(data.resolve("datasets"));
        Path inside = Files.writeString(datasets.resolve("a.txt"), "a");
        Path outside = Files.writeString(folder.resolve("outside.txt"), "secret");
        Files.createSymbolicLink(datasets.resolve("b.txt"), inside);
        Files.createSymbolicLink(datasets.resolve("c.txt"), outside);
        Files.createSymbolicLink(datasets.resolve("loop"), datasets);
        Files.writeString(datasets.resolve("outcome.json"), "named as a file of a job");
        for (String name : List.of("active", "ended", "datasets")) {
            Path elsewhere = Files.createDirectories(folder.resolve("disk2"));
            Files.move(data.resolve(name), elsewhere.resolve(name));
            Files.createSymbolicLink(data.resolve(name), elsewhere.resolve(name));
        }
        Path month = JobFolders.children(data.resolve("ended")).findFirst().orElseThrow();
        Files.move(month, folder.resolve("month"));
        Files.createSymbolicLink(month, folder.resolve("month"));
        Path zip = folder.resolve("copy.zip");

        Backup.Copy copy = Backup.write(data, zip);

        assertEquals(2, copy.jobs());
        assertEquals(List.of(), copy.missing());
        assertEquals(2, copy.leftOut().size(), copy::toString);
        try (FolderJobStore restored = restored(zip)) {
            assertEquals(Optional.of(pending), restored.find(pending.id()));
            assertEquals(Optional.of(succeeded), restored.find(succeeded.id()));
        }
        Path restored = folder.resolve("copy.zip-restored/datasets");
        assertEquals("a", Files.readString(restored.resolve("a.txt")));
        assertEquals("a", Files.readString(restored.resolve("b.txt")), "a link to a file inside is followed");
        assertFalse(Files.exists(restored.resolve("c.txt")), "a link to a file outside is left out");
        Files.delete(month);
        Files.delete(data.resolve("ended"));
        Files.createSymbolicLink(data.resolve("ended"), folder.resolve("not-mounted"));
        Path none = folder.resolve("none.zip");
        assertThrows(FileSystemException.class, () -> Backup.write(data, none));
        assertFalse(Files.exists(none));
    }

    @Test
    void aJobInTheIndexWithoutAFolderIsReported() throws Exception {
        Job job = succeeded(accepted());
        accepted();
        Path month = store.logFolder(job.id()).orElseThrow().getParent();
        store.close();
        Path data = folder.resolve("data");
        // As if a disk were not mounted.
        AtomicFiles.delete(month);

        Backup.Copy copy = Backup.write(data, folder.resolve("copy.zip"));

        assertEquals(1, copy.jobs());
        assertEquals(1, copy.missing().size(), copy::toString);
        assertTrue(copy.missing().get(0).contains(job.id().toString()), copy::toString);
        store = new FolderJobStore(data, Clock.systemUTC());
    }

    @Test
    void aCopyIsNotWrittenIntoTheDataDir() throws Exception {
        Path data = folder.resolve("data");
        accepted();
        Path link = Files.createSymbolicLink(folder.resolve("link"), data.resolve("active"));
        Path disk = Files.createDirectories(folder.resolve("disk2"));
        Files.createSymbolicLink(data.resolve("datasets"), disk);

        for (Path zip : List.of(
                data.resolve("a.zip"), data.resolve("ended/a.zip"), link.resolve("a.zip"), disk.resolve("a.zip"))) {
            assertThrows(FileSystemException.class, () -> Backup.write(data, zip), zip.toString());
            assertFalse(Files.exists(zip));
        }
    }

    @Test
    void existingFilesAreKeptAndOneOfTwoConcurrentBackupsFails() throws Exception {
        Path data = folder.resolve("data");
        accepted();
        Path zip = folder.resolve("copy.zip");
        Path other = Files.writeString(folder.resolve("copy.zip.tmp"), "precious");
        ExecutorService two = Executors.newFixedThreadPool(2);

        List<Future<Boolean>> ended = two.invokeAll(List.of(() -> isWritten(data, zip), () -> isWritten(data, zip)));

        two.shutdown();
        assertEquals(1, (ended.get(0).get() ? 1 : 0) + (ended.get(1).get() ? 1 : 0), "one of them fails");
        assertEquals("precious", Files.readString(other));
        try (FolderJobStore restored = restored(zip);
                Stream<Path> files = Files.list(folder)) {
            assertEquals(1, restored.list(JobQuery.newest(10)).total());
            assertEquals(
                    List.of("copy.zip.tmp"),
                    files.map(file -> file.getFileName().toString())
                            .filter(name -> name.endsWith(".tmp"))
                            .toList());
        }
    }

    private static boolean isWritten(Path data, Path zip) throws IOException {
        try {
            Backup.write(data, zip);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    @Test
    void aFolderThatIsNotADataDirAndAnExistingFileAreRefused() throws Exception {
        Path zip = folder.resolve("copy.zip");
        assertThrows(NotDirectoryException.class, () -> Backup.write(folder, zip));
        Files.writeString(zip, "precious");
        assertThrows(FileAlreadyExistsException.class, () -> Backup.write(folder.resolve("data"), zip));
        assertEquals("precious", Files.readString(zip));
    }

    @Test
    void whatIsNotAFileIsLeftOutAndReported() throws Exception {
        Path zip = folder.resolve("copy.zip");
        Job job = accepted();
        Path directory =
                folder.resolve("data/active").resolve(JobId.random().toString()).resolve("request.json");
        Files.createDirectories(directory);
        Path pipe =
                folder.resolve("data/active").resolve(JobId.random().toString()).resolve("request.json");
        Files.createDirectories(pipe.getParent());
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());

        Backup.Copy copy = Backup.write(folder.resolve("data"), zip);

        assertEquals(1, copy.jobs());
        assertEquals(List.of(), copy.missing());
        assertEquals(Set.of(directory + ": it is not a file", pipe + ": it is not a file"), Set.copyOf(copy.leftOut()));
        try (FolderJobStore restored = restored(zip)) {
            assertEquals(List.of(job), restored.unfinished());
        }
    }
}
