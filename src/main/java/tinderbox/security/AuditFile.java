package tinderbox.security;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A file that whole lines are added to. A plain file, not a channel: an interrupt must not close it half-way through
 * a write.
 */
final class AuditFile implements Closeable {
    private final RandomAccessFile file;
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
        this.file = new RandomAccessFile(path.toFile(), "rw");
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
