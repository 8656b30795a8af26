package tinderbox.job.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/** Goes through the complete lines of a file in constant memory, whatever is in it. */
final class LineScanner {
    private static final int BUFFER = 1 << 16;

    private final SeekableByteChannel file;
    private final long end;
    private final byte[] bytes = new byte[BUFFER];
    /** Where in the file the buffer ends. */
    private long read;

    private int limit;
    private int lineStart;
    private int lineEnd;
    private int next;

    /** From {@code offset}, where a line begins, to {@code end}; both in bytes. */
    LineScanner(SeekableByteChannel file, long offset, long end) throws IOException {
        this.file = file.position(offset);
        this.read = offset;
        this.end = end;
    }

    /** Goes to the next line; false where there is none that is complete. */
    boolean advance() throws IOException {
        lineStart = next;
        for (int i = next; ; i++) {
            if (i == limit) {
                int kept = Math.min(limit - lineStart, BUFFER / 2);
                System.arraycopy(bytes, lineStart, bytes, 0, kept);
                lineStart = 0;
                limit = kept;
                i = kept;
                if (!fill()) {
                    next = limit;
                    return false;
                }
            }
            if (bytes[i] == '\n') {
                lineEnd = i;
                next = i + 1;
                return true;
            }
        }
    }

    /** A line is kept up to half the buffer, more than any of ours is long; the rest of a longer one is lost. */
    private boolean fill() throws IOException {
        ByteBuffer room = ByteBuffer.wrap(bytes, limit, (int) Math.min(BUFFER - limit, end - read));
        if (!room.hasRemaining() || file.read(room) <= 0) {
            return false;
        }
        read += room.position() - limit;
        limit = room.position();
        return true;
    }

    /** How serious the line is. */
    LogLine.Level level() {
        return LogText.level(bytes, lineStart, lineEnd);
    }

    /** The line, without its line feed. */
    String text() {
        return new String(bytes, lineStart, lineEnd - lineStart, StandardCharsets.UTF_8);
    }

    /** How long it is, in bytes. */
    int length() {
        return lineEnd - lineStart;
    }
}
