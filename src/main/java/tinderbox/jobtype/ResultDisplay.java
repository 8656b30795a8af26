package tinderbox.jobtype;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How the page shows the result of a job type, besides its rows. Immutable: the methods return a changed copy.
 *
 * @param tiles numbers of the summary with a title of their own; other numbers are shown under their own names
 * @param charts the charts above or beside the rows
 * @param rowNumber the heading of the column that numbers the rows
 * @param emptyReason the field of the summary that says why the result has no rows, or null
 * @param words says that each row is a word and how often it occurs; null if they are something else
 * @param inContext says that each row is a word with the text around it; null if they are something else
 */
public record ResultDisplay(
        List<Tile> tiles, List<Chart> charts, String rowNumber, String emptyReason, Words words, InContext inContext) {
    /** No tiles and no charts. */
    public static final ResultDisplay PLAIN = new ResultDisplay(List.of(), List.of(), "Row", null, null, null);

    public ResultDisplay {
        tiles = List.copyOf(tiles);
        charts = List.copyOf(charts);
    }

    /** What a number of the summary counts. */
    public enum Unit {
        COUNT,
        BYTES,
        /** The number, divided by the time that the job took. */
        PER_SECOND;

        /** The name on the wire. */
        public String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A number of the summary, by the name of its field. */
    public record Tile(String summary, String title, Unit unit) {}

    /** A chart. */
    public sealed interface Chart {}

    /** A bar for each of the first rows. {@code label} and {@code value} are columns. */
    public record Bars(String label, String value) implements Chart {}

    /** Frequency over rank, on logarithmic scales, from a field of the summary: a list of (rank, count, word). */
    public record RankFrequency(String summary) implements Chart {}

    /**
     * Words and how often each occurs.
     *
     * @param word the column with the words
     * @param count the column with the counts, the largest first
     * @param total the field of the summary with the number of all words
     * @param caseParam the parameter that is true if upper and lower case make different words
     * @param limitParams the parameters that leave words out if they are greater than 1
     * @param concordance the job that shows a word in its lines
     */
    public record Words(
            String word,
            String count,
            String total,
            String caseParam,
            List<String> limitParams,
            Concordance concordance) {
        public Words {
            limitParams = List.copyOf(limitParams);
        }
    }

    /**
     * A job that shows a word of this result in its lines.
     *
     * @param type its type
     * @param wordParam its parameter for the word
     * @param sameParams its parameters that have the same values as those of this job
     */
    public record Concordance(String type, String wordParam, List<String> sameParams) {
        public Concordance {
            sameParams = List.copyOf(sameParams);
        }
    }

    /** A word with the text around it, by the names of the columns. A search looks in the three as if they were one. */
    public record InContext(String left, String word, String right) {
        public List<String> columns() {
            return List.of(left, word, right);
        }
    }

    /** Adds a tile. */
    public ResultDisplay tile(String summary, String title, Unit unit) {
        return new ResultDisplay(
                plus(tiles, new Tile(summary, title, unit)), charts, rowNumber, emptyReason, words, inContext);
    }

    /** Adds a chart. */
    public ResultDisplay chart(Chart chart) {
        return new ResultDisplay(tiles, plus(charts, chart), rowNumber, emptyReason, words, inContext);
    }

    /** Sets the heading of the row numbers. */
    public ResultDisplay rowNumber(String heading) {
        return new ResultDisplay(tiles, charts, heading, emptyReason, words, inContext);
    }

    /** Names the field of the summary that says why the result has no rows. */
    public ResultDisplay emptyReason(String summary) {
        return new ResultDisplay(tiles, charts, rowNumber, summary, words, inContext);
    }

    /** Says that each row is a word and how often it occurs. */
    public ResultDisplay words(Words columns) {
        return new ResultDisplay(tiles, charts, rowNumber, emptyReason, columns, inContext);
    }

    /** Says that each row is a word with the text around it. */
    public ResultDisplay inContext(InContext columns) {
        return new ResultDisplay(tiles, charts, rowNumber, emptyReason, words, columns);
    }

    private static <T> List<T> plus(List<T> list, T last) {
        List<T> longer = new ArrayList<>(list);
        longer.add(last);
        return longer;
    }
}
