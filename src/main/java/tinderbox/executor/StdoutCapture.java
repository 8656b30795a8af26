package tinderbox.executor;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;
import tinderbox.job.log.LogLine;

/**
 * Replaces {@link System#out} or {@link System#err}: what a thread prints for a job goes to the job's log line by line,
 * everything else to the original stream. Threads do not block each other here.
 */
public final class StdoutCapture extends PrintStream {
    private final PrintStream original;
    private final Supplier<LineSink> current;
    private final ThreadLocal<Lines> lines;

    /** The buffer of one thread. */
    private static final class Lines {
        private final LineBuffer line;
        private final PrintStream stream;

        private Lines(LogLine.Level level) {
            line = new LineBuffer(level);
            stream = new PrintStream(line, false, StandardCharsets.UTF_8);
        }
    }

    /** @param current the sink of the job for which the calling thread works, or null */
    public StdoutCapture(PrintStream original, LogLine.Level level, Supplier<LineSink> current) {
        super(original);
        this.original = original;
        this.current = current;
        this.lines = ThreadLocal.withInitial(() -> new Lines(level));
    }

    public PrintStream original() {
        return original;
    }

    private PrintStream target() {
        LineSink sink = current.get();
        if (sink == null) {
            return original;
        }
        Lines mine = lines.get();
        mine.line.switchTo(sink);
        return mine.stream;
    }

    @Override
    public void flush() {
        target().flush();
    }

    /** Only flushes, because other threads print here too. */
    @Override
    public void close() {
        flush();
    }

    @Override
    public boolean checkError() {
        return target().checkError();
    }

    @Override
    public void write(int b) {
        target().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        target().write(bytes, offset, length);
    }

    @Override
    public void write(byte[] bytes) throws IOException {
        target().write(bytes);
    }

    @Override
    public void writeBytes(byte[] bytes) {
        target().writeBytes(bytes);
    }

    @Override
    public void print(boolean b) {
        target().print(b);
    }

    @Override
    public void print(char c) {
        target().print(c);
    }

    @Override
    public void print(int i) {
        target().print(i);
    }

    @Override
    public void print(long l) {
        target().print(l);
    }

    @Override
    public void print(float f) {
        target().print(f);
    }

    @Override
    public void print(double d) {
        target().print(d);
    }

    @Override
    public void print(char[] s) {
        target().print(s);
    }

    @Override
    public void print(String s) {
        target().print(s);
    }

    @Override
    public void print(Object o) {
        target().print(o);
    }

    @Override
    public void println() {
        target().println();
    }

    @Override
    public void println(boolean b) {
        target().println(b);
    }

    @Override
    public void println(char c) {
        target().println(c);
    }

    @Override
    public void println(int i) {
        target().println(i);
    }

    @Override
    public void println(long l) {
        target().println(l);
    }

    @Override
    public void println(float f) {
        target().println(f);
    }

    @Override
    public void println(double d) {
        target().println(d);
    }

    @Override
    public void println(char[] s) {
        target().println(s);
    }

    @Override
    public void println(String s) {
        target().println(s);
    }

    @Override
    public void println(Object o) {
        target().println(o);
    }

    @Override
    public PrintStream printf(String format, Object... arguments) {
        return format(format, arguments);
    }

    @Override
    public PrintStream printf(Locale locale, String format, Object... arguments) {
        return format(locale, format, arguments);
    }

    @Override
    public PrintStream format(String format, Object... arguments) {
        target().format(format, arguments);
        return this;
    }

    @Override
    public PrintStream format(Locale locale, String format, Object... arguments) {
        target().format(locale, format, arguments);
        return this;
    }

    @Override
    public PrintStream append(CharSequence s) {
        target().append(s);
        return this;
    }

    @Override
    public PrintStream append(CharSequence s, int start, int end) {
        target().append(s, start, end);
        return this;
    }

    @Override
    public PrintStream append(char c) {
        target().append(c);
        return this;
    }
}
