package tinderbox.security.audit;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import tinderbox.common.LineReader;
import tinderbox.common.LongRead;

/** Lists lines of the audit log, newest first; the log may be written meanwhile. */
final class AuditReader {
    /** Limits the search for one page, in case nothing matches. */
    private static final int MAX_SEARCHED_LINES = 1_000_000;

    private final AuditFolder folder;
    private final int maxSearchedLines;

    AuditReader(AuditFolder folder) {
        this(folder, MAX_SEARCHED_LINES);
    }

    AuditReader(AuditFolder folder, int maxSearchedLines) {
        this.folder = folder;
        this.maxSearchedLines = maxSearchedLines;
    }

    AuditPage page(AuditQuery query) throws IOException {
        try (AuditPages pages = pages(query)) {
            return pages.next();
        }
    }

    /** Reads one page after another, without looking for its beginning again. */
    AuditPages pages(AuditQuery query) throws IOException {
        return new Pages(query);
    }

    private final class Pages implements AuditPages {
        private final AuditFilter filter;
        private final int limit;
        private final Lines lines;
        /** Whether a line has been read that belongs to the next page. */
        private boolean isAhead;

        private Pages(AuditQuery query) throws IOException {
            this.filter = new AuditFilter(query);
            this.limit = query.limit();
            this.lines = new Lines(query.before() == null ? Long.MAX_VALUE : query.before());
        }

        @Override
        public AuditPage next() throws IOException {
            List<AuditEntry> entries = new ArrayList<>();
            LongRead longRead = LongRead.current();
            int searched = 0;
            long before = Long.MAX_VALUE;
            while (isAhead || lines.advance()) {
                isAhead =
                        entries.size() == limit || searched == maxSearchedLines || (searched > 0 && longRead.isOver());
                if (isAhead) {
                    return new AuditPage(entries, true, before);
                }
                searched++;
                before = lines.below;
                filter.match(lines.line).ifPresent(entries::add);
            }
            return new AuditPage(entries, false, null);
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    /** The lines below a seq, through all files. Skips damaged lines, which the check reports. */
    private final class Lines implements Closeable {
        private final Deque<AuditFolder.Full> full;
        private LineReader file;
        private byte[] line;
        /** The seq of the current line. */
        private long below;

        private Lines(long below) throws IOException {
            this.below = below;
            // In this order, a file that becomes full meanwhile is in one of them or in both; in the second it is
            // skipped.
            this.file = open(folder.current());
            this.full = new ArrayDeque<>(folder.full());
        }

        private boolean advance() throws IOException {
            do {
                while (file != null && file.advance()) {
                    byte[] candidate = file.line();
                    long seq = AuditLine.seq(candidate);
                    if (file.isComplete() && seq > 0 && seq < below) {
                        line = candidate;
                        below = seq;
                        return true;
                    }
                }
            } while (openNext());
            return false;
        }

        private boolean openNext() throws IOException {
            close();
            file = null;
            AuditFolder.Full newest = full.pollLast();
            if (newest != null && newest.first() < below) {
                file = open(newest.path());
            }
            return newest != null;
        }

        /** Null if it does not exist, or no longer. */
        private LineReader open(Path path) throws IOException {
            try {
                return LineReader.backwards(path);
            } catch (NoSuchFileException e) {
                return null;
            }
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}
