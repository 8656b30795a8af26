package tinderbox.job.result.read;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import tinderbox.job.result.CellFormat;
import tinderbox.job.result.Column;
import tinderbox.job.result.JobResult;

/** Reads a published result: a page of its rows, or all of them in parts. */
public final class ResultReader implements RowParts {
    private static final int PART_BYTES = 1 << 16;

    /** A page ends once its rows have this many bytes. */
    private static final int MAX_PAGE_BYTES = 4 << 20;

    private final JobResult result;
    private final Rows rows;
    private final LineFormat format;
    private ByteBuilder part = new ByteBuilder();
    private boolean begun;

    /**
     * Reads rows in parts.
     *
     * @param file the CSV file that {@code result} describes, at its beginning; {@link #close} closes it, and so does a
     *     failure
     */
    public ResultReader(
            JobResult result, SeekableByteChannel file, ResultQuery query, LineFormat format, ResultLimits limits)
            throws IOException {
        this.result = result;
        this.rows = Rows.of(result, file, query, limits);
        this.format = format;
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
                page.add(values(result.columns(), rows.row()));
                numbers.add(rows.number());
                bytes += rows.row().length();
            }
            return new ResultPage(result.columns(), page, numbers, offset, limit, rows.total());
        }
    }

    private static List<Object> values(List<Column> columns, CsvReader row) {
        List<Object> values = new ArrayList<>(columns.size());
        for (int i = 0; i < columns.size(); i++) {
            values.add(CellFormat.json(columns.get(i).type(), row.text(i)));
        }
        return values;
    }

    @Override
    public ByteBuffer nextPart() throws IOException {
        if (part.length() > PART_BYTES) {
            // A huge row must not stay in memory until the last part is sent.
            part = new ByteBuilder();
        }
        part.clear();
        if (!begun) {
            begun = true;
            format.appendHeader(result, part);
        }
        while (part.length() < PART_BYTES && rows.next()) {
            format.append(result, rows.row(), part);
        }
        return part.view();
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
