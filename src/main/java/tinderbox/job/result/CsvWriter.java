package tinderbox.job.result;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CancellationException;

/** Writes rows to a stream as {@link Csv}, and counts rows and bytes. Not thread-safe. */
final class CsvWriter implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 16;

    /** The maximum size of a number with the separators around it, in bytes. */
    private static final int MAX_NUMBER_BYTES = 24;

    private final List<Column> columns;
    private final OutputStream out;
    private final SizeLimit limit;
    private final StringBuilder record = new StringBuilder();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int buffered;
    private long rows;
    private long bytes;
    /** False once a row or part could not be written; nothing more is written then. */
    private boolean complete = true;

    /**
     * Writes to {@code out}, which {@link #close} closes.
     *
     * @param limit counts what is written
     */
    CsvWriter(List<Column> columns, OutputStream out, SizeLimit limit) {
        this.columns = columns;
        this.out = out;
        this.limit = limit;
    }

    /** Writes the names of the columns. */
    void header() {
        record.setLength(0);
        Csv.append(record, columns.stream().map(Column::name).toList());
        addRecord();
    }

    /** As {@link ResultWriter#row(List)}. */
    void row(List<?> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(
                    "a row has " + cells.size() + " cells, but the result has " + columns.size() + " columns");
        }
        record.setLength(0);
        for (int i = 0; i < cells.size(); i++) {
            if (i > 0) {
                record.append(',');
            }
            Csv.appendCell(record, CellFormat.text(columns.get(i), cells.get(i)));
        }
        record.append('\n');
        addRecord();
        rows++;
    }

    private void addRecord() {
        byte[] utf8 = record.toString().getBytes(StandardCharsets.UTF_8);
        ensureRoom(utf8.length);
        System.arraycopy(utf8, 0, buffer, buffered, utf8.length);
        buffered += utf8.length;
    }

    /** As {@link ResultWriter#row(byte[], int, int, long)}. */
    void row(byte[] utf8, int from, int length, long number) {
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

    /**
     * Appends the first rows of a part, whose bytes the limit has counted already.
     *
     * @param wanted how many rows, at most as many as the part has
     * @return the size of these rows
     * @throws CancellationException if the thread is interrupted
     * @throws EOFException if {@code in} ends before the part does
     */
    long append(InputStream in, ResultPart part, long wanted) throws IOException {
        flush();
        complete = false;
        long before = bytes;
        RowCounter counter = new RowCounter(wanted);
        for (long left = part.bytes(); left > 0 && !counter.isDone(); ) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("the job was asked to stop");
            }
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("a part of the result is shorter than it was when it was written");
            }
            write(wanted == part.rows() ? read : counter.count(buffer, read));
            left -= read;
        }
        complete = true;
        rows += wanted;
        return bytes - before;
    }

    /** Finds where the rows end that are wanted. */
    private static final class RowCounter {
        private long left;
        private boolean quoted;

        private RowCounter(long wanted) {
            this.left = wanted;
        }

        private boolean isDone() {
            return left == 0;
        }

        /** How many of these bytes belong to the rows that are wanted. */
        private int count(byte[] csv, int length) {
            int at = 0;
            while (at < length && left > 0) {
                byte b = csv[at++];
                // A doubled quote toggles this twice.
                if (b == '"') {
                    quoted = !quoted;
                } else if (b == '\n' && !quoted) {
                    left--;
                }
            }
            return at;
        }
    }

    private void flush() {
        if (!complete) {
            throw new IllegalStateException("an earlier row or part of the result could not be written");
        }
        int length = buffered;
        buffered = 0;
        complete = false;
        limit.take(length);
        write(length);
        complete = true;
    }

    /** Writes the beginning of the buffer. */
    private void write(int length) {
        bytes += length;
        try {
            out.write(buffer, 0, length);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private static UncheckedIOException unwritable(IOException e) {
        return new UncheckedIOException("the result could not be written: " + e.getMessage(), e);
    }

    long rows() {
        return rows;
    }

    /** Whether {@link #close} will write, or has written, all rows and parts. */
    boolean isComplete() {
        return complete;
    }

    /** How many bytes have left the buffer. */
    long bytes() {
        return bytes;
    }

    /** Writes what is in the buffer, unless something is missing before it, and closes the stream. */
    @Override
    public void close() {
        try (out) {
            if (complete) {
                flush();
            }
        } catch (IOException e) {
            throw unwritable(e);
        }
    }
}
