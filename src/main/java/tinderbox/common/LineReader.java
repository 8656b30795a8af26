package tinderbox.common;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Reads a file line by line in constant memory, from its beginning or from its end, no matter what it contains. The file may grow
 * meanwhile. Lines end in a line feed; the last may lack it.
 */
public final class LineReader implements Closeable {
    /** The maximum length in bytes, without the line feed. Only a part of a longer line is kept, but more than this. */
    public static final int MAX_LINE = 1 << 15;

    private static final int BLOCK = 1 << 16;

    private final SeekableByteChannel file;
    private final boolean backwards;
    private final long end;
    /** The current line as far as it has been read, with room for another block. */
    private final byte[] bytes = new byte[2 * BLOCK];

    private int limit;

    /** Where the next block begins in the file; if backwards, where it ends. */
    private long position;

    private long offset;
    private int lineStart;
    private int lineEnd;
    private boolean terminated;

    private LineReader(SeekableByteChannel file, boolean backwards, long position, long end) throws IOException {
        this.file = file.position(position);
        this.backwards = backwards;
        this.position = position;
        this.end = end;
    }

    /**
     * Reads from the first line to the last.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public static LineReader forwards(Path path) throws IOException {
        return forwards(Files.newByteChannel(path), 0, Long.MAX_VALUE);
    }

    /**
     * Reads from {@code start} on up to {@code end}, both in bytes. Closing the channel suffices.
     *
     * @param start the beginning of a line; otherwise the first line is partial
     */
    public static LineReader forwards(SeekableByteChannel file, long start, long end) throws IOException {
        return new LineReader(file, false, start, end);
    }

    /**
     * Reads from the last line to the first.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such file
     */
    public static LineReader backwards(Path path) throws IOException {
        SeekableByteChannel file = Files.newByteChannel(path);
        long size = file.size();
        return new LineReader(file, true, size, size);
    }

    /** Moves to the next line in reading direction; returns false if there is none yet. */
    public boolean advance() throws IOException {
        return backwards ? advanceBackwards() : advanceForwards();
    }

    private boolean advanceForwards() throws IOException {
        lineStart = terminated ? lineEnd + 1 : lineEnd;
        offset = position - limit + lineStart;
        lineEnd = lineStart;
        continueLine();
        return terminated || lineEnd > lineStart;
    }

    /** Continues the current line with what has been appended to the file since. */
    public void continueLine() throws IOException {
        terminated = false;
        int i = lineEnd;
        do {
            while (i < limit && bytes[i] != '\n') {
                i++;
            }
            terminated = i < limit;
            lineEnd = i;
            if (terminated) {
                return;
            }
            makeRoom();
            i = limit;
        } while (readAfter());
        lineEnd = limit;
    }

    private void makeRoom() {
        limit = Math.min(limit - lineStart, MAX_LINE + 1);
        System.arraycopy(bytes, lineStart, bytes, 0, limit);
        lineStart = 0;
    }

    private boolean readAfter() throws IOException {
        ByteBuffer room = ByteBuffer.wrap(bytes, limit, (int) Math.min(BLOCK, end - position));
        if (!room.hasRemaining() || file.read(room) <= 0) {
            return false;
        }
        position += room.position() - limit;
        limit = room.position();
        return true;
    }

    private boolean advanceBackwards() throws IOException {
        limit = lineStart;
        if (limit == 0 && readBefore() == 0) {
            return false;
        }
        terminated = bytes[limit - 1] == '\n';
        lineEnd = terminated ? limit - 1 : limit;
        int i = lineEnd;
        do {
            while (i > 0 && bytes[i - 1] != '\n') {
                i--;
            }
            if (i > 0) {
                break;
            }
            i = readBefore();
        } while (i > 0);
        lineStart = i;
        offset = position + lineStart;
        return true;
    }

    /** Reads the previous block into the front of the buffer; returns its length. */
    private int readBefore() throws IOException {
        if (limit > BLOCK) {
            limit = MAX_LINE + 1;
            lineEnd = limit;
        }
        int length = (int) Math.min(BLOCK, position);
        System.arraycopy(bytes, 0, bytes, length, limit);
        position -= length;
        file.position(position);
        ByteBuffer before = ByteBuffer.wrap(bytes, 0, length);
        while (before.hasRemaining()) {
            if (file.read(before) < 0) {
                throw new EOFException("the file has become shorter while it was read");
            }
        }
        limit += length;
        lineEnd += length;
        return length;
    }

    /** The line without its line feed. */
    public byte[] line() {
        return Arrays.copyOfRange(bytes, lineStart, lineEnd);
    }

    /** The line as UTF-8, without its line feed. */
    public String text() {
        return new String(bytes, lineStart, lineEnd - lineStart, StandardCharsets.UTF_8);
    }

    /** One byte of the line. */
    public byte byteAt(int index) {
        return bytes[lineStart + index];
    }

    /** Bytes in the line, without the line feed. */
    public int length() {
        return lineEnd - lineStart;
    }

    /** Whether the line has its line feed. */
    public boolean isTerminated() {
        return terminated;
    }

    /** Whether the line has its line feed and is not longer than {@link #MAX_LINE}. */
    public boolean isComplete() {
        return terminated && length() <= MAX_LINE;
    }

    /** Where the line begins in the file, in bytes. */
    public long offset() {
        return offset;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
