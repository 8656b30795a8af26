package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.Outcome;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.store.DataDir;
import tinderbox.store.FolderJobStore;

/** The system cannot rename between some folders of the data dir. */
class OtherDisksIT {
    private static final Instant NOW = Instant.parse("2026-01-05T10:00:00Z");

    @TempDir
    Path base;

    private final Deque<SmallFileSystem> disks = new ArrayDeque<>();

    @AfterEach
    void unmount() {
        disks.forEach(SmallFileSystem::close);
    }

    private void requireMounted(Optional<SmallFileSystem> disk) {
        if (disk.isEmpty()) {
            System.out.println("SKIPPED: OtherDisksIT, this user may not mount a file system");
        }
        assumeTrue(disk.isPresent());
        disks.push(disk.get());
    }

    private static Job accepted(FolderJobStore store, String name) {
        Job job = Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                name,
                true,
                Map.of(),
                List.of(),
                "",
                "tester",
                NOW,
                null,
                null));
        store.accept(job);
        return job;
    }

    private static Job succeeded(FolderJobStore store, Job pending) throws IOException {
        Job running = pending.started(NOW);
        assertTrue(store.transition(pending, running));
        JobResult result;
        try (ResultWriter writer =
                new ResultWriter(store.attemptFolder(running), List.of(Column.string("word")), 1 << 20)) {
            writer.row(List.of("x"));
            result = writer.finish(Map.of("words", 1L));
        }
        Job succeeded = running.ended(new Outcome.Succeeded(1), NOW, Duration.ofMillis(7));
        assertTrue(store.publish(running, succeeded, result));
        assertEquals(Optional.of(result), store.result(succeeded));
        try (SeekableByteChannel rows = store.openRows(succeeded).orElseThrow()) {
            assertEquals(result.bytes(), rows.size());
        }
        return succeeded;
    }

    private static void assertJobCanRun(Path dataDir, Job waiting) throws IOException {
        Job ended;
        try (FolderJobStore store = new FolderJobStore(dataDir, Clock.systemUTC())) {
            ended = succeeded(store, waiting);
            assertFalse(Files.exists(dataDir.resolve("active/" + ended.id())));
            assertEquals(List.of(), store.unfinished());
        }
        try (FolderJobStore store = new FolderJobStore(dataDir, Clock.systemUTC())) {
            assertEquals(List.of(ended), store.list(JobQuery.newest(10)).jobs());
            assertTrue(store.delete(ended));
            assertTrue(store.list(JobQuery.newest(10)).jobs().isEmpty());
        }
        try (FolderJobStore store = new FolderJobStore(dataDir, Clock.systemUTC());
                Stream<Path> left = Files.list(dataDir.resolve("deleted"))) {
            assertTrue(store.list(JobQuery.newest(10)).jobs().isEmpty());
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"active", "ended", "deleted", "recovery", "db"})
    void aFolderMayBeOnAnotherDisk(String folder) throws Exception {
        Path dataDir = Files.createDirectories(base.resolve("data"));
        requireMounted(SmallFileSystem.mount(dataDir.resolve(folder), "16m"));
        Job waiting;
        try (FolderJobStore store = new FolderJobStore(dataDir, Clock.systemUTC())) {
            waiting = accepted(store, "waiting");
        }
        assertJobCanRun(dataDir, waiting);
    }

    @Test
    void theDataDirMayBeInTheLowerLayerOfAnOverlay() throws Exception {
        Path layers = Files.createDirectories(base.resolve("layers"));
        requireMounted(SmallFileSystem.mount(layers, "32m"));
        Path image = Files.createDirectories(layers.resolve("lower"));
        Job waiting;
        try (FolderJobStore store = new FolderJobStore(image, Clock.systemUTC())) {
            waiting = accepted(store, "waiting");
        }
        Path merged = base.resolve("merged");
        requireMounted(SmallFileSystem.mountOverlay(
                merged,
                image,
                Files.createDirectories(layers.resolve("upper")),
                Files.createDirectories(layers.resolve("work"))));
        assertJobCanRun(merged, waiting);
    }

    @Test
    void uploadsAreWrittenWhereTheyCanBeRenamedFrom() throws Exception {
        Path data = base.resolve("data");
        try (DataDir dataDir = DataDir.open(data)) {
            Path datasets = dataDir.folder("datasets");
            assertEquals(data.resolve("incoming"), dataDir.incomingFolder(datasets));
        }
        requireMounted(SmallFileSystem.mount(data.resolve("datasets"), "16m"));
        try (DataDir dataDir = DataDir.open(data)) {
            Path datasets = dataDir.folder("datasets");
            Path incoming = dataDir.incomingFolder(datasets);
            Path partial = Files.createFile(incoming.resolve(JobId.random().toString()));
            Files.move(partial, datasets.resolve("a"), StandardCopyOption.ATOMIC_MOVE);
            Files.createFile(incoming.resolve(JobId.random().toString()));
            try (Stream<Path> left = Files.list(dataDir.incomingFolder(datasets))) {
                assertEquals(List.of(), left.toList(), "uploads of an earlier process are deleted");
            }
        }
    }
}
