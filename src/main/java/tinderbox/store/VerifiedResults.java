package tinderbox.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tinderbox.common.LruMap;
import tinderbox.job.JobId;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ResultFiles;

/**
 * Opens the rows of results after checking them against the hash in their manifest. Hashing takes about a second for a
 * GB, so a verified file is not hashed again until it changes.
 */
final class VerifiedResults {
    private static final int LOCKS = 64;
    private static final int MAX_REMEMBERED = 1000;

    private final Map<JobId, Stamp> verified = Collections.synchronizedMap(new LruMap<>(MAX_REMEMBERED));
    /** Striped by job, so that two readers do not hash the same rows at the same time. */
    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();

    /** A version of a file, by its size and time. */
    private record Stamp(long size, FileTime modified) {
        private static Stamp of(Path file) throws IOException {
            return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
        }
    }

    /** Marks the rows of a job as verified, because they were hashed while they were written. */
    void markVerified(JobId id, Path rows) throws IOException {
        verified.put(id, Stamp.of(rows));
    }

    /** Whether {@link #open} need not hash the rows first. True also if there are none. */
    boolean isVerified(JobId id, Path rows) {
        try {
            return Stamp.of(rows).equals(verified.get(id));
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * Opens the rows of a job; empty if there are none.
     *
     * @throws ChecksummedJson.DamagedException if they do not match the manifest
     */
    Optional<SeekableByteChannel> open(JobId id, Path rows) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(rows, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            verify(id, rows, channel);
            return Optional.of(channel.position(0));
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private void verify(JobId id, Path rows, FileChannel channel) throws IOException {
        synchronized (locks[Math.floorMod(id.hashCode(), LOCKS)]) {
            Stamp stamp = Stamp.of(rows);
            if (!stamp.equals(verified.get(id))) {
                ResultFiles.verifyRows(rows, id, channel);
                verified.put(id, stamp);
            }
        }
    }
}
