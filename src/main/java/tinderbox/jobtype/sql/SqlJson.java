package tinderbox.jobtype.sql;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;

/** Writes a nested value as JSON; its scalars are as they are in cells of their own. */
final class SqlJson {
    private final StringBuilder out = new StringBuilder();
    private final int maxLength;

    /** @param maxLength more is a {@link SqlCells.TooLargeException} */
    SqlJson(int maxLength) {
        this.maxLength = maxLength;
    }

    /** JSON as it is. */
    void raw(String json) {
        checkLength(json.length());
        out.append(json);
    }

    /** The comma before all values but the first. */
    void separator(int index) {
        if (index > 0) {
            raw(",");
        }
    }

    /** A value of {@link SqlCells#cells}. */
    void scalar(Object value) {
        boolean isNumber = value instanceof Number number && Double.isFinite(number.doubleValue());
        if (value instanceof BigDecimal decimal) {
            raw(decimal.toPlainString());
        } else if (isNumber || value instanceof Boolean) {
            raw(value.toString());
        } else if (value instanceof byte[] bytes) {
            checkLength(bytes.length);
            text(Base64.getEncoder().encodeToString(bytes));
        } else if (value instanceof LocalDateTime time) {
            String utc = time.toInstant(ZoneOffset.UTC).toString();
            text(utc.substring(0, utc.length() - 1));
        } else {
            text(value.toString());
        }
    }

    /** The key of an object, from what is JSON itself. */
    void key(String json) {
        if (json.startsWith("\"")) {
            raw(json);
        } else {
            text(json);
        }
    }

    /** A string. */
    void text(String text) {
        checkLength(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ') {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }

    private void checkLength(int more) {
        if (out.length() + (long) more > maxLength) {
            throw new SqlCells.TooLargeException();
        }
    }

    @Override
    public String toString() {
        return out.toString();
    }
}
