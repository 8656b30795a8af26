package tinderbox.job.result.read;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Base64;
import tinderbox.job.result.Column;

/**
 * Encodes cells as bytes that compare, unsigned, as the values of the column's type do: numbers by value with NaN as the
 * greatest, text by its UTF-8, dates and timestamps by time. Encoded cells can be joined: none is the beginning of
 * another.
 */
final class CellOrder {
    private static final int NEGATIVE = 0;
    private static final int ZERO = 1;
    private static final int POSITIVE = 2;
    /** Makes an exponent positive; numbers have at most 1,000 digits. */
    private static final int EXPONENT_BIAS = 1 << 15;

    private CellOrder() {}

    /** Appends a cell that is not null. */
    static void append(Column.Type type, CsvReader row, int cell, ByteBuilder target) {
        if (type == Column.Type.STRING || type == Column.Type.JSON) {
            int from = target.length();
            row.appendText(cell, target);
            endText(from, target);
        } else {
            append(type, row.text(cell), target);
        }
    }

    /** Appends a value in the text that cells of this type have. */
    static void append(Column.Type type, String text, ByteBuilder target) {
        switch (type) {
            case STRING, JSON -> appendBytes(text.getBytes(StandardCharsets.UTF_8), target);
            case BINARY -> appendBytes(Base64.getDecoder().decode(text), target);
            case INTEGER, DECIMAL -> appendNumber(text, target);
            case DOUBLE -> appendDouble(Double.parseDouble(text), target);
            case BOOLEAN -> target.append(Boolean.parseBoolean(text) ? 1 : 0);
            case DATE -> target.appendLong(LocalDate.parse(text).toEpochDay() ^ Long.MIN_VALUE);
            case TIMESTAMP -> appendInstant(Instant.parse(text), target);
            case TIMESTAMP_NTZ -> appendInstant(Instant.parse(text + "Z"), target);
        }
    }

    private static void appendBytes(byte[] bytes, ByteBuilder target) {
        int from = target.length();
        target.append(bytes);
        endText(from, target);
    }

    /** A zero byte becomes 0 and 255, so that 0 and 0 can be the end. */
    private static void endText(int from, ByteBuilder target) {
        target.insertAfterZeros(from, 0xff);
        target.append(0);
        target.append(0);
    }

    /**
     * A number in plain notation: its sign, the power of ten that it is below, and its digits without zeros at either
     * end.
     */
    private static void appendNumber(String text, ByteBuilder target) {
        int first = text.startsWith("-") ? 1 : 0;
        while (first < text.length() && (text.charAt(first) == '0' || text.charAt(first) == '.')) {
            first++;
        }
        if (first == text.length()) {
            target.append(ZERO);
            return;
        }
        int last = text.length() - 1;
        while (text.charAt(last) == '0' || text.charAt(last) == '.') {
            last--;
        }
        int point = text.indexOf('.') < 0 ? text.length() : text.indexOf('.');
        int exponent = EXPONENT_BIAS + (first < point ? point - first : point + 1 - first);
        boolean negative = text.startsWith("-");
        target.append(negative ? NEGATIVE : POSITIVE);
        int from = target.length();
        target.append(exponent >> 8);
        target.append(exponent);
        for (int i = first; i <= last; i++) {
            if (i != point) {
                target.append(text.charAt(i));
            }
        }
        target.append(0);
        if (negative) {
            target.invert(from);
        }
    }

    private static void appendDouble(double number, ByteBuilder target) {
        // The two zeros are equal.
        long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
        target.appendLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
    }

    private static void appendInstant(Instant instant, ByteBuilder target) {
        target.appendLong(instant.getEpochSecond() ^ Long.MIN_VALUE);
        target.appendLong(instant.getNano());
    }
}
