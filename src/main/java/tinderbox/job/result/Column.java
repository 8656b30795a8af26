package tinderbox.job.result;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** One column of a result; tasks can use it. */
public record Column(String name, Type type) implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The type of a column's cells, and the Java types of its values; a cell can also be null. */
    public enum Type {
        /** Any text: {@link String}. */
        STRING,
        /**
         * A whole number: {@link Byte}, {@link Short}, {@link Integer}, {@link Long}, or a {@link java.math.BigInteger} of
         * at most {@value CellFormat#MAX_DIGITS} digits.
         */
        INTEGER,
        /** A binary floating-point number: {@link Float} or {@link Double}. */
        DOUBLE,
        /** {@link Boolean}. */
        BOOLEAN,
        /** A {@link java.math.BigDecimal} of at most {@value CellFormat#MAX_DIGITS} digits; its scale is kept. */
        DECIMAL,
        /** A day: {@link java.time.LocalDate} or {@link java.sql.Date}. */
        DATE,
        /** A moment: {@link java.time.Instant} or {@link java.sql.Timestamp}. */
        TIMESTAMP,
        /** A day and a time of day, without a time zone: {@link java.time.LocalDateTime}. */
        TIMESTAMP_NTZ,
        /** A {@code byte[]}. */
        BINARY,
        /** The text of a JSON value: {@link String}. */
        JSON;

        /** The name on the wire and on disk. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The type with this name; empty if this version does not know it. */
        public static Optional<Type> ofCode(String code) {
            return Arrays.stream(values())
                    .filter(type -> type.code().equals(code))
                    .findFirst();
        }

        /** Whether a spreadsheet should see cells of this type as numbers. */
        public boolean isNumber() {
            return this == INTEGER || this == DOUBLE || this == DECIMAL;
        }
    }

    /** A column of text. */
    public static Column string(String name) {
        return new Column(name, Type.STRING);
    }

    /** A column of whole numbers. */
    public static Column integer(String name) {
        return new Column(name, Type.INTEGER);
    }
}
