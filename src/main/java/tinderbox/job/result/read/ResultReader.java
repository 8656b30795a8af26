package tinderbox.job.result.read;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import tinderbox.job.result.CellFormat;
import tinderbox.job.result.Column;
import tinderbox.job.result.Csv;
import tinderbox.job.result.JobResult;

/** Reads a published result's rows, a page of them at a time. */
public final class ResultReader implements AutoCloseable {
    private static final int CHUNK_BYTES = 1 << 16;

    /** A page ends once its rows have this many bytes. */
    private static final int MAX_PAGE_BYTES = 4 << 20;

    private final JobResult result;
    private final Rows rows;
    private boolean headerRead;

    /**
     * Reads all rows.
     *
     * @param file the CSV file that {@code result} describes, at its beginning; {@link #close} closes it
     */
    public ResultReader(JobResult result, SeekableByteChannel file, ResultLimits limits) throws IOException {
        this.result = result;
        this.rows = Rows.of(result, file, ResultQuery.all(), limits);
    }

    /**
     * The matching rows from {@code offset}. A page of very large cells has fewer rows than {@code limit}, but at least
     * one.
     *
     * @param file the CSV file that {@code result} describes, at its beginning; it is closed
     */
    public static ResultPage page(
            JobResult result, SeekableByteChannel file, ResultQuery query, long offset, int limit, ResultLimits limits)
            throws IOException {
        try (Rows rows = Rows.of(result, file, query, limits)) {
            rows.skip(offset);
            List<List<Object>> page = new ArrayList<>();
            List<Long> numbers = new ArrayList<>();
            long bytes = 0;
            while (page.size() < limit && bytes <= MAX_PAGE_BYTES && rows.next()) {
                page.add(values(result, rows.row()));
                numbers.add(rows.number());
                bytes += rows.row().length();
            }
            return new ResultPage(result.columns(), page, numbers, offset, limit, rows.total());
        }
    }

    private static List<Object> values(JobResult result, CsvReader row) {
        List<Column> columns = result.columns();
        List<Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(CellFormat.json(columns.get(i).type(), row.text(i)));
        }
        return values;
    }

    /** The next rows, about 64 KiB, with values as in {@link ResultPage#rows}; empty after the last. */
    public List<List<Object>> nextRows() throws IOException {
        List<List<Object>> next = new ArrayList<>();
        for (long bytes = 0;
                bytes < CHUNK_BYTES && rows.next();
                bytes += rows.row().length()) {
            next.add(values(result, rows.row()));
        }
        return next;
    }

    /**
     * The next rows as CSV, about 64 KiB, first the names of the columns; empty after the last. Every cell but numbers is
     * {@linkplain Csv#defused defused}: text, but also Base64, which can begin with a plus sign, and dates, which have a
     * sign if their year is negative or beyond 9999.
     */
    public byte[] nextDefused() throws IOException {
        StringBuilder part = new StringBuilder();
        if (!headerRead) {
            headerRead = true;
            Csv.append(
                    part,
                    result.columns().stream()
                            .map(column -> Csv.defused(column.name()))
                            .toList());
        }
        while (part.length() < CHUNK_BYTES && rows.next()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < result.columns().size(); i++) {
                String text = rows.row().text(i);
                cells.add(result.columns().get(i).type().isNumber() ? text : Csv.defused(text));
            }
            Csv.append(part, cells);
        }
        return part.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
