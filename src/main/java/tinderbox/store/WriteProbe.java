package tinderbox.store;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.JobException;
import tinderbox.job.StorageFailure;

/**
 * Finds out whether the data dir can be written, by writing a new file of one byte to some of its folders. That detects
 * a full disk, a lack of inodes, a file system that has turned read-only, and missing folders. An outage is logged once
 * when it begins and once when it ends.
 */
final class WriteProbe {
    /** Files are written no more often than this, however many threads ask. */
    private static final Duration MAX_AGE = Duration.ofMillis(500);

    private static final Duration MAX_AGE_IF_IDLE = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(WriteProbe.class);

    private final Path dataDir;
    private final List<Path> files;
    private final ReentrantLock probing = new ReentrantLock();
    private volatile boolean begun;
    private volatile Outage outage;
    private volatile long probedNanos;

    /**
     * Why the data dir cannot be written.
     *
     * @param reason for clients, without a path
     */
    record Outage(String reason, IOException cause, long sinceNanos) {
        JobException refusal() {
            return StorageFailure.of(cause);
        }
    }

    WriteProbe(Path dataDir) {
        this.dataDir = dataDir;
        String name = newName();
        this.files = List.of(
                dataDir.resolve("active").resolve(name),
                dataDir.resolve("ended").resolve(name));
        this.probedNanos = System.nanoTime() - MAX_AGE_IF_IDLE.toNanos();
    }

    /** A new name for a probe file; {@link tinderbox.store.files.AtomicFiles#isLeftover} recognizes it after a crash. */
    private static String newName() {
        return ".probe-" + UUID.randomUUID();
    }

    private static void write(Path file) throws IOException {
        Files.write(file, new byte[1]);
        Files.delete(file);
    }

    /** Writes and deletes a file in this folder. */
    static void requireWritable(Path folder) throws IOException {
        write(folder.resolve(newName()));
    }

    /** Whether the system can rename a file from one folder to the other. True if that cannot be found out. */
    static boolean canRename(Path from, Path to) {
        String name = newName();
        try {
            Path file = Files.createFile(from.resolve(name));
            try {
                Files.delete(Files.move(file, to.resolve(name), StandardCopyOption.ATOMIC_MOVE));
                return true;
            } catch (AtomicMoveNotSupportedException e) {
                Files.delete(file);
                return false;
            }
        } catch (IOException e) {
            // The first real rename fails with a better message.
            return true;
        }
    }

    /** Starts probing; the folders must exist. */
    void begin() {
        begun = true;
    }

    /** The present outage, as of at most half a second ago. */
    Optional<Outage> outage() {
        return outage(MAX_AGE);
    }

    /** As {@link #outage()}, but probes less often while all is well; for a monitor that polls. */
    Optional<Outage> poll() {
        return outage(outage == null ? MAX_AGE_IF_IDLE : MAX_AGE);
    }

    /** The present outage, probed now; for use after a write has failed. */
    Optional<Outage> outageNow() {
        return outage(Duration.ZERO);
    }

    /** If another thread is probing, perhaps on a disk that hangs, returns the last outcome instead of waiting. */
    private Optional<Outage> outage(Duration maxAge) {
        if (begun && System.nanoTime() - probedNanos >= maxAge.toNanos() && probing.tryLock()) {
            try {
                probe();
                probedNanos = System.nanoTime();
            } finally {
                probing.unlock();
            }
        }
        return Optional.ofNullable(outage);
    }

    private void probe() {
        Outage before = outage;
        try {
            for (Path file : files) {
                write(file);
            }
            outage = null;
            if (before != null) {
                LOG.info(
                        "The data dir {} can be written again, after {} s",
                        dataDir,
                        Duration.ofNanos(System.nanoTime() - before.sinceNanos())
                                .toSeconds());
            }
        } catch (IOException e) {
            if (before == null) {
                outage = new Outage(reason(e), e, System.nanoTime());
                LOG.error(
                        "The data dir {} cannot be written ({}); until it can, no job is accepted or started, and jobs"
                                + " that complete wait",
                        dataDir,
                        FileErrors.describe(e));
            } else {
                outage = new Outage(reason(e), e, before.sinceNanos());
            }
        }
    }

    private static String reason(IOException e) {
        return e instanceof NoSuchFileException ? "folders in it are gone" : FileErrors.describeWithoutPath(e);
    }
}
