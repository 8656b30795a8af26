package tinderbox.spark;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tinderbox.job.log.LogLine;

/** What one thread prints, made into lines of the log of the job it works for. */
final class LineBuffer extends OutputStream {
    /** More of a line is not kept, in bytes; the log cuts it earlier. */
    private static final int MAX = 1 << 14;

    private final LogLine.Level level;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);
    private JobLogRouter route;

    LineBuffer(LogLine.Level level) {
        this.level = level;
    }

    /** What is printed from now on goes this way; what was begun for another job ends there. */
    synchronized void to(JobLogRouter now) {
        if (route != now) {
            finish();
            route = now;
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
        boolean wasBegun = line.size() > 0;
        add(bytes, start, end);
        if (!wasBegun && line.size() > 0 && !route.begin(this)) {
            emit();
        }
    }

    private void add(byte[] bytes, int from, int to) {
        line.write(bytes, from, Math.min(to - from, MAX - line.size()));
    }

    private void emit() {
        route.end(this);
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        route.write(level, text.endsWith("\r") ? text.substring(0, text.length() - 1) : text);
    }

    /** Writes a line that was begun and has no end. */
    synchronized void finish() {
        if (line.size() > 0) {
            emit();
        }
    }
}
