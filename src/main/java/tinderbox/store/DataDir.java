package tinderbox.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The folder that holds everything a server keeps, locked for this process as long as this is open. */
public final class DataDir implements AutoCloseable {
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    /** That the folder cannot be used; the message says why and what to do. */
    public static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private DataDir(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** Makes the folder where it is not there, and locks it without waiting. */
    public static DataDir open(Path path) throws UnavailableException {
        try {
            create(path);
            FileChannel channel = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = holder(channel);
                channel.close();
                throw new UnavailableException(
                        "the data dir " + path + " is in use by another Tinderbox" + holder
                                + "; stop that one, or choose another folder with --data-dir",
                        null);
            }
            channel.truncate(0);
            channel.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataDir(path, channel, lock);
        } catch (UnavailableException e) {
            throw e;
        } catch (IOException e) {
            throw new UnavailableException(
                    "the data dir " + path + " cannot be used (" + e
                            + "); choose another folder with --data-dir, or make it writable",
                    e);
        }
    }

    /** A new one is for its owner alone: jobs, logs and results are shown to whom the server knows, by the server. */
    public static void create(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix && !Files.exists(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where damaged things of a data dir are put that are found now. */
    static Path recovery(Path dataDir, Clock clock) {
        return dataDir.resolve("recovery").resolve(MOMENT.format(clock.instant()));
    }

    /** A folder in it that is empty now, whatever an earlier process left there. */
    public Path emptyFolder(String name) throws IOException {
        Path folder = path.resolve(name);
        Durable.delete(folder);
        return Files.createDirectory(folder);
    }

    /** Deletes a folder in it, with all that is in it; where it is not there, nothing happens. */
    public void removeFolder(String name) throws IOException {
        Durable.delete(path.resolve(name));
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
