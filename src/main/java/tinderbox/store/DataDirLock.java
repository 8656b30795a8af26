package tinderbox.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import tinderbox.common.FileErrors;

/** Holds the lock on the file {@code lock} of a data dir, which names the process that holds it. */
final class DataDirLock implements AutoCloseable {
    private static final int MAX_CONTENT_READ = 32;

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;
    /** What this process wrote into the file; null if the disk was too full. */
    private final String content;

    private final Object fileKey;
    private volatile boolean takenOver;

    private DataDirLock(Path file, FileChannel channel, FileLock lock, String content) throws IOException {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
        this.content = content;
        this.fileKey = fileKey(file);
    }

    /**
     * Takes the lock without waiting.
     *
     * @throws DataDir.UnavailableException if another process holds it
     */
    static DataDirLock acquire(Path dataDir) throws IOException {
        Path file = dataDir.resolve("lock");
        FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel);
        if (lock == null) {
            String holder = holder(channel);
            channel.close();
            throw new DataDir.UnavailableException(
                    "the data dir " + dataDir + " is in use by another Tinderbox" + holder
                            + "; stop that one, or choose another folder with --data-dir",
                    null);
        }
        String content = ProcessHandle.current().pid() + "\n" + UUID.randomUUID() + "\n";
        return new DataDirLock(file, channel, lock, write(channel, content) ? content : null);
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(MAX_CONTENT_READ);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    /** Returns false if the disk is too full even for this, which does no harm. */
    private static boolean write(FileChannel channel, String content) throws IOException {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (IOException e) {
            if (FileErrors.isFull(e)) {
                return false;
            }
            throw e;
        }
    }

    private static Object fileKey(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    /**
     * Whether another server has taken the data dir: somebody removed the lock file, and now there is another one. False
     * if there is none at all.
     */
    boolean isTakenOver() {
        if (takenOver) {
            return true;
        }
        try {
            // Some file systems change the key of a file while it exists, so the content is compared as well.
            takenOver = fileKey != null
                    && !fileKey.equals(fileKey(file))
                    && !(content != null && Files.readString(file).equals(content));
        } catch (IOException e) {
            return false;
        }
        return takenOver;
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
