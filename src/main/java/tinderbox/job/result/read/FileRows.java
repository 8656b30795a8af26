package tinderbox.job.result.read;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import tinderbox.job.result.JobResult;

/** The rows that satisfy the conditions of a query, in the order of the result. */
final class FileRows implements Rows {
    private static final int CHECK_EVERY_ROWS = 256;

    private final CsvReader csv;
    private final ResultQuery query;
    private final RowSearch search;
    private final long allRows;
    private final int cells;
    private final ByteBuilder scratch = new ByteBuilder();
    private long number;
    private long matching;

    FileRows(JobResult result, SeekableByteChannel file, ResultQuery query, ResultLimits limits) throws IOException {
        this.csv = new CsvReader(file, limits.rowBytes(), query.instead());
        this.query = query;
        this.search = query.text() == null ? null : new RowSearch(result, query);
        this.allRows = result.rows();
        // A row without columns is an empty line, as one of a single null is.
        this.cells = Math.max(1, result.columns().size());
        csv.skip(1);
    }

    @Override
    public boolean next() throws IOException {
        while (csv.next()) {
            if (csv.cells() != cells) {
                throw new IOException("a row of the result has " + csv.cells() + " cells, not " + cells);
            }
            if (++number % CHECK_EVERY_ROWS == 0) {
                csv.checkTime();
            }
            if (matches()) {
                matching++;
                return true;
            }
        }
        return false;
    }

    private boolean matches() {
        if (search != null && !search.matches(csv)) {
            return false;
        }
        for (ColumnFilter filter : query.filters()) {
            if (!filter.matches(csv, scratch)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public CsvReader row() {
        return csv;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public void skip(long rows) throws IOException {
        if (query.isSelective()) {
            while (matching < rows && next()) {
                // Counts.
            }
        } else {
            csv.skip(rows);
            number += rows;
        }
    }

    @Override
    public long total() throws IOException {
        if (!query.isSelective()) {
            return allRows;
        }
        while (next()) {
            // Counts.
        }
        return matching;
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
