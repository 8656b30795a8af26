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

/** Lists lines of the audit log from the newest on, also while it is written. */
final class AuditReader {
    /** A page is looked for in so many lines; a filter that nothing fits must not read for ever. */
    private static final int MOST_LOOKED_AT = 1_000_000;

    private final AuditFolder folder;
    private final int mostLookedAt;

    AuditReader(AuditFolder folder) {
        this(folder, MOST_LOOKED_AT);
    }

    AuditReader(AuditFolder folder, int mostLookedAt) {
        this.folder = folder;
        this.mostLookedAt = mostLookedAt;
    }

    AuditPage page(AuditQuery query) throws IOException {
        AuditFilter filter = new AuditFilter(query);
        List<AuditEntry> entries = new ArrayList<>();
        long before = query.before() == null ? Long.MAX_VALUE : query.before();
        int lookedAt = 0;
        LongRead longRead = LongRead.current();
        try (Lines lines = new Lines(before)) {
            while (lines.advance()) {
                if (entries.size() == query.limit()
                        || lookedAt == mostLookedAt
                        || (lookedAt > 0 && longRead.isOver())) {
                    return new AuditPage(entries, true, before);
                }
                lookedAt++;
                before = lines.below;
                filter.match(lines.line).ifPresent(entries::add);
            }
        }
        return new AuditPage(entries, false, null);
    }

    /** The lines below a seq, through all files. One that does not begin with its seq is for the check to tell of. */
    private final class Lines implements Closeable {
        private final Deque<AuditFolder.Full> full;
        private LineReader file;
        private byte[] line;
        /** The seq of the line in hand. */
        private long below;

        private Lines(long below) throws IOException {
            this.below = below;
            // In this order, or one that becomes full meanwhile would be in neither; if it is in both, it is passed
            // over as the second.
            this.file = open(folder.current());
            this.full = new ArrayDeque<>(folder.full());
        }

        private boolean advance() throws IOException {
            do {
                while (file != null && file.advance()) {
                    byte[] found = file.line();
                    long seq = AuditLine.seq(found);
                    if (file.isComplete() && seq > 0 && seq < below) {
                        line = found;
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

        /** Null where it is not there, or no longer. */
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
