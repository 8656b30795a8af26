package tinderbox.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/** File operations that have reached the disk when they return. Only for threads that nobody interrupts. */
final class Durable {
    private Durable() {}

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
     * Renames within one file system, and flushes the folder that it is in then. On a file system that keeps no
     * journal a crash may leave it in the old one as well, never in neither.
     */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        sync(to.getParent());
    }

    /** Makes a folder where it is not there, and flushes the one it is in. */
    static void createFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        sync(folder.getParent());
    }

    /** Flushes a file's content, or a folder's list of names. */
    static void sync(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes a folder with all that is in it, links themselves and not what they lead to; not flushed. */
    static void delete(Path folder) throws IOException {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            // Gone already, which is what was asked for.
        }
    }
}
