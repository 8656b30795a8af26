package tinderbox.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.common.FileErrors;
import tinderbox.common.Redactor;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.support.ServerLog;

/** The lock of the data dir, and its scratch folders. */
class DataDirTest {
    @TempDir
    Path path;

    private static Job job(FolderJobStore store) {
        return Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "word-count",
                "n",
                true,
                Map.of(),
                List.of(),
                "",
                "t",
                Instant.EPOCH,
                null,
                null));
    }

    private static List<String> names(Path folder) throws Exception {
        try (Stream<Path> children = Files.list(folder)) {
            return children.map(child -> child.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    @SuppressWarnings("try") // The store is closed early, as by a server that has lost its data dir.
    void aServerWhoseDataDirWasTakenOverWritesNothing() throws Exception {
        CountDownLatch takenOver = new CountDownLatch(1);
        try (ServerLog log = new ServerLog();
                DataDir first = DataDir.open(path);
                DataDirMonitor monitor = new DataDirMonitor(first, takenOver::countDown)) {
            Job before;
            Job meanwhile;
            try (FolderJobStore store = new FolderJobStore(first, Clock.systemUTC(), Redactor.NONE)) {
                before = job(store);
                store.accept(before);
                Files.delete(path.resolve("lock"));
                meanwhile = job(store);
                store.accept(meanwhile);
                assertFalse(first.isTakenOver(), "not taken over yet");
                DataDir.open(path).close();
                assertTrue(takenOver.await(30, TimeUnit.SECONDS), monitor::toString);
                JobException refused = assertThrows(JobException.class, () -> store.accept(job(store)));
                assertEquals(ErrorCode.SHUTTING_DOWN, refused.code());
                Job running = before.started(Instant.EPOCH);
                assertThrows(JobException.class, () -> store.transition(before, running));
            }
            try (DataDir second = DataDir.open(path);
                    FolderJobStore others = new FolderJobStore(second, Clock.systemUTC(), Redactor.NONE)) {
                assertEquals(List.of(before, meanwhile), others.unfinished());
                assertEquals(2, others.list(JobQuery.newest(9)).total());
            }
            assertEquals(
                    1,
                    log.lines("has taken the data dir").size(),
                    () -> log.lines().toString());
            assertEquals(
                    0, log.lines("cannot be written").size(), () -> log.lines().toString());
        }
    }

    @Test
    void scratchFoldersKeepWhatTheServerDidNotCreate() throws Exception {
        String uuid = UUID.randomUUID().toString();
        try (ServerLog log = new ServerLog();
                DataDir dataDir = DataDir.open(path)) {
            Path datasets = dataDir.folder("datasets");
            Path incoming = dataDir.incomingFolder(datasets);
            Path spark = dataDir.runFolder("spark");
            Path owners = dataDir.ownersFolder("owners");
            Files.writeString(incoming.resolve(uuid), "part of an upload");
            Files.createDirectory(incoming.resolve(UUID.randomUUID() + "-of-a-person"));
            Files.writeString(incoming.resolve("notes.txt"), "");
            Files.createDirectory(incoming.resolve(UUID.randomUUID().toString()));
            Files.createDirectories(spark.resolve("blockmgr/00"));
            Files.createDirectories(spark.resolveSibling("blockmgr-" + uuid));
            Files.writeString(spark.resolveSibling("notes.txt"), "");
            Files.createDirectories(spark.resolveSibling("mine/a"));
            Files.createDirectories(owners.resolve("folder/a"));
            Files.writeString(owners.resolve("a.txt"), "lab");
            dataDir.incomingFolder(datasets);
            Path next = dataDir.runFolder("spark");
            dataDir.ownersFolder("owners");
            assertEquals(3, names(incoming).size(), () -> log.lines().toString());
            assertFalse(Files.exists(incoming.resolve(uuid)));
            assertEquals(List.of("mine", "notes.txt", next.getFileName().toString()), names(spark.getParent()));
            assertEquals(List.of("a.txt", "folder"), names(owners));
            assertEquals(6, log.lines("is left alone").size(), () -> log.lines().toString());
        }
    }

    @Test
    void reasonsForClientsHaveNoPathsAndNoClassNames() {
        assertEquals("permission denied", FileErrors.describeWithoutPath(new AccessDeniedException("/secret")));
        assertEquals(
                "Read-only file system",
                FileErrors.describeWithoutPath(new FileSystemException("/secret", null, "Read-only file system")));
        assertEquals("input or output failed", FileErrors.describeWithoutPath(new IOException("/secret")));
    }

    @Test
    void aScratchFolderMayBeALinkToAnotherDisk(@TempDir Path elsewhere) throws Exception {
        try (DataDir dataDir = DataDir.open(path)) {
            for (String name : List.of("spark", "incoming", "owners", "datasets", "active", "ended")) {
                Files.createSymbolicLink(path.resolve(name), Files.createDirectory(elsewhere.resolve(name)));
            }
            dataDir.runFolder("spark");
            dataDir.incomingFolder(dataDir.folder("datasets"));
            dataDir.ownersFolder("owners");
            new FolderJobStore(dataDir, Clock.systemUTC(), Redactor.NONE).close();
            for (String name : List.of("spark", "incoming", "owners", "datasets", "active", "ended")) {
                assertTrue(Files.isSymbolicLink(path.resolve(name)), name);
            }
            assertEquals(1, names(elsewhere.resolve("spark")).size());
        }
    }
}
