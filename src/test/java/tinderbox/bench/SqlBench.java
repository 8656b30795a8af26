package tinderbox.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import org.duckdb.DuckDBDriver;
import tinderbox.oracle.Tpch;

/**
 * Measures SQL, always from the POST until a client knows that the job has succeeded: small queries, the first after a
 * start, TPC-H and a CSV of 100 MB beside other tools, and large results. {@code --parts} chooses from them, {@code
 * --rounds N} runs each query N times, {@code --queries} are the TPC-H queries that a new {@code spark-submit} answers, too.
 */
final class SqlBench {
    private static final List<String> PARTS = List.of("start", "small", "tpch", "trips", "rows");
    private static final int ROWS = 1_000_000;
    private static final int SMALL_ROWS = 10_000;
    private static final int SMALL_ROUNDS = 60;
    private static final int STARTS = 3;
    private static final int WARM_UPS = 100;
    private static final Duration MAX_WARM_UP = Duration.ofSeconds(25);
    private static final double SCALE = 0.1;

    private static final String SMALL = """
            SELECT payment_type, count(*) AS trips, round(avg(total_amount), 2) AS total
            FROM %s WHERE trip_distance > 1 GROUP BY payment_type ORDER BY trips DESC, payment_type""";

    private static final String GROUP = """
            SELECT passenger_count, count(*) AS trips, round(avg(total_amount), 2) AS total
            FROM %s GROUP BY passenger_count ORDER BY passenger_count""";

    private static final String ALL_ROWS = """
            SELECT tpep_pickup_datetime, PULocationID, DOLocationID, trip_distance, total_amount FROM %s""";

    private final Options options;
    private final Path folder;
    private final Path inputs;
    private final Path outputs;
    private final Path trips;
    private final Path small;
    private final TextTable table =
            new TextTable(new int[] {10, 10, 10, 7, 30}, "", "p50 ms", "p95 ms", "max ms", "rounds", "");

    record Options(List<String> parts, int rounds, List<Integer> queries) {
        static Options parse(List<String> arguments) {
            Options options = new Options(PARTS, 3, List.of(1, 3, 6, 13, 18, 21));
            for (Iterator<String> left = arguments.iterator(); left.hasNext(); ) {
                String option = left.next();
                if (!left.hasNext()) {
                    throw new Bench.UnknownOptionException(option);
                }
                options = options.with(option, left.next());
            }
            return options;
        }

        private Options with(String option, String value) {
            List<String> values = List.of(value.split(",", -1));
            switch (option) {
                case "--parts" -> {
                    if (!PARTS.containsAll(values)) {
                        throw new Bench.UnknownOptionException("--parts " + value);
                    }
                    return new Options(values, rounds, queries);
                }
                case "--rounds" -> {
                    return new Options(parts, Math.max(1, Bench.number(value)), queries);
                }
                case "--queries" -> {
                    List<Integer> numbers = value.equals("all")
                            ? IntStream.rangeClosed(1, Tpch.QUERIES).boxed().toList()
                            : values.stream().map(Bench::number).toList();
                    return new Options(parts, rounds, numbers);
                }
                default -> throw new Bench.UnknownOptionException(option);
            }
        }
    }

    /** What is measured. */
    private interface Action {
        void run() throws Exception;
    }

    private SqlBench(Options options, Path folder) throws IOException {
        this.options = options;
        this.folder = folder;
        this.inputs = Files.createDirectory(folder.resolve("inputs"));
        this.outputs = Files.createDirectory(folder.resolve("outputs"));
        this.trips = Files.createDirectory(inputs.resolve("trips")).resolve("trips.csv");
        this.small = Files.createDirectory(inputs.resolve("small")).resolve("small.csv");
    }

    static void run(List<String> arguments) throws Exception {
        Options options = Options.parse(arguments);
        System.out.println(Machine.describe());
        new SqlBench(options, BenchFolders.scratch("bench-sql")).run();
    }

    private void run() throws Exception {
        long begun = System.nanoTime();
        Trips.write(trips, ROWS);
        Trips.write(small, SMALL_ROWS);
        if (options.parts().contains("start")) {
            starts();
        }
        try (SqlServer server = new SqlServer(folder.resolve("data"), inputs)) {
            server.awaitRest();
            for (String part : options.parts()) {
                switch (part) {
                    case "small" -> small(server);
                    case "tpch" -> tpch(server);
                    case "trips" -> trips(server);
                    case "rows" -> rows(server);
                    default -> {}
                }
            }
        }
        System.out.printf(Locale.ROOT, "The benchmark took %.0f s.%n", (System.nanoTime() - begun) / 1e9);
    }

    /** The first query after a start: sent as soon as the server accepts it, and after the server has warmed up. */
    private void starts() throws Exception {
        String query = SMALL.formatted("`bench/small/small.csv`");
        Times times = new Times();
        for (int round = 0; round < STARTS; round++) {
            for (boolean warm : new boolean[] {false, true}) {
                Path data = folder.resolve("start-" + round + "-" + warm);
                long begun = System.nanoTime();
                try (SqlServer server = new SqlServer(data, inputs)) {
                    times.add("start until it listens", Duration.ofNanos(System.nanoTime() - begun));
                    if (warm) {
                        server.awaitRest();
                    }
                    String when = warm ? "after the warm-up" : "sent at once";
                    times.of("first query, " + when, () -> server.run(query));
                    times.of("second query, " + when, () -> server.run(query));
                }
                BenchFolders.delete(data);
            }
        }
        times.report("A new server, without an archive of classes: a query over a CSV of 1 MB");
    }

    /** Small queries one after another, then while a large one runs. */
    private void small(SqlServer server) throws Exception {
        String query = SMALL.formatted("`bench/small/small.csv`");
        Map<String, Object> words = Map.of("input", "bench/small/small.csv");
        Times times = new Times();
        Action unknown = () -> {
            Files.setLastModifiedTime(small, FileTime.fromMillis(System.currentTimeMillis()));
            server.run(query);
        };
        Action known = () -> server.run(query);
        int[] number = {0};
        // Another number makes other code, which is generated and compiled.
        Action other = () -> server.run(query.replace("> 1 ", "> 1." + (1_000 + number[0]++) + " "));
        Action count = () -> server.await(server.submit("word-count", words));
        long begun = System.nanoTime();
        for (int i = 0; i < WARM_UPS && System.nanoTime() - begun < MAX_WARM_UP.toNanos(); i++) {
            unknown.run();
            known.run();
            other.run();
            count.run();
        }
        for (int i = 0; i < SMALL_ROUNDS; i++) {
            times.of("columns found out (target 300)", unknown);
            times.of("columns known (target 150)", known);
            times.of("another query each time", other);
            times.of("for comparison: word count", count);
        }
        times.report("A query over a CSV of 1 MB, in turns");
        whileLargeRuns(server, known);
    }

    private void whileLargeRuns(SqlServer server, Action small) throws Exception {
        String table = "`bench/trips/trips.csv`";
        String large = GROUP.formatted(
                "(" + String.join(" UNION ALL ", Collections.nCopies(6, "SELECT * FROM " + table)) + ")");
        server.run(GROUP.formatted(table));
        Times times = new Times();
        times.of("the large one alone", () -> server.run(large));
        times.of("the large one beside small ones", () -> {
            String id = server.submit(large);
            while (!server.isRunning(id)) {
                Thread.onSpinWait();
            }
            while (server.isRunning(id)) {
                times.of("small ones beside it", small);
            }
            server.await(id);
        });
        times.report("Small queries while a query over 600 MB of CSV runs");
    }

    /** The 22 queries beside DuckDB, some of them also beside a new spark-submit. */
    private void tpch(SqlServer server) throws Exception {
        Path tables = inputs.resolve("tpch");
        Rival submit = Rivals.Submit.create("spark-submit", folder, SqlApp.class);
        TextTable queries = new TextTable(
                new int[] {12, 10, 10, 14, 10},
                "TPC-H, SF " + SCALE,
                "Tinderbox ms",
                "DuckDB ms",
                "times it",
                "spark-submit",
                "times ours");
        double ours = 0;
        double duck = 0;
        try (Tpch tpch = Tpch.write(tables, SCALE)) {
            for (int number = 1; number <= Tpch.QUERIES; number++) {
                int query = number;
                String text = Tpch.query(query, "bench/tpch");
                server.run(text);
                tpch.answer(query);
                Times times = new Times();
                for (int round = 0; round < options.rounds(); round++) {
                    times.of("ours", () -> server.run(text));
                    times.of("duck", () -> tpch.answer(query));
                }
                if (options.queries().contains(query)) {
                    Path file = Files.writeString(tables.resolve("q" + query + ".sql"), Tpch.query(query));
                    times.of("submit", () -> submit.count(file, outputs.resolve("submitted")));
                }
                double one = times.median("ours");
                double other = times.median("duck");
                ours += one;
                duck += other;
                boolean submitted = options.queries().contains(query);
                queries.row(
                        "  query " + query,
                        format(one),
                        format(other),
                        ratio(one / other),
                        submitted ? format(times.median("submit")) : "",
                        submitted ? ratio(times.median("submit") / one) : "");
            }
        }
        queries.row("  all", format(ours), format(duck), ratio(ours / duck));
    }

    /** A CSV of 100 MB beside a plain session and DuckDB, from the request to the result on disk. */
    private void trips(SqlServer server) throws Exception {
        String query = GROUP.formatted("`bench/trips/trips.csv`");
        Path plain = Files.writeString(trips.resolveSibling("group.sql"), GROUP.formatted("trips"));
        Times times = new Times();
        try (CountingJvm spark = new CountingJvm(folder);
                Connection connection = duckDb()) {
            String csv = "(FROM read_csv('" + trips + "'))";
            for (int round = -2; round < options.rounds(); round++) {
                Times in = round < 0 ? new Times() : times;
                in.of("Tinderbox", () -> server.run(query));
                in.of("plain Spark session", () -> spark.count("sql", plain, outputs.resolve("plain")));
                in.of(
                        "the same, reading whole rows",
                        () -> spark.count("sql-whole-rows", plain, outputs.resolve("whole-rows")));
                in.of("DuckDB", () -> copy(connection, GROUP.formatted(csv)));
            }
        }
        times.report("2 of 18 columns of a CSV of 100 MB, grouped");
    }

    /** A result of 1,000,000 rows: until it is there, its first page, downloads, sorting and filtering. */
    private void rows(SqlServer server) throws Exception {
        String query = ALL_ROWS.formatted("`bench/trips/trips.csv`");
        Path plain = Files.writeString(trips.resolveSibling("rows.sql"), ALL_ROWS.formatted("trips"));
        Times times = new Times();
        try (CountingJvm spark = new CountingJvm(folder);
                Connection connection = duckDb()) {
            String csv = "(FROM read_csv('" + trips + "'))";
            for (int round = -1; round < options.rounds(); round++) {
                Times in = round < 0 ? new Times() : times;
                List<String> id = new ArrayList<>();
                in.of("POST to SUCCEEDED", () -> id.add(server.run(query)));
                in.of("the first page after that", () -> server.result(id.get(0), ""));
                in.of("another page", () -> server.result(id.get(0), "?offset=900000"));
                in.of("CSV", () -> server.result(id.get(0), "?format=csv"));
                in.of("NDJSON", () -> server.result(id.get(0), "?format=ndjson"));
                in.of("Parquet", () -> server.result(id.get(0), "?format=parquet"));
                in.of("sorted by a number", () -> server.result(id.get(0), "?sort=-total_amount"));
                in.of("sorted by time", () -> server.result(id.get(0), "?sort=tpep_pickup_datetime"));
                in.of("a text (q)", () -> server.result(id.get(0), "?q=2026-01-20%2012"));
                in.of("a filter", () -> server.result(id.get(0), "?filter=total_amount:gt:100"));
                in.of("Spark session, to CSV", () -> spark.count("sql", plain, outputs.resolve("rows")));
                in.of("DuckDB, to CSV", () -> copy(connection, ALL_ROWS.formatted(csv)));
            }
        }
        times.report("1,000,000 rows of 5 columns, from a CSV of 100 MB");
    }

    private static Connection duckDb() throws Exception {
        Connection connection = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET threads = 2");
        }
        return connection;
    }

    private void copy(Connection duckDb, String query) throws Exception {
        try (Statement statement = duckDb.createStatement()) {
            statement.execute(
                    "COPY (" + query + ") TO '" + outputs.resolve("duck.csv") + "' (FORMAT csv, HEADER true)");
        }
    }

    private static String format(double millis) {
        return String.format(Locale.ROOT, "%,.0f", millis);
    }

    private static String ratio(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    /** The durations of several things. */
    private final class Times {
        private final Map<String, List<Duration>> all = new LinkedHashMap<>();

        void of(String name, Action action) throws Exception {
            long begun = System.nanoTime();
            action.run();
            add(name, Duration.ofNanos(System.nanoTime() - begun));
        }

        void add(String name, Duration time) {
            all.computeIfAbsent(name, key -> new ArrayList<>()).add(time);
        }

        double median(String name) {
            return sorted(name).median();
        }

        private Comparison.Times sorted(String name) {
            return new Comparison.Times(name, all.get(name).stream().sorted().toList(), null);
        }

        /** Prints a table; each ratio is to the first row. */
        void report(String heading) {
            table.row(heading);
            double first = median(all.keySet().iterator().next());
            all.keySet().forEach(name -> {
                Comparison.Times one = sorted(name);
                table.row(
                        "  " + name,
                        format(one.median()),
                        format(one.percentile(95)),
                        format(one.percentile(100)),
                        Integer.toString(one.sorted().size()),
                        ratio(one.median() / first));
            });
        }
    }
}
