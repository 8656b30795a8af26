package tinderbox.job.result.read;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** The rows that match a query, in its order. Only what is compared is in memory, and where each row is in the file. */
final class SortedRows implements Rows {
    private static final int CHECK_EVERY_COMPARISONS = 4096;
    /**
     * What an entry takes besides its key, at most: itself (48 bytes), its places in a growing list and in the sort (24),
     * and the header of the key (16).
     */
    private static final int ENTRY_BYTES = 88;

    private final CsvReader csv;
    private final List<Entry> entries;
    private int next;

    /** A row by what it is compared by, and where it is. */
    private static final class Entry {
        private final byte[] key;
        private final long position;
        private final int length;
        private final long number;

        Entry(byte[] key, CsvReader row, long number) {
            this.key = key;
            this.position = row.position();
            this.length = row.length();
            this.number = number;
        }
    }

    private SortedRows(CsvReader csv, List<Entry> entries) {
        this.csv = csv;
        this.entries = entries;
    }

    static SortedRows of(FileRows rows, ResultQuery query, ResultLimits limits) throws IOException {
        List<Entry> entries = new ArrayList<>();
        CsvReader row = rows.row();
        ByteBuilder key = new ByteBuilder();
        long bytes = 0;
        while (rows.next()) {
            key.clear();
            for (ColumnSort column : query.sort()) {
                column.append(row, key);
            }
            bytes += ENTRY_BYTES + (key.length() + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
            if (entries.size() == limits.sortRows()) {
                throw tooMuch(limits.sortRows() + " rows", query);
            }
            if (bytes > limits.sortBytes()) {
                throw tooMuch("what fits into " + (limits.sortBytes() >> 20) + " MiB", query);
            }
            entries.add(new Entry(key.toArray(), row, rows.number()));
        }
        entries.sort(new CheckedOrder(row));
        return new SortedRows(row, entries);
    }

    private static JobException tooMuch(String bound, ResultQuery query) {
        return new JobException(
                ErrorCode.LIMIT_EXCEEDED, "The rows are too many to be sorted: more than " + bound, query.instead());
    }

    /** Compares keys, and ends the sort once nobody waits for it. */
    private static final class CheckedOrder implements Comparator<Entry> {
        private final CsvReader csv;
        private int comparisons;

        CheckedOrder(CsvReader csv) {
            this.csv = csv;
        }

        @Override
        public int compare(Entry one, Entry other) {
            if (++comparisons % CHECK_EVERY_COMPARISONS == 0) {
                csv.checkTime();
            }
            return Arrays.compareUnsigned(one.key, other.key);
        }
    }

    @Override
    public boolean next() throws IOException {
        if (next == entries.size()) {
            return false;
        }
        Entry entry = entries.get(next++);
        csv.read(entry.position, entry.length);
        return true;
    }

    @Override
    public CsvReader row() {
        return csv;
    }

    @Override
    public long number() {
        return entries.get(next - 1).number;
    }

    @Override
    public void skip(long rows) {
        next = (int) Math.min(rows, entries.size());
    }

    @Override
    public long total() {
        return entries.size();
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
