package tinderbox.jobtype.sql;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The cells of a result's rows, as bytes. The dialect is that of {@code tinderbox.job.result}: RFC 4180 in UTF-8 with LF; a
 * null is an empty cell, an empty text is {@code ""}.
 */
final class ResultCells {
    private static final int BUFFER = 1 << 16;
    private static final int END = -1;

    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER];
    private int at;
    private int length;
    /** The bytes of all cells of the row, without quotes. */
    private byte[] row = new byte[1 << 10];

    private int used;
    /** Where the cells end in {@link #row}. */
    private final int[] ends;

    private final boolean[] nulls;

    /**
     * Reads a result from its beginning; skips the names of the columns.
     *
     * @param in closed by the caller
     */
    ResultCells(InputStream in, int columns) throws IOException {
        this.in = in;
        this.ends = new int[columns];
        this.nulls = new boolean[columns];
        if (!next()) {
            throw new EOFException("a result has no first line");
        }
    }

    /** Goes to the next row; returns false after the last. */
    boolean next() throws IOException {
        int c = read();
        if (c == END) {
            return false;
        }
        used = 0;
        for (int column = 0; column < ends.length; column++) {
            nulls[column] = c == ',' || c == '\n' || c == END;
            c = c == '"' ? quoted() : plain(c);
            ends[column] = used;
            boolean isLast = column == ends.length - 1;
            if (isLast ? c != '\n' && c != END : c != ',') {
                throw new IOException("a result has a row with another number of cells than it has columns");
            }
            if (!isLast) {
                c = read();
            }
        }
        return true;
    }

    /** Adds the rest of a cell; returns what comes after it. */
    private int plain(int first) throws IOException {
        int c = first;
        while (c != ',' && c != '\n' && c != END) {
            add(c);
            c = read();
        }
        return c;
    }

    private int quoted() throws IOException {
        while (true) {
            int c = read();
            if (c == END) {
                throw new EOFException("a result ends within a quoted cell");
            }
            if (c == '"') {
                int after = read();
                if (after != '"') {
                    return after;
                }
            }
            add(c);
        }
    }

    private void add(int c) {
        if (used == row.length) {
            row = Arrays.copyOf(row, Math.multiplyExact(row.length, 2));
        }
        row[used++] = (byte) c;
    }

    private int read() throws IOException {
        if (at == length) {
            length = in.read(buffer, 0, buffer.length);
            at = 0;
            if (length <= 0) {
                length = 0;
                return END;
            }
        }
        return buffer[at++] & 0xff;
    }

    boolean isNull(int column) {
        return nulls[column];
    }

    /** A copy of the bytes of a cell. */
    byte[] bytes(int column) {
        return Arrays.copyOfRange(row, column == 0 ? 0 : ends[column - 1], ends[column]);
    }

    /** A cell as text. */
    String text(int column) {
        int from = column == 0 ? 0 : ends[column - 1];
        return new String(row, from, ends[column] - from, StandardCharsets.UTF_8);
    }
}
