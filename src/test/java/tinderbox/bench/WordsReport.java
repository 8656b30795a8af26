package tinderbox.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints the figures of the word count and its rivals, and whether the targets are met. */
final class WordsReport {
    /** By input and rival: how many times as long as Tinderbox the rival should take at least. */
    private static final Map<String, Double> TARGETS = Map.of(
            WordsBench.ENGLISH + Names.QUERY, 7.0,
            WordsBench.ENGLISH + Names.DUCK_PLAIN, 2.3,
            WordsBench.ENGLISH + Names.TWO_THREADS, 1 / 1.3,
            WordsBench.LARGE + Names.TWO_THREADS, 1 / 1.15,
            WordsBench.SMALL + Names.SUBMIT, 80.0,
            WordsBench.MANY + Names.QUERY, 5.0);

    private final TextTable textTable = new TextTable(
            new int[] {9, 7, 7, 6, 7, 8, 7}, "", "median ms", "min", "max", "rounds", "ratio", "target", "");
    private int missed;

    /** The names of the rivals. */
    static final class Names {
        static final String QUERY = "Spark SQL, warm session";
        static final String TUNED_QUERY = "Spark SQL, tuned settings";
        static final String SUBMIT = "Spark SQL, new spark-submit";
        static final String DUCK_PLAIN = "DuckDB, plain split";
        static final String DUCK_REGEX = "DuckDB, regex split";
        static final String ONE_THREAD = "plain Java loop, 1 thread";
        static final String TWO_THREADS = "plain Java loop, 2 threads";
        static final String PIPELINE = "tr | sort | uniq -c | sort";

        private Names() {}
    }

    /** Adds the figures of one input; the first ones are those of Tinderbox. */
    void add(String input, List<Comparison.Times> all) {
        textTable.row(input);
        Comparison.Times tinderbox = all.get(0);
        for (int i = 0; i < all.size(); i++) {
            Comparison.Times times = all.get(i);
            if (times.failure() != null) {
                missed += i == 0 ? 1 : 0;
                textTable.row("  " + times.rival(), "failed", "", "", "", "", "", times.failure());
                continue;
            }
            Double target = TARGETS.get(input + times.rival());
            String ratio = "";
            String verdict = "";
            if (i > 0 && tinderbox.failure() == null) {
                double reached = times.median() / tinderbox.median();
                ratio = format("%.2f", reached);
                verdict = target == null ? "" : verdict(reached >= target);
            }
            textTable.row(
                    "  " + times.rival(),
                    format("%,.0f", times.median()),
                    format("%,.0f", times.percentile(0)),
                    format("%,.0f", times.percentile(100)),
                    Integer.toString(times.sorted().size()),
                    ratio,
                    target == null ? "" : format(">= %.2f", target),
                    verdict);
        }
    }

    /** Adds a time of Tinderbox that should be below a target. */
    void addTarget(String name, double millis, double targetMillis, int rounds) {
        textTable.row(
                "  " + name,
                format("%,.0f", millis),
                "",
                "",
                Integer.toString(rounds),
                "",
                format("< %,.0f ms", targetMillis),
                verdict(millis < targetMillis));
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

    void printSummary() {
        System.out.println(missed == 0 ? "All targets are met." : missed + " targets are missed.");
    }
}
