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
 * Opens the rows of results, but none whose bytes are not those that the manifest vouches for. To see that takes a
 * while, about a second for a GB, so what was seen is remembered as long as the file does not change.
 */
final class VerifiedResults {
    private static final int LOCKS = 64;
    private static final int MOST = 1000;

    private final Map<JobId, Stamp> good = Collections.synchronizedMap(new LruMap<>(MOST));
    /** Whoever asks for rows that are being checked waits, and does not check them a second time. */
    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();

    /** What tells a file from the same one before it was changed. */
    private record Stamp(long size, FileTime changed) {
        private static Stamp of(Path file) throws IOException {
            return new Stamp(Files.size(file), Files.getLastModifiedTime(file));
        }
    }

    /** Takes the rows of a job, just written and hashed, for good as they stand. */
    void trust(JobId id, Path rows) throws IOException {
        good.put(id, Stamp.of(rows));
    }

    /** Whether the rows were seen to be good as they stand, or are not there. */
    boolean isChecked(JobId id, Path rows) {
        try {
            return Stamp.of(rows).equals(good.get(id));
        } catch (IOException e) {
            return true;
        }
    }

    /**
     * The rows of a job for reading; empty where there are none.
     *
     * @throws ChecksummedJson.DamagedException where they are not what was written
     */
    Optional<SeekableByteChannel> open(JobId id, Path rows) throws IOException {
        FileChannel channel;
        try {
            channel = FileChannel.open(rows, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        try {
            check(id, rows, channel);
            return Optional.of(channel.position(0));
        } catch (IOException | RuntimeException | Error e) {
            channel.close();
            throw e;
        }
    }

    private void check(JobId id, Path rows, FileChannel channel) throws IOException {
        synchronized (locks[Math.floorMod(id.hashCode(), LOCKS)]) {
            Stamp stamp = Stamp.of(rows);
            if (!stamp.equals(good.get(id))) {
                ResultFiles.checkRows(rows, id, channel);
                good.put(id, stamp);
            }
        }
    }
}
