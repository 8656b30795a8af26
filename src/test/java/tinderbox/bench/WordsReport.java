package tinderbox.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of the word count beside those of its rivals, and beside what is wanted of it. */
final class WordsReport {
    /** By input and rival: how many times as long as ours the rival is to take at least. */
    private static final Map<String, Double> WANTED = Map.of(
            WordsBench.ENGLISH + Names.QUERY, 7.0,
            WordsBench.ENGLISH + Names.DUCK_PLAIN, 2.3,
            WordsBench.ENGLISH + Names.TWO_THREADS, 1 / 1.3,
            WordsBench.LARGE + Names.TWO_THREADS, 1 / 1.15,
            WordsBench.SMALL + Names.SUBMIT, 80.0,
            WordsBench.MANY + Names.QUERY, 5.0);

    private final TextTable textTable = new TextTable(
            new int[] {9, 7, 7, 6, 7, 8, 7}, "", "median ms", "least", "most", "rounds", "x ours", "wanted", "");
    private int missed;

    /** What the rivals are called. */
    static final class Names {
        static final String QUERY = "old query, warm session";
        static final String TUNED_QUERY = "old query, our settings";
        static final String SUBMIT = "old query, new spark-submit";
        static final String DUCK_PLAIN = "DuckDB, plain split";
        static final String DUCK_REGEX = "DuckDB, regex split";
        static final String ONE_THREAD = "plain Java loop, 1 thread";
        static final String TWO_THREADS = "plain Java loop, 2 threads";
        static final String PIPELINE = "tr | sort | uniq -c | sort";

        private Names() {}
    }

    /** Adds what was measured with one input; the first are our own times. */
    void add(String input, List<Comparison.Times> all) {
        textTable.row(input);
        Comparison.Times ours = all.get(0);
        for (int i = 0; i < all.size(); i++) {
            Comparison.Times times = all.get(i);
            if (times.failure() != null) {
                missed += i == 0 ? 1 : 0;
                textTable.row("  " + times.rival(), "failed", "", "", "", "", "", times.failure());
                continue;
            }
            Double wanted = WANTED.get(input + times.rival());
            String ratio = "";
            String verdict = "";
            if (i > 0 && ours.failure() == null) {
                double reached = times.median() / ours.median();
                ratio = format("%.2f", reached);
                verdict = wanted == null ? "" : verdict(reached >= wanted);
            }
            textTable.row(
                    "  " + times.rival(),
                    format("%,.0f", times.median()),
                    format("%,.0f", times.percentile(0)),
                    format("%,.0f", times.percentile(100)),
                    Integer.toString(times.sorted().size()),
                    ratio,
                    wanted == null ? "" : format(">= %.2f", wanted),
                    verdict);
        }
    }

    /** Adds a time of ours that is to stay below so many milliseconds. */
    void limit(String what, double millis, double wanted, int rounds) {
        textTable.row(
                "  " + what,
                format("%,.0f", millis),
                "",
                "",
                Integer.toString(rounds),
                "",
                format("< %,.0f ms", wanted),
                verdict(millis < wanted));
    }

    void heading(String text) {
        textTable.row(text);
    }

    private String verdict(boolean met) {
        missed += met ? 0 : 1;
        return met ? "met" : "MISSED";
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    /** Ends the table. */
    void end() {
        System.out.println(missed == 0 ? "All that is wanted is met." : missed + " of what is wanted is missed.");
    }
}
