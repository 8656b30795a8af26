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

/** File operations that have reached the disk when they return. Only for threads that nobody interrupts. */
public final class AtomicFiles {
    private static final Logger LOG = LoggerFactory.getLogger(AtomicFiles.class);
    /** What is left if the process ends while {@link #move} copies or {@code WriteProbe} looks. */
    private static final Pattern LEFTOVER =
            Pattern.compile("\\.(copy|probe)-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final AtomicBoolean SAID_THAT_IT_COPIES = new AtomicBoolean();

    private AtomicFiles() {}

    /**
     * Whether there is something of this name, be it a link that leads nowhere.
     *
     * @throws IOException if that cannot be known, which {@link Files#exists} takes for no
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
     * @throws IOException if that cannot be known, which {@link Files#isDirectory} takes for no
     */
    public static boolean isFolder(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).isDirectory();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /**
     * Puts a file in place: written beside it and renamed, so that no crash of the process shows a part of it; then
     * file and folder are flushed. In this order, for file and name go to the disk together then, where the other way
     * round the rename waits for the file, and its flush for the rename. A power cut before this returns can leave a
     * torn file, so its content must tell whether it is whole, and what is replaced must be of no worth.
     */
    static void write(Path file, byte[] content) throws IOException {
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            channel.force(true);
        }
        sync(file.getParent());
    }

    /**
     * Renames, and flushes the folder that it is in then. If the system cannot rename it (the two folders are on
     * different file systems, or {@code from} is a folder in the lower layer of an overlay), it is copied, flushed and
     * then deleted. {@code to} appears whole or not at all. A crash may leave it in the old place as well, never in
     * neither.
     */
    public static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
            sync(to.getParent());
        } catch (AtomicMoveNotSupportedException e) {
            if (!SAID_THAT_IT_COPIES.getAndSet(true)) {
                LOG.warn(
                        "The system cannot rename from {} to {}, which is slower: what moves there is copied and then"
                                + " deleted; keep both on one file system",
                        from.getParent(),
                        to.getParent());
            }
            moveByCopy(from, to);
        }
    }

    /** What {@link #move} does if the system cannot rename. */
    static void moveByCopy(Path from, Path to) throws IOException {
        Path beside = to.resolveSibling(".copy-" + UUID.randomUUID());
        try {
            copy(from, beside);
            Files.move(beside, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException | Error e) {
            try {
                delete(beside);
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
        sync(to.getParent());
        delete(from);
        sync(from.getParent());
    }

    /** Whether this is part of a copy whose original is whole, or a probe: what an earlier process had no time to delete. */
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

    /** Makes a folder where it is not there, and flushes the one it is in. */
    public static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        sync(folder.getParent());
    }

    /** Flushes a file's content, or a folder's list of names. */
    public static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a folder with all that is in it, links themselves and not what they lead to; not flushed. */
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
            // Gone already, which is what was asked for.
        }
    }
}
