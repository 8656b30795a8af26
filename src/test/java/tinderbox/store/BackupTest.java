package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.Column;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobLog;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.ResultWriter;

class BackupTest {
    private static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");

    private static final ProgressReport REPORT =
            new ProgressReport(1, new Progress("counting", 1, 1, 8, 0, 8, 10L, 10L, 5L, 3, 4), List.of(), 0);

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
                JobId.random(), store.nextSeq(), "word-count", "n", Map.of(), "tester", NOON, null, null));
        store.accept(job);
        return job;
    }

    private Job succeeded(Job pending) throws IOException {
        Job running = pending.started(NOON);
        assertTrue(store.transition(pending, running));
        store.keep(running, REPORT);
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            writer.row(List.of("x"));
            Job succeeded = running.ended(new Outcome.Succeeded(1), NOON, Duration.ofMillis(7));
            assertTrue(store.publish(running, succeeded, writer.finish(Map.of("words", 1L))));
            return succeeded;
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
        try (JobLog log = store.openLog(running, JobLog.SMALLEST)) {
            for (int i = 0; i < 1_000; i++) {
                log.info("line " + i);
            }
        }
        Path zip = folder.resolve("copy.zip");
        assertEquals(3, Backup.write(folder.resolve("data"), zip));
        try (FolderJobStore copy = restored(zip)) {
            assertEquals(Optional.of(pending), copy.find(pending.id()));
            assertEquals(Optional.of(succeeded), copy.find(succeeded.id()));
            assertEquals(store.result(succeeded), copy.result(succeeded));
            assertEquals(Optional.of(REPORT), copy.report(succeeded));
            assertEquals(JobState.RUNNING, copy.find(running.id()).orElseThrow().state());
            assertEquals(log(store, running), log(copy, running));
            assertEquals(3, copy.list(JobQuery.newest(10)).total());
        }
    }

    @Test
    void aCopyMadeUnderLoadHasEveryJobOnceAndNoHalfResult() throws Exception {
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
        assertTrue(mixed > 0, "no copy was made in the middle of the load");
    }

    @Test
    void whatIsNoDataDirOrWouldBeOverwrittenIsRefused() throws Exception {
        Path zip = folder.resolve("copy.zip");
        assertThrows(NotDirectoryException.class, () -> Backup.write(folder, zip));
        Files.writeString(zip, "precious");
        assertThrows(FileAlreadyExistsException.class, () -> Backup.write(folder.resolve("data"), zip));
        assertEquals("precious", Files.readString(zip));
    }
}
