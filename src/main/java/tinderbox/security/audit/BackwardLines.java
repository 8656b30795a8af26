package tinderbox.security.audit;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Goes through the lines of a file from its end to its beginning, a block at a time, in constant memory. */
public final class BackwardLines implements Closeable {
    /** No line of ours is as long. */
    private static final int BLOCK = 2 * AuditLine.LONGEST;

    private final SeekableByteChannel file;
    /** What is not given out yet is in front, with room behind to move it when the block before it is read. */
    private final byte[] bytes = new byte[2 * BLOCK];

    /** Where in the file the buffer begins. */
    private long start;

    private int end;
    private int lineStart;
    private int lineEnd;
    private boolean whole;
    private boolean tooLong;

    /** From the end that the file has now. */
    public BackwardLines(Path path) throws IOException {
        this.file = Files.newByteChannel(path);
        this.start = file.size();
    }

    /** Goes to the line before; false where there is none. */
    public boolean advance() throws IOException {
        tooLong = false;
        if (end == 0 && fill() == 0) {
            return false;
        }
        whole = bytes[end - 1] == '\n';
        lineEnd = whole ? end - 1 : end;
        for (int i = lineEnd - 1; ; i--) {
            if (i < 0) {
                int moved = fill();
                if (moved == 0) {
                    lineStart = 0;
                    break;
                }
                i = moved - 1;
            }
            if (bytes[i] == '\n') {
                lineStart = i + 1;
                break;
            }
        }
        end = lineStart;
        return true;
    }

    /** Puts the bytes before those in the buffer in front of them; answers with how many there were. */
    private int fill() throws IOException {
        if (end > BLOCK) {
            // A line so long is none of ours, and is not kept.
            tooLong = true;
            end = 0;
            lineEnd = 0;
        }
        int read = (int) Math.min(BLOCK, start);
        System.arraycopy(bytes, 0, bytes, read, end);
        start -= read;
        file.position(start);
        ByteBuffer before = ByteBuffer.wrap(bytes, 0, read);
        while (before.hasRemaining()) {
            if (file.read(before) < 0) {
                throw new EOFException("the file has become shorter while it was read");
            }
        }
        end += read;
        lineEnd += read;
        return read;
    }

    /** The line without its line feed. */
    public byte[] line() {
        return Arrays.copyOfRange(bytes, lineStart, lineEnd);
    }

    /** Whether it could be one of ours: it ends with a line feed and is not far too long. */
    public boolean isWhole() {
        return whole && !tooLong;
    }

    /** Where in the file the line begins. */
    long offset() {
        return start + lineStart;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
