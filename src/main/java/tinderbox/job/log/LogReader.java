package tinderbox.job.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import tinderbox.common.LineReader;
import tinderbox.common.LongRead;

/** Reads by line number what {@link JobLog} wrote. Each method but {@link #open} reads a bounded number of bytes. */
public final class LogReader {
    /** A page ends once its lines have this many bytes. */
    private static final int MAX_PAGE_BYTES = 4 << 20;

    /** A page ends once this many bytes have been scanned for lines of its level. */
    private static final int MAX_SCANNED_BYTES = 16 << 20;

    private static final int PREVIEW_BYTES = 1 << 18;

    private LogReader() {}

    /**
     * The lines from {@code from}; a negative number counts from the end.
     *
     * @param minLevel only lines of at least this level
     * @param ended whether the job has ended, so no line can follow
     */
    public static LogPage page(LogParts log, long from, int limit, LogLine.Level minLevel, boolean ended)
            throws IOException {
        return page(log, from, limit, minLevel, null, ended);
    }

    /**
     * As above.
     *
     * @param text only lines that contain this, ignoring case; null for all
     */
    public static LogPage page(LogParts log, long from, int limit, LogLine.Level minLevel, String text, boolean ended)
            throws IOException {
        long total = log.next();
        long dropped = log.first();
        long first = Math.min(total, Math.max(dropped, from < 0 ? total + from : from));
        Page page = new Page(first, total, limit, minLevel, text);
        while (page.next < total && page.hasRoom()) {
            try (LogPart part = log.open(page.next)) {
                if (page.next == first && part.first() > first) {
                    // The lines before were deleted meanwhile.
                    dropped = part.first();
                    first = part.first();
                }
                page.read(part);
            }
        }
        // If lines were deleted faster than they were read, the next one is newer than all counted above.
        total = Math.max(total, page.next);
        return new LogPage(page.lines, first, page.next, total, dropped, ended && page.next == total);
    }

    /** A page under construction. */
    private static final class Page {
        private final List<LogLine> lines = new ArrayList<>();
        private final long total;
        private final int limit;
        private final LogLine.Level minLevel;
        private final String wanted;
        private long next;
        private long bytes;
        private long scannedBytes;
        private final LongRead longRead = LongRead.current();

        private Page(long first, long total, int limit, LogLine.Level minLevel, String text) {
            this.next = first;
            this.total = total;
            this.limit = limit;
            this.minLevel = minLevel;
            this.wanted = text == null ? null : text.toLowerCase(Locale.ROOT);
        }

        private boolean hasRoom() {
            return lines.size() < limit
                    && bytes < MAX_PAGE_BYTES
                    && scannedBytes < MAX_SCANNED_BYTES
                    && !(scannedBytes > 0 && longRead.isOver());
        }

        private void read(LogPart part) throws IOException {
            next = Math.max(next, part.first());
            LogIndex.Position start = LogIndex.find(part, next);
            LineReader reader = LineReader.forwards(part.text(), start.offset(), part.bytes());
            for (long n = start.line(); n < next; n++) {
                if (!reader.advance()) {
                    break;
                }
            }
            long end = Math.min(part.next(), total);
            while (next < end && hasRoom()) {
                if (!reader.advance() || !reader.isTerminated()) {
                    // A damaged part with fewer lines than its name says; the next part continues the numbers.
                    next = end;
                    return;
                }
                add(reader);
                next++;
            }
        }

        private void add(LineReader reader) {
            scannedBytes += reader.length();
            if (LogText.level(reader).compareTo(minLevel) >= 0) {
                LogLine line = LogText.parse(next, reader.text());
                if (wanted == null || line.text().toLowerCase(Locale.ROOT).contains(wanted)) {
                    bytes += reader.length();
                    lines.add(line);
                }
            }
        }
    }

    /** The last lines as text, joined by line feeds. */
    public static String preview(LogParts log, int lines) throws IOException {
        Deque<String> last = new ArrayDeque<>();
        long left = PREVIEW_BYTES;
        long end = log.next();
        while (end > log.first() && last.size() < lines && left > 0) {
            try (LogPart part = log.open(end - 1)) {
                if (part.first() >= end) {
                    break;
                }
                long start = Math.max(0, part.bytes() - left);
                left -= part.bytes() - start;
                end = part.first();
                tail(part, start, lines - last.size()).descendingIterator().forEachRemaining(last::addFirst);
            }
        }
        return String.join("\n", last);
    }

    private static Deque<String> tail(LogPart part, long start, int lines) throws IOException {
        Deque<String> tail = new ArrayDeque<>();
        LineReader reader = LineReader.forwards(part.text(), start, part.bytes());
        if (start > 0) {
            // Most likely a partial line.
            reader.advance();
        }
        while (reader.advance() && reader.isTerminated()) {
            tail.addLast(reader.text());
            if (tail.size() > lines) {
                tail.removeFirst();
            }
        }
        return tail;
    }

    /** Opens all parts, oldest first. */
    public static OpenLog open(LogParts log) throws IOException {
        List<OpenLog.Part> texts = new ArrayList<>();
        long end = log.next();
        long first = log.first();
        long next = first;
        try {
            while (next < end) {
                LogPart part = log.open(next);
                if (part.first() > next) {
                    // This line and all before it were deleted meanwhile.
                    OpenLog.close(texts);
                    texts.clear();
                    first = part.first();
                }
                texts.add(new OpenLog.Part(part.textOnly(), part.bytes()));
                next = part.next();
            }
            return new OpenLog(first, List.copyOf(texts));
        } catch (IOException e) {
            OpenLog.close(texts);
            throw e;
        }
    }
}
