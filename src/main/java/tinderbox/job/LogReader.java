package tinderbox.job;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Collectors;

/** Reads what {@link JobLog} wrote, by number of line. */
final class LogReader {
    /** A page ends once it holds this much, however many lines were asked for. */
    private static final int MAX_PAGE_CHARS = 4 << 20;

    private static final int PREVIEW_BYTES = 1 << 18;

    private LogReader() {}

    /**
     * The lines from {@code from}; a negative number counts from the end.
     *
     * @param least only lines at least this serious
     * @param ended whether the job has ended, so that no line can follow
     */
    static LogPage page(SeekableByteChannel log, long from, int limit, LogLine.Level least, boolean ended)
            throws IOException {
        long total = count(log.position(0));
        long first = Math.min(total, from < 0 ? Math.max(0, total + from) : from);
        List<LogLine> lines = new ArrayList<>();
        long next = 0;
        long chars = 0;
        BufferedReader reader = reader(log.position(0));
        for (String line = reader.readLine(); line != null && next < total; line = reader.readLine()) {
            if (next >= first) {
                if (lines.size() == limit || chars > MAX_PAGE_CHARS) {
                    break;
                }
                chars += line.length();
                LogLine parsed = parse(next, line);
                if (parsed.level().compareTo(least) >= 0) {
                    lines.add(parsed);
                }
            }
            next++;
        }
        return new LogPage(lines, first, next, total, ended && next == total);
    }

    /** The last lines as text, joined by line feeds; what is looked at is bounded. */
    static String preview(SeekableByteChannel log, int lines) throws IOException {
        long start = Math.max(0, log.size() - PREVIEW_BYTES);
        BufferedReader reader = reader(log.position(start));
        if (start > 0) {
            reader.readLine();
        }
        Deque<String> last = new ArrayDeque<>();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            last.addLast(line);
            if (last.size() > lines) {
                last.removeFirst();
            }
        }
        return last.stream().collect(Collectors.joining("\n"));
    }

    private static BufferedReader reader(SeekableByteChannel log) {
        return new BufferedReader(new InputStreamReader(Channels.newInputStream(log), StandardCharsets.UTF_8), 1 << 16);
    }

    /** Complete lines only: one that is just being written is not counted. */
    private static long count(SeekableByteChannel log) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        long lines = 0;
        while (log.read(buffer.clear()) >= 0) {
            for (int i = 0; i < buffer.position(); i++) {
                if (buffer.get(i) == '\n') {
                    lines++;
                }
            }
        }
        return lines;
    }

    private static LogLine parse(long n, String line) {
        int level = line.indexOf(' ');
        int text = line.indexOf(' ', level + 1);
        if (level > 0 && text > 0) {
            try {
                return new LogLine(
                        n,
                        Instant.parse(line.substring(0, level)),
                        LogLine.Level.valueOf(line.substring(level + 1, text)),
                        line.substring(text + 1));
            } catch (DateTimeParseException | IllegalArgumentException e) {
                // A crash tore the line: shown as it stands.
            }
        }
        return new LogLine(n, Instant.EPOCH, LogLine.Level.WARN, line);
    }
}
