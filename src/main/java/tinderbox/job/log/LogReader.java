package tinderbox.job.log;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tinderbox.common.LineReader;
import tinderbox.common.LongRead;

/** Reads what {@link JobLog} wrote, by number of line. What one call reads is bounded, however large the log is. */
public final class LogReader {
    /** A page ends once its lines hold this much, however many were asked for; in bytes. */
    private static final int MAX_PAGE = 4 << 20;

    /** A page ends once this much has been looked at for lines of a level; in bytes. */
    private static final int MAX_LOOK = 16 << 20;

    private static final int PREVIEW_BYTES = 1 << 18;

    private LogReader() {}

    /**
     * The lines from {@code from}; a negative number counts from the end.
     *
     * @param least only lines at least this serious
     * @param ended whether the job has ended, so that no line can follow
     */
    public static LogPage page(LogParts log, long from, int limit, LogLine.Level least, boolean ended)
            throws IOException {
        long total = log.next();
        long dropped = log.first();
        long first = Math.min(total, Math.max(dropped, from < 0 ? total + from : from));
        Page page = new Page(first, total, limit, least);
        while (page.next < total && page.hasRoom()) {
            try (LogPart part = log.open(page.next)) {
                if (page.next == first && part.first() > first) {
                    // Dropped since we asked.
                    dropped = part.first();
                    first = part.first();
                }
                page.read(part);
            }
        }
        // Where lines were dropped faster than we read, the next one may be newer than all there were.
        total = Math.max(total, page.next);
        return new LogPage(page.lines, first, page.next, total, dropped, ended && page.next == total);
    }

    /** A page that is being put together. */
    private static final class Page {
        private final List<LogLine> lines = new ArrayList<>();
        private final long total;
        private final int limit;
        private final LogLine.Level least;
        private long next;
        private long bytes;
        private long looked;
        private final LongRead longRead = LongRead.current();

        private Page(long first, long total, int limit, LogLine.Level least) {
            this.next = first;
            this.total = total;
            this.limit = limit;
            this.least = least;
        }

        private boolean hasRoom() {
            return lines.size() < limit && bytes < MAX_PAGE && looked < MAX_LOOK && !(looked > 0 && longRead.isOver());
        }

        private void read(LogPart part) throws IOException {
            next = Math.max(next, part.first());
            LogIndex.Place known = LogIndex.find(part, next);
            LineReader reader = LineReader.forwards(part.text(), known.offset(), part.bytes());
            for (long n = known.line(); n < next; n++) {
                if (!reader.advance()) {
                    break;
                }
            }
            long end = Math.min(part.next(), total);
            while (next < end && hasRoom()) {
                if (!reader.advance() || !reader.isTerminated()) {
                    // Fewer lines than its name says: damaged. The numbers go on with the next part.
                    next = end;
                    return;
                }
                take(reader);
                next++;
            }
        }

        private void take(LineReader reader) {
            looked += reader.length();
            if (LogText.level(reader).compareTo(least) >= 0) {
                bytes += reader.length();
                lines.add(LogText.parse(next, reader.text()));
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
            // Most likely in the middle of a line.
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
                    // Dropped since we asked, with all before it.
                    OpenLog.close(texts);
                    texts.clear();
                    first = part.first();
                }
                texts.add(new OpenLog.Part(part.textAlone(), part.bytes()));
                next = part.next();
            }
            return new OpenLog(first, List.copyOf(texts));
        } catch (IOException e) {
            OpenLog.close(texts);
            throw e;
        }
    }
}
