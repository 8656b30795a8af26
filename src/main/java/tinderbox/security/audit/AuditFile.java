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
 * A file that whole lines are added to. A plain file, not a channel: an interrupt must not close it half-way through
 * a write.
 */
final class AuditFile implements Closeable {
    private final Path path;
    private final RandomAccessFile file;
    /** What file this is, whatever its name; null if the file system cannot tell. */
    private final Object key;

    private final long first;
    private long bytes;
    /** There may be the beginning of a line after the last whole one. */
    private boolean frayed;

    /**
     * Goes on at the end of a file, or begins it.
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

    /** Adds lines; where that fails, none of them is in the file, or will be seen once something can be written. */
    void write(byte[] lines) throws IOException {
        if (frayed) {
            trim();
        }
        frayed = true;
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
        frayed = false;
        bytes += lines.length;
    }

    private void trim() throws IOException {
        file.setLength(bytes);
        file.seek(bytes);
        frayed = false;
    }

    /** Whether the file at the path still is this one, with all that was written. Not for two threads at once. */
    boolean isInPlace() throws IOException {
        return isAt(path);
    }

    private boolean isAt(Path somewhere) throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(somewhere, BasicFileAttributes.class);
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
     * Has all lines be in another file, also if this one has lost its name; whole or not at all. False if it was cut
     * short.
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
        // What an earlier try left.
        Path beside = target.resolveSibling(target.getFileName() + ".tmp");
        Files.deleteIfExists(beside);
        try (FileChannel copy = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long at = 0;
            while (at < bytes) {
                at += file.getChannel().transferTo(at, bytes - at, copy);
            }
            copy.force(true);
        }
        Files.move(beside, target);
        return true;
    }

    /** Has what was written reach the disk. */
    void force() throws IOException {
        file.getFD().sync();
    }

    long first() {
        return first;
    }

    /** How large it is. */
    long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
