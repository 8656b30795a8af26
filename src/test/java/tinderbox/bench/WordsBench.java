package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import tinderbox.bench.WordsReport.Names;

/**
 * Compares the word count with its rivals, on the same texts in the same run, from the request to the result on disk.
 * {@code --rounds N} counts each text N times, {@code --texts} chooses texts, {@code --bounded} measures memory instead:
 * see {@link MemoryBench}.
 */
final class WordsBench {
    static final String ENGLISH = "43 MB of English";
    static final String LARGE = "1 GB of English";
    static final String SMALL = "1 MB of English";
    static final String MANY = "10,000 files of 1 kB";

    private static final long MIDDLE_BYTES = 43_000_000;
    private static final long LARGE_BYTES = 1_000_000_000;
    private static final int SMALL_BYTES = 1_000_000;
    private static final int TINY_BYTES = 6_000;
    private static final int MANY_FILES = 10_000;
    private static final int SMALL_ROUNDS = 50;
    private static final int JOBS_DURING_LARGE = 10;

    private final WordsReport report = new WordsReport();
    private final GeneratedTexts texts;
    private final Path inputs;
    private final Path outputs;
    private final Options options;
    private final TinderboxRival tinderboxRival;
    private final List<Rival> warm = new ArrayList<>();
    private final List<Rival> splits;
    private final Rival submit;

    record Options(int rounds, boolean bounded, List<Integer> megabytes, List<String> texts) {
        private static final List<String> TEXTS = List.of("english", "small", "distinct", "line", "many", "large");
        private static final List<String> QUICK = List.of("english", "small", "distinct", "line", "many");

        private static List<String> values(String option, Iterator<String> left) {
            if (!left.hasNext()) {
                throw new Bench.UnknownOptionException(option);
            }
            return List.of(left.next().split(",", -1));
        }

        static Options parse(List<String> arguments) {
            int rounds = 7;
            boolean bounded = false;
            List<Integer> megabytes = List.of(256, 512, 1024);
            List<String> texts = QUICK;
            Iterator<String> left = arguments.iterator();
            while (left.hasNext()) {
                String option = left.next();
                switch (option) {
                    case "--bounded" -> bounded = true;
                    case "--texts" -> texts = values(option, left);
                    case "--rounds" ->
                        rounds = Bench.number(values(option, left).get(0));
                    case "--megabytes" ->
                        megabytes =
                                values(option, left).stream().map(Bench::number).toList();
                    default -> throw new Bench.UnknownOptionException(option);
                }
            }
            for (String text : texts) {
                if (!TEXTS.contains(text)) {
                    throw new Bench.UnknownOptionException("--texts " + text);
                }
            }
            return new Options(rounds, bounded, megabytes, texts);
        }
    }

    private WordsBench(
            Options options,
            Path folder,
            TinderboxRival tinderboxRival,
            CountingJvm loops,
            CountingJvm queries,
            DuckDb duck)
            throws IOException {
        this.options = options;
        this.inputs = folder.resolve("inputs");
        this.outputs = Files.createDirectory(folder.resolve("outputs"));
        this.texts = new GeneratedTexts(folder.resolve("data").resolve("samples"));
        this.tinderboxRival = tinderboxRival;
        warm.add(tinderboxRival);
        warm.add(new Rivals.Loop(Names.TWO_THREADS, loops, "loop-2"));
        warm.add(new Rivals.Loop(Names.ONE_THREAD, loops, "loop-1"));
        this.splits = List.of(duck.plainSplit(Names.DUCK_PLAIN), duck.regexSplit(Names.DUCK_REGEX));
        warm.addAll(splits);
        warm.add(new Rivals.Query(Names.QUERY, queries, "query"));
        warm.add(new Rivals.Query(Names.TUNED_QUERY, queries, "tuned-query"));
        warm.add(new Rivals.Pipeline(Names.PIPELINE));
        this.submit = Rivals.Submit.create(
                Names.SUBMIT, folder, SparkSqlApp.class, tinderbox.support.SparkSqlWordCount.class);
    }

    static void run(List<String> arguments) throws Exception {
        Options options = Options.parse(arguments);
        Path folder = BenchFolders.scratch("bench-words");
        if (options.bounded()) {
            MemoryBench.run(folder, options.megabytes());
            return;
        }
        Path inputs = Files.createDirectory(folder.resolve("inputs"));
        try (TinderboxRival tinderboxRival = new TinderboxRival(folder.resolve("data"), inputs, "-Xmx1g");
                CountingJvm loops = new CountingJvm(folder);
                CountingJvm queries = new CountingJvm(folder);
                DuckDb duck = new DuckDb(folder)) {
            System.out.println(Machine.describe() + versions(duck));
            new WordsBench(options, folder, tinderboxRival, loops, queries, duck).run();
        }
    }

    private static String versions(DuckDb duck) throws SQLException {
        return ", Spark " + org.apache.spark.package$.MODULE$.SPARK_VERSION() + ", DuckDB " + duck.version();
    }

    private void run() throws IOException {
        for (String text : options.texts()) {
            switch (text) {
                case "english" -> english();
                case "small" -> small();
                case "distinct" -> distinct();
                case "line" -> line();
                case "many" -> many();
                case "large" -> large();
                default -> throw new IllegalArgumentException("--texts " + text);
            }
        }
        report.printSummary();
    }

    private List<Rival> withSubmit() {
        List<Rival> all = new ArrayList<>(warm);
        all.add(submit);
        return all;
    }

    private void english() throws IOException {
        Path english = inputs.resolve("english.txt");
        texts.english(english, MIDDLE_BYTES);
        compare(ENGLISH, english, withSubmit());
    }

    private void small() throws IOException {
        Path small = inputs.resolve("small.txt");
        texts.english(small, SMALL_BYTES);
        compare(SMALL, small, withSubmit());
        latency("one small job after another: 1 MB", small);
        Path tiny = inputs.resolve("tiny.txt");
        texts.english(tiny, TINY_BYTES);
        latency("one small job after another: 6 kB", tiny);
    }

    private void distinct() throws IOException {
        Path distinct = inputs.resolve("distinct.txt");
        GeneratedTexts.distinct(distinct, MIDDLE_BYTES);
        compare("43 MB of distinct words", distinct, warm);
    }

    private void line() throws IOException {
        Path line = inputs.resolve("line.txt");
        texts.oneLine(line, MIDDLE_BYTES);
        // DuckDB did not finish splitting a line of that length within minutes.
        List<Rival> others = new ArrayList<>(warm);
        others.removeAll(splits);
        compare("43 MB of English in one line", line, others);
    }

    private void many() throws IOException {
        Path many = inputs.resolve("many");
        texts.manyFiles(many, MANY_FILES, 1000);
        compare(MANY, many, warm);
    }

    private void large() throws IOException {
        Path large = inputs.resolve("large.txt");
        texts.english(large, LARGE_BYTES);
        // The others take minutes for each count; they are compared on the smaller text.
        compare(LARGE, large, warm.subList(0, 4));
        Path small = inputs.resolve("small-during-large.txt");
        texts.english(small, SMALL_BYTES);
        whileLargeRuns(small, large);
    }

    private void compare(String name, Path input, List<Rival> rivals) throws IOException {
        System.err.println(name + "…");
        report.add(name, new Comparison(outputs, options.rounds()).of(input, rivals));
    }

    private void latency(String name, Path input) throws IOException {
        System.err.println(name + "…");
        Comparison.Times times = new Comparison(outputs, SMALL_ROUNDS)
                .of(input, List.of(tinderboxRival))
                .get(0);
        report.heading(name);
        report.addTarget("p50", times.percentile(50), 100, SMALL_ROUNDS);
        report.addTarget("p95", times.percentile(95), 200, SMALL_ROUNDS);
    }

    /** Measures small jobs, one after another, while a large one runs. */
    private void whileLargeRuns(Path small, Path large) throws IOException {
        System.err.println("a small job while a large one runs…");
        String running = tinderboxRival.submit(large);
        while (tinderboxRival.state(running).equals("PENDING")) {
            Thread.onSpinWait();
        }
        List<Duration> times = new ArrayList<>();
        while (times.size() < JOBS_DURING_LARGE) {
            long started = System.nanoTime();
            tinderboxRival.await(tinderboxRival.submit(small));
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            if (!tinderboxRival.state(running).equals("RUNNING")) {
                break;
            }
            times.add(took);
        }
        tinderboxRival.await(running);
        if (times.isEmpty()) {
            throw new AssertionError("the large job ended before the small one");
        }
        Comparison.Times sorted =
                new Comparison.Times("", times.stream().sorted().toList(), null);
        report.heading("a job of 1 MB while one of 1 GB runs");
        report.addTarget("p50", sorted.median(), 2000, times.size());
        report.addTarget("max", sorted.percentile(100), 2000, times.size());
    }
}
