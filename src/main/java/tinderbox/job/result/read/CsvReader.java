package tinderbox.job.result.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import tinderbox.common.LongRead;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Reads the CSV of results one record at a time, as bytes: only the cells that somebody asks for are decoded. Reading
 * ends when the {@linkplain LongRead#current current long read} does.
 */
final class CsvReader implements Closeable {
    /** How much is read at once. The system's buffer for a read has the same size, and its thread keeps it. */
    private static final int CHUNK_BYTES = 1 << 16;

    private static final byte PLAIN = 0;
    private static final byte QUOTED = 1;
    /** Quoted, with doubled quotes in it. */
    private static final byte DOUBLED = 2;

    private final SeekableByteChannel file;
    private final int maxRecordBytes;
    private final String instead;

    private byte[] buffer = new byte[CHUNK_BYTES];
    /** Where in the file the buffer begins. */
    private long offset;
    /** Where in the buffer the record begins. */
    private int start;
    /** The size of the record with its line feed; 0 before the first. */
    private int length;
    /** Where in the buffer the bytes end that were read. */
    private int end;

    private int cells;
    /** Where each cell begins and ends, without its quotes, from the beginning of the record. */
    private int[] from = new int[16];

    private int[] to = new int[16];
    private byte[] quoting = new byte[16];

    /**
     * Reads from the position of {@code file}; {@link #close} closes it.
     *
     * @param maxRecordBytes a larger record is {@link ErrorCode#LIMIT_EXCEEDED}
     * @param instead what a user can do if that, or the time, is exceeded
     */
    CsvReader(SeekableByteChannel file, int maxRecordBytes, String instead) throws IOException {
        this.file = file;
        this.maxRecordBytes = maxRecordBytes;
        this.instead = instead;
        this.offset = file.position();
    }

    /** Reads the next record; false after the last. */
    boolean next() throws IOException {
        start += length;
        length = 0;
        cells = 0;
        if (!has(0)) {
            return false;
        }
        int at = 0;
        do {
            at = cell(at);
        } while (has(at) && buffer[start + at++] == ',');
        length = at;
        return true;
    }

    /** Reads the record at this place of the file, of this {@link #length}. */
    void read(long position, int recordLength) throws IOException {
        offset = position;
        start = 0;
        length = 0;
        end = 0;
        file.position(position);
        if (buffer.length < recordLength) {
            buffer = new byte[recordLength];
        }
        while (end < recordLength) {
            if (fill(recordLength - end) < 0) {
                throw new IOException("the rows of a result end too early");
            }
        }
        next();
    }

    /** Skips records without looking at their cells, which is much faster than reading them. */
    void skip(long records) throws IOException {
        start += length;
        length = 0;
        long left = records;
        // A doubled quote toggles this twice.
        boolean quoted = false;
        while (left > 0 && has(0)) {
            byte[] bytes = buffer;
            for (int i = start; i < end; i++) {
                byte b = bytes[i];
                if (b == '"') {
                    quoted = !quoted;
                } else if (b == '\n' && !quoted && --left == 0) {
                    start = i + 1;
                    return;
                }
            }
            start = end;
        }
    }

    /** Reads a cell, and returns where the separator after it is. */
    private int cell(int at) throws IOException {
        if (!has(at) || buffer[start + at] != '"') {
            int stop = plain(at);
            add(at, stop, PLAIN);
            return stop;
        }
        byte kind = QUOTED;
        int quote = quote(at + 1);
        while (has(quote + 1) && buffer[start + quote + 1] == '"') {
            kind = DOUBLED;
            quote = quote(quote + 2);
        }
        add(at + 1, quote, kind);
        if (has(quote + 1) && buffer[start + quote + 1] != ',' && buffer[start + quote + 1] != '\n') {
            throw new IOException("a CSV file has text after a quoted cell");
        }
        return quote + 1;
    }

    /** Where the next comma or line feed is, or the file ends. */
    private int plain(int from) throws IOException {
        int at = from;
        while (has(at)) {
            byte[] bytes = buffer;
            int first = start;
            for (int stop = end - first; at < stop; at++) {
                byte b = bytes[first + at];
                if (b == ',' || b == '\n') {
                    return at;
                }
            }
        }
        return at;
    }

    /** Where the next quote is. */
    private int quote(int from) throws IOException {
        int at = from;
        while (has(at)) {
            byte[] bytes = buffer;
            int first = start;
            for (int stop = end - first; at < stop; at++) {
                if (bytes[first + at] == '"') {
                    return at;
                }
            }
        }
        throw new IOException("a CSV file ends within a quoted cell");
    }

    private void add(int begin, int stop, byte kind) {
        if (cells == from.length) {
            from = Arrays.copyOf(from, 2 * cells);
            to = Arrays.copyOf(to, 2 * cells);
            quoting = Arrays.copyOf(quoting, 2 * cells);
        }
        from[cells] = begin;
        to[cells] = stop;
        quoting[cells] = kind;
        cells++;
    }

    /** Whether the file has a byte at this place, counted from the beginning of the record; reads it if necessary. */
    private boolean has(int at) throws IOException {
        while (start + at >= end) {
            makeRoom();
            if (fill(CHUNK_BYTES) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Moves the record to the beginning of the buffer, and enlarges the buffer if the record fills it. */
    private void makeRoom() {
        if (end < buffer.length) {
            return;
        }
        System.arraycopy(buffer, start, buffer, 0, end - start);
        offset += start;
        end -= start;
        start = 0;
        if (end == buffer.length) {
            if (end >= maxRecordBytes) {
                throw new JobException(
                        ErrorCode.LIMIT_EXCEEDED,
                        "A row of the result is larger than " + maxRecordBytes + " bytes",
                        instead);
            }
            buffer = Arrays.copyOf(buffer, (int) Math.min(maxRecordBytes, 2L * buffer.length));
        }
    }

    /** Reads at most {@code max} bytes into the buffer; returns their number, or -1 at the end. */
    private int fill(int max) throws IOException {
        checkTime();
        int count = Math.min(Math.min(max, CHUNK_BYTES), buffer.length - end);
        int read = file.read(ByteBuffer.wrap(buffer, end, count));
        end += Math.max(read, 0);
        return read;
    }

    /** Fails if the time is over, because a page with a wrong total or wrong rows would look complete. */
    void checkTime() {
        if (LongRead.current().isOver()) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The result is too large to be searched, sorted, or paged this far, within the time that a request"
                            + " has",
                    instead);
        }
    }

    /** The number of cells in the record, at least 1. */
    int cells() {
        return cells;
    }

    /** Where in the file the record begins. */
    long position() {
        return offset + start;
    }

    /** The size of the record in bytes, with its line feed. */
    int length() {
        return length;
    }

    boolean isNull(int cell) {
        return quoting[cell] == PLAIN && from[cell] == to[cell];
    }

    /** The text of a cell, or null. */
    String text(int cell) {
        if (isNull(cell)) {
            return null;
        }
        String text = new String(buffer, start + from[cell], to[cell] - from[cell], StandardCharsets.UTF_8);
        return quoting[cell] == DOUBLED ? text.replace("\"\"", "\"") : text;
    }

    /**
     * Whether a cell that is not null contains a text of ASCII characters, ignoring case.
     *
     * @param lowerCase in lower case
     * @return null if the cell has other characters, or quotes, so that this cannot tell
     */
    Boolean containsAscii(int cell, byte[] lowerCase) {
        int stop = start + to[cell];
        if (quoting[cell] == DOUBLED) {
            return null;
        }
        for (int i = start + from[cell]; i < stop; i++) {
            if (buffer[i] < 0) {
                return null;
            }
        }
        for (int i = start + from[cell]; i <= stop - lowerCase.length; i++) {
            if (isAt(i, lowerCase)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAt(int at, byte[] lowerCase) {
        for (int i = 0; i < lowerCase.length; i++) {
            byte b = buffer[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != lowerCase[i]) {
                return false;
            }
        }
        return true;
    }

    /** Appends the text of a cell that is not null, in UTF-8. */
    void appendText(int cell, ByteBuilder target) {
        int begin = start + from[cell];
        int stop = start + to[cell];
        if (quoting[cell] == DOUBLED) {
            for (int i = begin; i < stop; i++) {
                if (buffer[i] == '"') {
                    // The second of two.
                    i++;
                }
                target.append(buffer[i]);
            }
        } else {
            target.append(buffer, begin, stop);
        }
    }

    /** Appends the record as it is in the file, with its line feed. */
    void appendRecord(ByteBuilder target) {
        target.append(buffer, start, start + length);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
