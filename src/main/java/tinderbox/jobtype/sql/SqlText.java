package tinderbox.jobtype.sql;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.QueryContext;
import org.apache.spark.sql.catalyst.trees.Origin;
import scala.Option;
import tinderbox.job.FieldProblem;
import tinderbox.job.TextPosition;

/**
 * The text of a query: as it was sent, and as Spark parses it, with each {@code :name} replaced by its argument. All
 * positions that Spark knows are in the second text, counted in code points; {@link #position} translates them.
 */
final class SqlText {
    /** The longest text that is parsed, in UTF-16 code units. */
    static final int MAX_LENGTH = 65_536;

    private static final int MAX_DECIMAL_DIGITS = 38;

    private final String sent;
    private final String parsed;
    private final List<Marker> markers;
    /** How many code points were sent. */
    private final int length;
    /** Where the lines of the text that was sent begin, in code points: a checker asks for thousands of positions. */
    private final int[] lineStarts;

    /**
     * A {@code :name} in the text that was sent.
     *
     * @param name without its colon
     * @param start the index of its colon, in code points
     * @param end the index after its last code point
     */
    record Marker(String name, int start, int end) {}

    private SqlText(String sent, String parsed, List<Marker> markers) {
        this.sent = sent;
        this.parsed = parsed;
        this.markers = markers;
        this.length = sent.codePointCount(0, sent.length());
        this.lineStarts = lineStarts(sent);
    }

    private static int[] lineStarts(String text) {
        IntStream.Builder starts = IntStream.builder();
        starts.add(0);
        int codePoints = 0;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            codePoints++;
            if (TextPosition.isLineEnd(text, i)) {
                starts.add(codePoints);
            }
        }
        return starts.build().toArray();
    }

    /** A text without parameters. */
    static SqlText of(String sent) {
        return new SqlText(sent, sent, List.of());
    }

    /**
     * Replaces parameters by their arguments, as literals.
     *
     * @param found where the parameters are; each has an argument
     */
    static SqlText withArguments(String sent, List<Marker> found, Map<String, Object> args) {
        List<Marker> markers =
                found.stream().sorted(Comparator.comparingInt(Marker::start)).toList();
        var parsed = new StringBuilder();
        List<Marker> replaced = new ArrayList<>();
        int from = 0;
        for (Marker marker : markers) {
            int start = sent.offsetByCodePoints(0, marker.start());
            parsed.append(sent, from, start);
            int literalStart = parsed.codePointCount(0, parsed.length());
            parsed.append(literal(marker.name(), args.get(marker.name())));
            replaced.add(new Marker(marker.name(), literalStart, parsed.codePointCount(0, parsed.length())));
            from = sent.offsetByCodePoints(0, marker.end());
            if (parsed.length() > MAX_LENGTH) {
                throw SqlProblems.invalid(tooLong("with its arguments "));
            }
        }
        parsed.append(sent, from, sent.length());
        if (parsed.length() > MAX_LENGTH) {
            throw SqlProblems.invalid(tooLong("with its arguments "));
        }
        var text = new SqlText(sent, parsed.toString(), new ArrayList<>());
        for (int i = 0; i < markers.size(); i++) {
            text.markers.add(markers.get(i));
            text.markers.add(replaced.get(i));
        }
        return text;
    }

    /** A text of its own would run into its neighbours: {@code 1-:x} with -1 must not become a comment. */
    private static String literal(String name, Object value) {
        if (value instanceof String text) {
            return " '" + text.replace("\\", "\\\\").replace("'", "\\'") + "' ";
        }
        if (value instanceof BigDecimal number) {
            return " " + number(name, number) + " ";
        }
        return " " + String.valueOf(value).toUpperCase(Locale.ROOT) + " ";
    }

    /** A decimal, if Spark has one with so many digits, otherwise a double. */
    private static String number(String name, BigDecimal number) {
        int digits = Math.max(number.precision(), number.scale());
        boolean isDecimal = number.scale() >= -MAX_DECIMAL_DIGITS
                && (number.scale() < 0 ? number.precision() - number.scale() : digits) <= MAX_DECIMAL_DIGITS;
        double rounded = number.doubleValue();
        if (!isDecimal && Double.isInfinite(rounded)) {
            throw SqlProblems.invalid(new FieldProblem(
                    Sql.ARGS.field() + "." + name,
                    "must not be a number beyond the range of a double; send it as a text"));
        }
        return isDecimal ? number.toPlainString() : rounded + "D";
    }

    static FieldProblem tooLong(String what) {
        return new FieldProblem(Sql.QUERY.field(), what + "must not be longer than " + MAX_LENGTH + " characters");
    }

    /** As it was sent. */
    String sent() {
        return sent;
    }

    /** As Spark parses it. */
    String parsed() {
        return parsed;
    }

    /**
     * A part of the parsed text as a position in the text that was sent.
     *
     * @param start the index of the first code point
     * @param end the index after the last one
     */
    TextPosition position(int start, int end) {
        int from = within(toSent(start, false));
        int to = Math.max(from, within(toSent(end, true)));
        int found = Arrays.binarySearch(lineStarts, from);
        int line = found >= 0 ? found : -found - 2;
        return new TextPosition(line + 1, from - lineStarts[line] + 1, to - from);
    }

    /** The position of a node of a plan; null if Spark does not know it. */
    TextPosition position(Origin origin) {
        Option<Object> start = origin.startIndex();
        Option<Object> stop = origin.stopIndex();
        if (start.isEmpty() || stop.isEmpty()) {
            return null;
        }
        return position((Integer) start.get(), (Integer) stop.get() + 1);
    }

    /** The position that a failure names; null if it names none. */
    TextPosition position(QueryContext context) {
        return position(context.startIndex(), context.stopIndex() + 1);
    }

    /** The position of a line and a column in the parsed text, both as Spark counts them; one character long. */
    TextPosition positionOf(int line, int column) {
        int start = index(line, column);
        return position(start, start + 1);
    }

    /** The index of a line and a column in the parsed text, both as Spark counts them. */
    int index(int line, int column) {
        int index = 0;
        for (int at = 1; at < line; at++) {
            int end = parsed.indexOf('\n', index);
            if (end < 0) {
                break;
            }
            index = end + 1;
        }
        return Math.min(parsed.codePointCount(0, index) + column, parsed.codePointCount(0, parsed.length()));
    }

    /** Both indexes are in code points; one within an argument becomes that of its parameter. */
    private int toSent(int index, boolean isEnd) {
        int shift = 0;
        for (int i = 0; i < markers.size(); i += 2) {
            Marker marker = markers.get(i);
            Marker replaced = markers.get(i + 1);
            if (index < replaced.start() || (isEnd && index == replaced.start())) {
                break;
            }
            if (index < replaced.end() || (isEnd && index == replaced.end())) {
                return isEnd ? marker.end() : marker.start();
            }
            shift = marker.end() - replaced.end();
        }
        return index + shift;
    }

    private int within(int codePoint) {
        return Math.max(0, Math.min(codePoint, length));
    }
}
