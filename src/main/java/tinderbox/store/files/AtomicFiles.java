package tinderbox.store.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.TimingPoint;

/** File operations that are durable when they return. Only for threads that are never interrupted. */
public final class AtomicFiles {
    /** Measures each flush of a file or folder. */
    public static final TimingPoint FLUSHES = new TimingPoint();

    private static final Logger LOG = LoggerFactory.getLogger(AtomicFiles.class);
    /** Files that are left if the process dies while {@link #move} copies, or during a {@code WriteProbe}. */
    private static final Pattern LEFTOVER =
            Pattern.compile("\\.(copy|probe)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final AtomicBoolean COPY_LOGGED = new AtomicBoolean();

    private AtomicFiles() {}

    /**
     * Whether there is a file, folder or link of this name, even a broken link.
     *
     * @throws IOException if that cannot be found out; {@link Files#exists} would return false
     */
    public static boolean exists(Path path) throws IOException {
        try {
            Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Whether there is a folder of this name, or a link to one.
     *
     * @throws IOException if that cannot be found out; {@link Files#isDirectory} would return false
     */
    public static boolean isFolder(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Writes a temporary file, renames it to {@code file}, then flushes file and folder. A crash of the process never
     * leaves a part of the file. A power cut before this returns can, so the content needs a checksum, and a replaced
     * file must not be needed any more.
     *
     * <p>Flushing after the rename is faster: content and name reach the disk together, instead of one after the other.
     */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try (FileChannel channel = open(temporary)) {
            write(channel, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
            flush(channel);
        }
        sync(file.getParent());
    }

    /** As {@link #write}, but after a power cut there is the old content or the new. */
    static void replace(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try (FileChannel channel = open(temporary)) {
            write(channel, content);
            flush(channel);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.getParent());
    }

    private static Path temporary(Path file) {
        return file.resolveSibling(file.getFileName() + ".tmp");
    }

    private static FileChannel open(Path temporary) throws IOException {
        return FileChannel.open(
                temporary, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }

    private static void write(FileChannel channel, byte[] content) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    /**
     * Renames a file or folder, and flushes the new parent folder. If the system cannot rename it (the two folders are
     * on different file systems, or {@code from} is a folder in the lower layer of an overlay), copies and flushes it,
     * then deletes the original. {@code to} appears complete or not at all. A crash can leave both, but never neither.
     */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            sync(to.getParent());
        } catch (AtomicMoveNotSupportedException e) {
            if (!COPY_LOGGED.getAndSet(true)) {
                LOG.warn(
                        "The system cannot rename from {} to {}; files are copied and then deleted instead, which is"
                                + " slower. Keep both folders on one file system",
                        from.getParent(),
                        to.getParent());
            }
            moveByCopy(from, to);
        }
    }

    /** What {@link #move} does if the system cannot rename. */
    static void moveByCopy(Path from, Path to) throws IOException {
        Path copy = to.resolveSibling(".copy-" + UUID.randomUUID());
        try {
            copy(from, copy);
            Files.move(copy, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            try {
                delete(copy);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        sync(to.getParent());
        delete(from);
        sync(from.getParent());
    }

    /** Whether an earlier process left this behind: a probe, or a copy whose original still exists. Safe to delete. */
    public static boolean isLeftover(Path path) {
        return LEFTOVER.matcher(path.getFileName().toString()).matches();
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectory(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                if (attributes.isRegularFile()) {
                    sync(copy);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                sync(to.resolve(from.relativize(folder).toString()));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Creates a folder if it does not exist, and flushes its parent. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        sync(folder.getParent());
    }

    /** Flushes a file's content, or a folder's list of entries. */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            flush(channel);
        }
    }

    private static void flush(FileChannel channel) throws IOException {
        long started = System.nanoTime();
        channel.force(true);
        FLUSHES.ended(started);
    }

    /** Deletes a file, or a folder with all that is in it, without following links or flushing. */
    public static void delete(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Deleted already.
        }
    }
}
