package tinderbox.job.result.read;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.Csv;
import tinderbox.job.result.JobResult;

/**
 * The rows of a result of a text and a whole number, in which texts that differ only in upper and lower case are one, in
 * lower case, with their numbers added up. They are ordered as those of a word count: the largest number first, then by
 * the UTF-8 bytes of the text; nulls are last. They are built in memory, within the bounds of a sort.
 */
final class FoldedRows {
    /** What an entry takes besides its text, at most: its object, the sum, its places in the map and in the sort. */
    private static final int ENTRY_BYTES = 200;

    private static final Comparator<Entry> ORDER = Comparator.comparing(
                    Entry::number, Comparator.nullsLast(Comparator.<Long>reverseOrder()))
            .thenComparing(Entry::utf8, Comparator.nullsLast(Arrays::compareUnsigned));

    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(byte[] utf8, Long number) {}

    private FoldedRows() {}

    /** Whether a result has the columns for it. */
    static boolean canFold(JobResult result) {
        return result.columns().stream()
                .map(Column::type)
                .toList()
                .equals(List.of(Column.Type.STRING, Column.Type.INTEGER));
    }

    /**
     * The folded rows that match a query.
     *
     * @param file the rows of the result as CSV, at its beginning; it is closed
     */
    static FileRows of(JobResult result, SeekableByteChannel file, ResultQuery query, ResultLimits limits)
            throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (CsvReader csv = new CsvReader(file, limits.rowBytes(), query.instead())) {
            csv.skip(1);
            sums(csv, query, limits)
                    .forEach((text, number) -> entries.add(
                            new Entry(text == null ? null : text.getBytes(StandardCharsets.UTF_8), number)));
            csv.checkTime();
        }
        entries.sort(ORDER);
        byte[] folded = csv(result.columns(), entries);
        JobResult described =
                new JobResult(result.columns(), entries.size(), folded.length, result.sha256(), result.summary());
        return new FileRows(described, new MemoryChannel(folded), query, limits);
    }

    private static Map<String, Long> sums(CsvReader csv, ResultQuery query, ResultLimits limits) throws IOException {
        Map<String, Long> sums = new HashMap<>();
        long bytes = 0;
        while (csv.next()) {
            String text = csv.isNull(0) ? null : csv.text(0).toLowerCase(Locale.ROOT);
            Long number = csv.isNull(1) ? null : number(csv.text(1), query);
            if (!sums.containsKey(text)) {
                // The text itself, its bytes, and those of the file, which double while they grow.
                bytes += ENTRY_BYTES + 6L * csv.length();
                sums.put(text, number);
            } else if (number != null) {
                Long before = sums.get(text);
                sums.put(text, before == null ? number : sum(before, number, query));
            }
            if (sums.size() > limits.sortRows()) {
                throw tooMuch("more than " + limits.sortRows() + " rows", query);
            }
            if (bytes > limits.sortBytes()) {
                throw tooMuch("more than fits into " + (limits.sortBytes() >> 20) + " MiB", query);
            }
        }
        return sums;
    }

    private static Long number(String text, ResultQuery query) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw tooLarge(query);
        }
    }

    private static Long sum(long one, long other, ResultQuery query) {
        try {
            return Math.addExact(one, other);
        } catch (ArithmeticException e) {
            throw tooLarge(query);
        }
    }

    private static JobException tooLarge(ResultQuery query) {
        return new JobException(
                ErrorCode.LIMIT_EXCEEDED, "The numbers of the rows are too large to be added up", query.instead());
    }

    private static JobException tooMuch(String what, ResultQuery query) {
        return new JobException(
                ErrorCode.LIMIT_EXCEEDED, "The rows are too many to be added up: " + what, query.instead());
    }

    private static byte[] csv(List<Column> columns, List<Entry> entries) {
        ByteBuilder csv = new ByteBuilder();
        StringBuilder line = new StringBuilder();
        Csv.append(line, columns.stream().map(Column::name).toList());
        csv.append(line.toString().getBytes(StandardCharsets.UTF_8));
        for (Entry entry : entries) {
            line.setLength(0);
            Csv.append(
                    line,
                    Arrays.asList(
                            entry.utf8() == null ? null : new String(entry.utf8(), StandardCharsets.UTF_8),
                            entry.number() == null ? null : entry.number().toString()));
            csv.append(line.toString().getBytes(StandardCharsets.UTF_8));
        }
        return csv.toArray();
    }
}
