package tinderbox.job;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A job's own log while an attempt runs: one line per entry, {@code time level text}. For several threads.
 * A plain stream, not a channel: an interrupt must not close it half-way through a write.
 */
public final class JobLog implements AutoCloseable {
    /** A longer line is cut here, in characters. */
    static final int MAX_LINE = 8192;

    /** What a full log keeps free for the reason of a failure, in bytes. */
    private static final long FOR_ERRORS = 1 << 18;

    private static final Logger LOG = LoggerFactory.getLogger(JobLog.class);
    private static final String FULL = "The log is full; only the reason of a failure is written from here on";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final Clock clock;
    private final OutputStream out;
    private final long maxBytes;
    private long bytes;
    private boolean full;
    private boolean broken;

    /**
     * Appends to {@code file}, which need not be there.
     *
     * @param maxBytes how large it may grow, but for the reason of a failure
     */
    public JobLog(Path file, Clock clock, long maxBytes) throws IOException {
        this.file = file;
        this.clock = clock;
        this.maxBytes = maxBytes;
        this.bytes = file.toFile().length();
        this.out = new FileOutputStream(file.toFile(), true);
    }

    /** Says what happens. */
    public void info(String text) {
        write(LogLine.Level.INFO, text);
    }

    /** Says that something was passed over or is odd. */
    public void warn(String text) {
        write(LogLine.Level.WARN, text);
    }

    /** Says why the job fails. */
    public void error(String text) {
        write(LogLine.Level.ERROR, text);
    }

    /** Says why the job fails, with the whole stack trace. */
    public void error(String text, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        error(text + "\n" + trace);
    }

    private void write(LogLine.Level level, String text) {
        String prefix = TIME.format(clock.instant()) + " " + level + " ";
        StringBuilder lines = new StringBuilder();
        text.lines().forEach(line -> appendLine(lines.append(prefix), line));
        byte[] utf8 = lines.toString().getBytes(StandardCharsets.UTF_8);
        write(utf8, level == LogLine.Level.ERROR || text.equals(FULL) ? maxBytes + FOR_ERRORS : maxBytes);
    }

    private static void appendLine(StringBuilder out, String line) {
        int end = Math.min(line.length(), MAX_LINE);
        for (int i = 0; i < end; i++) {
            char c = line.charAt(i);
            out.append(Character.isISOControl(c) && c != '\t' ? '\uFFFD' : c);
        }
        out.append(end < line.length() ? "… (cut)\n" : "\n");
    }

    private synchronized void write(byte[] lines, long limit) {
        if (bytes + lines.length > limit) {
            if (!full) {
                full = true;
                warn(FULL);
            }
            return;
        }
        bytes += lines.length;
        try {
            out.write(lines);
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            cannotWrite(e);
        }
    }

    /** A line that is lost must not end a job; the server's log tells that lines are missing. */
    private void cannotWrite(IOException e) {
        if (!broken) {
            broken = true;
            LOG.warn("Lines are missing in {}: {}", file, e.getMessage());
        }
    }
}
