package tinderbox.job.result.read;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tinderbox.job.result.Column;

/** A condition for the cells of one column. A null satisfies none but {@link Operator#NULL}, as in SQL. */
public final class ColumnFilter {
    /** Digits and exponents are bounded, because a number is compared in plain notation. */
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]{1,1000}(\\.[0-9]{0,1000})?|\\.[0-9]{1,1000})([eE][+-]?[0-9]{1,3})?");

    private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

    private static final Pattern NOT_FINITE = Pattern.compile("NaN|-?Infinity");

    /** How a cell is compared. */
    public enum Operator {
        EQ,
        NE,
        LT,
        LE,
        GT,
        GE,
        /** The cell's text contains the value, ignoring case. */
        CONTAINS,
        /** The cell's text is one of the values, ignoring case. */
        IN,
        /** The cell's text is none of the values, ignoring case. */
        NOTIN,
        /** The cell's text has at least so many characters. */
        MINLENGTH,
        /** The cell's text has at most so many characters. */
        MAXLENGTH,
        NULL,
        NOTNULL;

        /** The name on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The operator with this name. */
        public static Optional<Operator> ofCode(String code) {
            return Arrays.stream(values())
                    .filter(operator -> operator.code().equals(code))
                    .findFirst();
        }

        /** Whether the operator compares cells with a value. */
        public boolean takesValue() {
            return this != NULL && this != NOTNULL;
        }

        /** Whether that is a list of values. */
        public boolean takesList() {
            return this == IN || this == NOTIN;
        }

        private boolean takesLength() {
            return this == MINLENGTH || this == MAXLENGTH;
        }
    }

    private final int index;
    private final Column.Type type;
    private final Operator operator;
    private final TextSearch search;
    private final byte[] key;
    private final Set<String> texts;
    private final long length;

    private ColumnFilter(
            int index,
            Column.Type type,
            Operator operator,
            TextSearch search,
            byte[] key,
            Set<String> texts,
            long length) {
        this.index = index;
        this.type = type;
        this.operator = operator;
        this.search = search;
        this.key = key;
        this.texts = texts;
        this.length = length;
    }

    /**
     * A filter for a column, with an operator that takes no list.
     *
     * @param index the place of the column in the result, from 0
     * @param value of the column's type, as text, or a length; null if the operator takes none
     * @throws IllegalArgumentException if the value does not fit the type; the message says what would
     */
    public static ColumnFilter of(int index, Column.Type type, Operator operator, String value) {
        if (!operator.takesValue()) {
            return new ColumnFilter(index, type, operator, null, null, Set.of(), 0);
        }
        if (operator == Operator.CONTAINS) {
            return new ColumnFilter(index, type, operator, new TextSearch(value), null, Set.of(), 0);
        }
        if (operator.takesLength()) {
            requireText(type, operator);
            if (!LENGTH.matcher(value).matches()) {
                throw new IllegalArgumentException("must be a number of characters, such as 4");
            }
            return new ColumnFilter(index, type, operator, null, null, Set.of(), Long.parseLong(value));
        }
        ByteBuilder key = new ByteBuilder();
        CellOrder.append(type, cellText(type, value), key);
        return new ColumnFilter(index, type, operator, null, key.toArray(), Set.of(), 0);
    }

    /**
     * A filter for a column of texts, with an operator that takes a list.
     *
     * @throws IllegalArgumentException if the column has no texts; the message says what would fit
     */
    public static ColumnFilter ofList(int index, Column.Type type, Operator operator, List<String> values) {
        requireText(type, operator);
        Set<String> texts = new HashSet<>();
        values.forEach(value -> texts.add(lowerCase(value)));
        return new ColumnFilter(index, type, operator, null, null, texts, 0);
    }

    private static void requireText(Column.Type type, Operator operator) {
        if (type != Column.Type.STRING) {
            throw new IllegalArgumentException("must not be " + operator.code() + ", which is for columns of texts");
        }
    }

    private static String lowerCase(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    private static long length(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The value in the notation that cells of this type have. */
    private static String cellText(Column.Type type, String value) {
        try {
            return switch (type) {
                case STRING, JSON -> value;
                case INTEGER, DECIMAL -> number(value);
                case DOUBLE -> NOT_FINITE.matcher(value).matches() ? value : number(value);
                case BOOLEAN -> bool(value);
                case DATE -> LocalDate.parse(value).toString();
                case TIMESTAMP -> instant(value).toString();
                case TIMESTAMP_NTZ -> local(value).toString();
                case BINARY ->
                    Base64.getEncoder().encodeToString(Base64.getDecoder().decode(value));
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            throw new IllegalArgumentException("must be " + expected(type), e);
        }
    }

    private static String expected(Column.Type type) {
        return switch (type) {
            case STRING, JSON -> "a text";
            case INTEGER, DECIMAL -> "a number, such as 10 or -1.5";
            case DOUBLE -> "a number, such as 10 or -1.5, or NaN, Infinity or -Infinity";
            case BOOLEAN -> "true or false";
            case DATE -> "a date, such as 2026-01-05";
            case TIMESTAMP -> "a time, such as 2026-01-05T10:00:00Z, or a date";
            case TIMESTAMP_NTZ -> "a date and time without a time zone, such as 2026-01-05T10:00:00, or a date";
            case BINARY -> "Base64";
        };
    }

    private static String number(String value) {
        if (!NUMBER.matcher(value).matches()) {
            throw new IllegalArgumentException("not a number");
        }
        return new BigDecimal(value).toPlainString();
    }

    private static String bool(String value) {
        if (!value.equals("true") && !value.equals("false")) {
            throw new IllegalArgumentException("not a boolean");
        }
        return value;
    }

    private static Instant instant(String value) {
        if (value.indexOf('T') < 0) {
            return LocalDate.parse(value).atStartOfDay(ZoneOffset.UTC).toInstant();
        }
        return OffsetDateTime.parse(value).toInstant();
    }

    /** In the form of {@link Instant}, without the Z at its end. */
    private static String local(String value) {
        LocalDateTime time =
                value.indexOf('T') < 0 ? LocalDate.parse(value).atTime(LocalTime.MIDNIGHT) : LocalDateTime.parse(value);
        String utc = time.toInstant(ZoneOffset.UTC).toString();
        return utc.substring(0, utc.length() - 1);
    }

    /**
     * Whether a row satisfies the condition.
     *
     * @param scratch is overwritten
     */
    boolean matches(CsvReader row, ByteBuilder scratch) {
        if (row.isNull(index)) {
            return operator == Operator.NULL;
        }
        return switch (operator) {
            case NULL -> false;
            case NOTNULL -> true;
            case CONTAINS -> search.matches(row, index);
            case IN -> texts.contains(lowerCase(row.text(index)));
            case NOTIN -> !texts.contains(lowerCase(row.text(index)));
            case MINLENGTH -> length(row.text(index)) >= length;
            case MAXLENGTH -> length(row.text(index)) <= length;
            case EQ -> compare(row, scratch) == 0;
            case NE -> compare(row, scratch) != 0;
            case LT -> compare(row, scratch) < 0;
            case LE -> compare(row, scratch) <= 0;
            case GT -> compare(row, scratch) > 0;
            case GE -> compare(row, scratch) >= 0;
        };
    }

    private int compare(CsvReader row, ByteBuilder cell) {
        cell.clear();
        CellOrder.append(type, row, index, cell);
        return cell.compareTo(key);
    }
}
