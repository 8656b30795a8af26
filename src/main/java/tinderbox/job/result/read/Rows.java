package tinderbox.job.result.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import tinderbox.job.result.JobResult;

/** Rows of a result, one at a time. */
interface Rows extends Closeable {
    /**
     * The rows that match a query, in its order.
     *
     * @param file the rows of the result as CSV, at its beginning; {@link #close} closes it, and so does a failure
     */
    static Rows of(JobResult result, SeekableByteChannel file, ResultQuery query, ResultLimits limits)
            throws IOException {
        try {
            FileRows matching = query.foldCase()
                    ? FoldedRows.of(result, file, query, limits)
                    : new FileRows(result, file, query, limits);
            return query.sort().isEmpty() ? matching : SortedRows.of(matching, query, limits);
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** Moves to the next row; false after the last. */
    boolean next() throws IOException;

    /** The current row, until {@link #next} is called again. */
    CsvReader row();

    /** The number of the current row in the whole result, from 1. */
    long number();

    /** Leaves out rows; call it only before the first {@link #next}. */
    void skip(long rows) throws IOException;

    /** How many rows there are; {@link #next} must not be called afterwards. */
    long total() throws IOException;
}
