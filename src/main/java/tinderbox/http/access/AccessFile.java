package tinderbox.http.access;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/**
 * The files of the access log. {@code access.jsonl} is written; once it is full it becomes {@code access-1.jsonl}, each
 * older one gets the next number, and the oldest is deleted. Other programs may delete or rename them at any time. Not
 * thread-safe.
 */
final class AccessFile implements Closeable {
    /** How many there are at most. */
    static final int FILES = 8;

    /** In bytes; no line is longer. */
    private static final int MAX_LINE = 1 << 16;

    private final Path folder;
    private final Path current;
    private final long fileBytes;
    /** Null until something is written. */
    private RandomAccessFile file;
    /** Identifies the open file. */
    private Object key;

    private long bytes;

    /** Writes into an existing folder, at most {@code maxBytes} in all files. */
    AccessFile(Path folder, long maxBytes) {
        this.folder = folder;
        this.current = folder.resolve("access.jsonl");
        this.fileBytes = maxBytes / FILES;
    }

    Path folder() {
        return folder;
    }

    /** Appends lines. If that fails, no part of a line stays. */
    void write(byte[] lines) throws IOException {
        if (file != null && !isInPlace()) {
            close();
        }
        if (file == null) {
            open();
        }
        if (bytes > 0 && bytes + lines.length > fileBytes) {
            rotate();
        }
        try {
            file.write(lines);
        } catch (IOException e) {
            // Opening it again cuts off the part of a line.
            close();
            throw e;
        }
        bytes += lines.length;
    }

    private void open() throws IOException {
        file = new RandomAccessFile(current.toFile(), "rw");
        key = Files.readAttributes(current, BasicFileAttributes.class).fileKey();
        bytes = endOfLastLine();
        file.setLength(bytes);
        file.seek(bytes);
    }

    /** A crash, or a full disk, may have left a part of a line after it. */
    private long endOfLastLine() throws IOException {
        long length = file.length();
        long from = Math.max(0, length - MAX_LINE);
        byte[] end = new byte[(int) (length - from)];
        file.seek(from);
        file.readFully(end);
        int last = end.length - 1;
        while (last >= 0 && end[last] != '\n') {
            last--;
        }
        return from + last + 1;
    }

    private boolean isInPlace() throws IOException {
        try {
            BasicFileAttributes now = Files.readAttributes(current, BasicFileAttributes.class);
            return Objects.equals(now.fileKey(), key) && now.size() >= bytes;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private void rotate() throws IOException {
        close();
        for (int number = FILES - 1; number > 0; number--) {
            Path newer = number == 1 ? current : full(number - 1);
            if (Files.exists(newer)) {
                Files.move(newer, full(number), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    private Path full(int number) {
        return folder.resolve("access-" + number + ".jsonl");
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
            file = null;
        }
    }
}
