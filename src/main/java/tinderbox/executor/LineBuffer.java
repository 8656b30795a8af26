package tinderbox.executor;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tinderbox.job.log.LogLine;

/** Splits what one thread prints into lines for the log of its job. */
public final class LineBuffer extends OutputStream {
    /** The maximum size of a line, in bytes; the log truncates lines earlier. */
    private static final int MAX_BYTES = 1 << 14;

    private final LogLine.Level level;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private LineSink sink;

    LineBuffer(LogLine.Level level) {
        this.level = level;
    }

    /** Switches to another job; completes the line of the previous one. */
    synchronized void switchTo(LineSink newSink) {
        if (sink != newSink) {
            finish();
            sink = newSink;
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int start = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                add(bytes, start, i);
                emit();
                start = i + 1;
            }
        }
        boolean wasOpen = line.size() > 0;
        add(bytes, start, end);
        if (!wasOpen && line.size() > 0 && !sink.addOpenLine(this)) {
            emit();
        }
    }

    private void add(byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.min(to - from, MAX_BYTES - line.size()));
    }

    private void emit() {
        sink.removeOpenLine(this);
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        sink.write(level, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** Writes an incomplete line. */
    public synchronized void finish() {
        if (line.size() > 0) {
            emit();
        }
    }
}
