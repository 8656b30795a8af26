package tinderbox.job.result;

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
import tinderbox.common.Sha256;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Writes an attempt's rows to its folder as {@link Csv}, and counts and hashes them. Not thread-safe. It uses a stream
 * because an interrupt closes a channel.
 */
public final class ResultWriter implements AutoCloseable {
    /** The name of the file within the attempt's folder. */
    public static final String FILE = "data.csv";

    private static final int BUFFER_BYTES = 1 << 16;

    /** The maximum size of a number with the separators around it, in bytes. */
    private static final int MAX_NUMBER_BYTES = 24;

    private final List<Column> columns;
    private final MessageDigest digest = Sha256.newDigest();
    private final OutputStream out;
    private final StringBuilder record = new StringBuilder();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
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
        add(columns.stream().map(Column::name).toList());
    }

    /**
     * Adds a row.
     *
     * @param cells one value per column, of the column's type or null
     * @throws IllegalArgumentException if the cells do not fit the columns
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
        add(cells);
        rows++;
    }

    private void add(List<?> cells) {
        record.setLength(0);
        Csv.append(record, cells);
        byte[] utf8 = record.toString().getBytes(StandardCharsets.UTF_8);
        ensureRoom(utf8.length);
        System.arraycopy(utf8, 0, buffer, buffered, utf8.length);
        buffered += utf8.length;
    }

    /**
     * Adds a row of a text and a whole number; faster than {@link #row(List)}.
     *
     * @param utf8 contains the text at {@code from}, in valid UTF-8
     * @param length of the text in bytes, at least 1
     */
    public void row(byte[] utf8, int from, int length, long number) {
        // In the worst case each byte is a quote, which is doubled.
        ensureRoom(2L * length + MAX_NUMBER_BYTES);
        buffered = Csv.append(buffer, buffered, utf8, from, length);
        buffer[buffered++] = ',';
        buffered = Csv.append(buffer, buffered, number);
        buffer[buffered++] = '\n';
        rows++;
    }

    /** Makes room in the buffer. */
    private void ensureRoom(long more) {
        if (buffered + more <= buffer.length) {
            return;
        }
        flush();
        if (more > buffer.length) {
            buffer = new byte[Math.toIntExact(more)];
        }
    }

    public long rows() {
        return rows;
    }

    /** Closes the file and describes it. */
    public JobResult finish(Map<String, Object> summary) {
        close();
        return new JobResult(columns, rows, bytes, Sha256.hex(digest), summary);
    }

    private void flush() {
        int length = buffered;
        buffered = 0;
        if (bytes + length > maxBytes) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The result is larger than " + maxBytes + " bytes",
                    "ask for fewer rows, or have the server started with a larger --max-result-bytes");
        }
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("the result could not be written: " + e.getMessage(), e);
        }
        bytes += length;
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
