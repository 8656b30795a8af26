package tinderbox.job.result;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.json.ExactNumbers;
import tinderbox.json.JsonText;

/** The text of a cell in CSV, and what that text is in JSON. Nothing is rounded in either. */
public final class CellFormat {
    /** The maximum number of digits of a whole number or decimal, with the zeros of its plain notation. */
    static final int MAX_DIGITS = 1000;

    /** No number with more bits has at most {@link #MAX_DIGITS} digits. */
    private static final int MAX_BITS = 3322;

    private CellFormat() {}

    /**
     * The text of a value.
     *
     * @return null for null
     * @throws IllegalArgumentException if the value has another type than the column
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if a number has too many digits
     */
    static String text(Column column, Object value) {
        if (value == null) {
            return null;
        }
        String text = switch (column.type()) {
            case STRING, JSON -> value instanceof String string ? string : null;
            case INTEGER -> integer(column, value);
            case DOUBLE -> value instanceof Double || value instanceof Float ? value.toString() : null;
            case BOOLEAN -> value instanceof Boolean ? value.toString() : null;
            case DECIMAL -> value instanceof BigDecimal decimal ? plain(column, decimal) : null;
            case DATE -> date(value);
            case TIMESTAMP -> timestamp(value);
            case TIMESTAMP_NTZ -> value instanceof LocalDateTime time ? withoutZone(time) : null;
            case BINARY -> value instanceof byte[] bytes ? Base64.getEncoder().encodeToString(bytes) : null;
        };
        if (text == null) {
            throw new IllegalArgumentException("the column " + column.name() + " holds "
                    + column.type().code() + ", not " + value.getClass().getSimpleName());
        }
        return text;
    }

    private static String integer(Column column, Object value) {
        if (value instanceof BigInteger number) {
            return plain(column, new BigDecimal(number));
        }
        boolean isInteger =
                value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte;
        return isInteger ? value.toString() : null;
    }

    private static String plain(Column column, BigDecimal number) {
        // First, because counting the digits of a very long number takes long.
        boolean tooLong = number.unscaledValue().bitLength() > MAX_BITS;
        long scale = number.scale();
        if (tooLong || Math.max(number.precision(), scale + 1) - Math.min(scale, 0) > MAX_DIGITS) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "A number in the column " + column.name() + " has more than " + MAX_DIGITS + " digits",
                    "have the job round it, or write it as text");
        }
        return number.toPlainString();
    }

    private static String date(Object value) {
        if (value instanceof java.sql.Date legacy) {
            return LegacyDates.toLocalDate(legacy).toString();
        }
        return value instanceof LocalDate date ? date.toString() : null;
    }

    private static String timestamp(Object value) {
        if (value instanceof Timestamp legacy) {
            return LegacyDates.toInstant(legacy).toString();
        }
        return value instanceof Instant instant ? instant.toString() : null;
    }

    /** As a timestamp, but without the Z at its end. */
    private static String withoutZone(LocalDateTime time) {
        String utc = time.toInstant(ZoneOffset.UTC).toString();
        return utc.substring(0, utc.length() - 1);
    }

    /**
     * A cell's text as a value for JSON: null, String, Boolean or {@link JsonText}.
     *
     * @param text of a cell of this type in a result, or null
     */
    public static Object json(Column.Type type, String text) {
        if (text == null) {
            return null;
        }
        return switch (type) {
            case STRING, DECIMAL, DATE, TIMESTAMP, TIMESTAMP_NTZ, BINARY -> text;
            case INTEGER -> ExactNumbers.isExact(text) ? JsonText.number(text) : text;
            case DOUBLE -> Double.isFinite(Double.parseDouble(text)) ? JsonText.number(text) : text;
            case BOOLEAN -> Boolean.valueOf(text);
            case JSON -> JsonText.of(text).map(Object.class::cast).orElse(text);
        };
    }
}
