package tinderbox.job.result;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tinderbox.common.Sha256;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Writes an attempt's rows to its folder as {@link Csv}, and counts and hashes them. Not thread-safe; only {@link #parts}
 * can be used by other threads and by tasks. It uses streams because an interrupt closes a channel.
 */
public final class ResultWriter implements AutoCloseable {
    /** The name of the file within the attempt's folder. */
    public static final String FILE = "data.csv";

    private final List<Column> columns;
    private final MessageDigest digest = Sha256.newDigest();
    private final CsvWriter csv;
    private final PartFolder folder;
    private final ResultParts parts;

    /**
     * Opens the file and writes the header.
     *
     * @param columns with different names, because they become the keys of JSON objects
     * @param maxBytes a larger result is {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public ResultWriter(Path attemptFolder, List<Column> columns, long maxBytes) throws IOException {
        this.columns = List.copyOf(columns);
        requireDifferentNames();
        SizeLimit limit = new SizeLimit(maxBytes);
        this.csv = new CsvWriter(
                this.columns,
                new DigestOutputStream(
                        new FileOutputStream(attemptFolder.resolve(FILE).toFile()), digest),
                limit);
        this.folder = new PartFolder(attemptFolder, this.columns, limit);
        this.parts = new ResultParts(folder);
        csv.header();
    }

    private void requireDifferentNames() {
        Set<String> names = new HashSet<>();
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new JobException(
                        ErrorCode.JOB_ERROR,
                        "Two columns of the result are named " + column.name(),
                        "give each column a name of its own");
            }
        }
    }

    /**
     * Adds a row.
     *
     * @param cells one value per column, of a Java type that {@link Column.Type} names for it, or null
     * @throws IllegalArgumentException if the cells do not fit the columns
     */
    public void row(List<?> cells) {
        csv.row(cells);
    }

    /**
     * Adds a row of a text and a whole number; faster than {@link #row(List)}.
     *
     * @param utf8 contains the text at {@code from}, in valid UTF-8
     * @param length of the text in bytes, at least 1
     */
    public void row(byte[] utf8, int from, int length, long number) {
        csv.row(utf8, from, length, number);
    }

    /** Writes parts of this result in tasks. */
    public ResultParts parts() {
        return parts;
    }

    /**
     * Adds the rows of a part after all rows so far, and deletes the part.
     *
     * @throws IllegalArgumentException if it is not a part of this result, or was joined before
     * @throws java.util.concurrent.CancellationException if the thread is interrupted, as it is when the job is cancelled
     */
    public void join(ResultPart part) throws IOException {
        folder.join(part, part.rows(), csv);
    }

    /**
     * As {@link #join(ResultPart)}, but of the part's rows only the first.
     *
     * @param rows how many, at most as many as the part has
     */
    public void join(ResultPart part, long rows) throws IOException {
        folder.join(part, rows, csv);
    }

    /** The number of rows so far. */
    public long rows() {
        return csv.rows();
    }

    /**
     * Closes the file and describes it.
     *
     * @throws IllegalStateException if a row or part could not be written, and the job type has ignored that; if tasks wrote
     *     rows and the result has none, because no part was joined
     */
    public JobResult finish(Map<String, Object> summary) {
        close();
        if (!csv.isComplete()) {
            throw new IllegalStateException("rows of the result could not be written; the job's log may say why");
        }
        if (csv.rows() == 0 && folder.hasRowsNotJoined()) {
            throw new IllegalStateException(
                    "tasks wrote rows, but none of their parts was joined, so the result would be empty; join each part");
        }
        return new JobResult(columns, csv.rows(), csv.bytes(), Sha256.hex(digest), summary);
    }

    @Override
    public void close() {
        parts.close();
        folder.close();
        csv.close();
    }
}
