package tinderbox.job;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;

/**
 * Writes an attempt's rows to its folder as {@link Csv}, counting and hashing as they pass. Not for several
 * threads at once. A plain stream, not a channel: an interrupt must not close it half-way through a write.
 */
public final class ResultWriter implements AutoCloseable {
    /** The name of the file within the attempt's folder. */
    public static final String FILE = "data.csv";

    private static final int FLUSH_AT = 1 << 16;

    private final List<Column> columns;
    private final MessageDigest digest = Sha256.begin();
    private final OutputStream out;
    private final StringBuilder buffer = new StringBuilder();
    private long rows;
    private final long maxBytes;
    private long bytes;

    /**
     * Opens the file and writes the header.
     *
     * @param maxBytes a larger result is {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public ResultWriter(Path attemptFolder, List<Column> columns, long maxBytes) throws IOException {
        this.columns = List.copyOf(columns);
        this.maxBytes = maxBytes;
        this.out = new DigestOutputStream(
                new FileOutputStream(attemptFolder.resolve(FILE).toFile()), digest);
        Csv.append(buffer, columns.stream().map(Column::name).toList());
    }

    /**
     * Adds a row.
     *
     * @param cells one value per column, of the column's type or null
     * @throws IllegalArgumentException where the cells do not fit the columns
     */
    public void row(List<?> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row has " + cells.size() + " cells, but the result has " + columns.size() + " columns");
        }
        for (int i = 0; i < cells.size(); i++) {
            if (!columns.get(i).type().admits(cells.get(i))) {
                throw new IllegalArgumentException(
                        "the column " + columns.get(i).name() + " holds "
                                + columns.get(i).type().code() + ", not "
                                + cells.get(i).getClass().getSimpleName());
            }
        }
        Csv.append(buffer, cells);
        rows++;
        if (buffer.length() >= FLUSH_AT) {
            flush();
        }
    }

    /** How many rows have been added. */
    public long rows() {
        return rows;
    }

    /** Ends the file and describes it. */
    public JobResult finish(Map<String, Object> summary) {
        close();
        return new JobResult(columns, rows, bytes, Sha256.end(digest), summary);
    }

    private void flush() {
        byte[] utf8 = buffer.toString().getBytes(StandardCharsets.UTF_8);
        buffer.setLength(0);
        if (bytes + utf8.length > maxBytes) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The result is larger than " + maxBytes + " bytes",
                    "ask for fewer rows, or have the server started with a larger --max-result-bytes");
        }
        bytes += utf8.length;
        try {
            out.write(utf8);
        } catch (IOException e) {
            throw new UncheckedIOException("the result could not be written: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        try (out) {
            flush();
        } catch (IOException e) {
            throw new UncheckedIOException("the result could not be written: " + e.getMessage(), e);
        }
    }
}
