package tinderbox.job.result;

import java.util.Locale;

/** One column of a result. */
public record Column(String name, Type type) {
    /** The type of a column's cells; a cell can also be null. */
    public enum Type {
        /** Any text: {@link String}. */
        STRING,
        /** A whole number of 64 bits: {@link Long}. */
        INTEGER,
        /** A binary floating-point number: {@link Double}. */
        DOUBLE,
        /** {@link Boolean}. */
        BOOLEAN;

        /** The name on the wire and on disk. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** Reads a cell's text as {@link Csv} writes it. */
        Object parse(String cell) {
            return switch (this) {
                case STRING -> cell;
                case INTEGER -> Long.valueOf(cell);
                case DOUBLE -> Double.valueOf(cell);
                case BOOLEAN -> Boolean.valueOf(cell);
            };
        }

        /** Whether {@code value} is null or of this type. */
        boolean admits(Object value) {
            return value == null
                    || switch (this) {
                        case STRING -> value instanceof String;
                        case INTEGER -> value instanceof Long;
                        case DOUBLE -> value instanceof Double;
                        case BOOLEAN -> value instanceof Boolean;
                    };
        }
    }

    /** A column of text. */
    public static Column string(String name) {
        return new Column(name, Type.STRING);
    }

    /** A column of 64-bit whole numbers. */
    public static Column integer(String name) {
        return new Column(name, Type.INTEGER);
    }
}
