package tinderbox.security.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * A file that lines are appended to. It is not a channel, because an interrupt must not close it in the middle of a
 * write.
 */
final class AuditFile implements Closeable {
    private final Path path;
    private final RandomAccessFile file;
    /** Identifies the file, also under another name; null if the file system cannot. */
    private final Object key;

    private final long first;
    private long bytes;
    /** Whether a part of a line may follow the last complete one. */
    private boolean torn;

    /**
     * Continues at the end of a file, which is created if there is none.
     *
     * @param first the seq of its first line
     */
    AuditFile(Path path, long first) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "rw");
        this.key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        this.first = first;
        this.bytes = file.length();
        file.seek(bytes);
    }

    /** Appends lines. If that fails, none of them stays in the file once something can be written again. */
    void write(byte[] lines) throws IOException {
        if (torn) {
            trim();
        }
        torn = true;
        try {
            file.write(lines);
        } catch (IOException e) {
            try {
                trim();
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        torn = false;
        bytes += lines.length;
    }

    private void trim() throws IOException {
        file.setLength(bytes);
        file.seek(bytes);
        torn = false;
    }

    /** Whether the file at the path is still this one, with everything that was written. Not thread-safe. */
    boolean isInPlace() throws IOException {
        return isAt(path);
    }

    private boolean isAt(Path other) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(other, BasicFileAttributes.class);
            return Objects.equals(now.fileKey(), key) && now.size() >= bytes;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Whether somebody has cut off what was written. */
    boolean isCutShort() throws IOException {
        return file.length() < bytes;
    }

    /**
     * Copies all lines to another file, even if this one has lost its name; all or none. False if it was cut short.
     */
    boolean copyTo(Path target) throws IOException {
        if (isCutShort()) {
            return false;
        }
        if (isAt(target)) {
            // Somebody has renamed it.
            return true;
        }
        if (Files.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
        // An earlier try may have left it.
        Path temporary = target.resolveSibling(target.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        try (FileChannel copy = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long copied = 0;
            while (copied < bytes) {
                copied += file.getChannel().transferTo(copied, bytes - copied, copy);
            }
            copy.force(true);
        }
        Files.move(temporary, target);
        return true;
    }

    /** Flushes what was written to the disk. */
    void force() throws IOException {
        file.getFD().sync();
    }

    long first() {
        return first;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
