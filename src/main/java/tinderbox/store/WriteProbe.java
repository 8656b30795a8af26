package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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
 * Finds out whether the data dir can be written, by writing: a new file of one byte in each of some folders. That tells
 * of a full disk, of full inodes, of a file system that has turned read-only, and of folders that are gone. An outage
 * is logged once when it begins and once when it ends.
 */
final class WriteProbe {
    /** However many ask, files are written no more often than this. */
    private static final Duration FRESH = Duration.ofMillis(500);

    private static final Duration FRESH_IF_IDLE = Duration.ofSeconds(5);
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
     * @param what for callers, without a path
     */
    record Outage(String what, IOException cause, long sinceNanos) {
        JobException refusal() {
            return StorageFailure.of(cause);
        }
    }

    WriteProbe(Path dataDir) {
        this.dataDir = dataDir;
        String name = ".probe-" + UUID.randomUUID();
        this.files = List.of(
                dataDir.resolve("active").resolve(name),
                dataDir.resolve("ended").resolve(name));
        this.probedNanos = System.nanoTime() - FRESH_IF_IDLE.toNanos();
    }

    /** The folders exist, and are probed from now on. */
    void begin() {
        begun = true;
    }

    /** The outage that there is now, found out at most half a second ago. */
    Optional<Outage> outage() {
        return outage(FRESH);
    }

    /** For a caller that asks all the time. */
    Optional<Outage> watch() {
        return outage(outage == null ? FRESH_IF_IDLE : FRESH);
    }

    /** The outage that there is now, after a write has failed. */
    Optional<Outage> outageNow() {
        return outage(Duration.ZERO);
    }

    /** Never waits for a disk that hangs while another thread does already. */
    private Optional<Outage> outage(Duration notOlderThan) {
        if (begun && System.nanoTime() - probedNanos >= notOlderThan.toNanos() && probing.tryLock()) {
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
                Files.write(file, new byte[1]);
                Files.delete(file);
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
                outage = new Outage(what(e), e, System.nanoTime());
                LOG.error(
                        "The data dir {} cannot be written ({}); no job is accepted or started, and the ends of jobs"
                                + " wait, until it can",
                        dataDir,
                        FileErrors.describe(e));
            } else {
                outage = new Outage(what(e), e, before.sinceNanos());
            }
        }
    }

    private static String what(IOException e) {
        return e instanceof NoSuchFileException ? "folders in it are gone" : FileErrors.describeWithoutPath(e);
    }
}
