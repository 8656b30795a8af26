package tinderbox.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import tinderbox.jobtype.sql.StatementFuzz;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Tests of queries that take too long for every build, on a server in this process. */
public final class SqlSoak {
    /** The parts, in the order in which they run. */
    public static final List<String> PARTS = List.of("tpch", "golden", "fuzz");

    private static final double SCALE = 0.1;
    private static final double SHARE_EQUAL = 0.95;

    /** Of this many statements, one really runs. */
    private static final int RUN_ONE_OF = 50;

    private SqlSoak() {}

    /**
     * Runs one part, or all.
     *
     * @param part one of {@link #PARTS}, or empty for all
     * @param statements how many the fuzz makes
     * @return whether all is well
     */
    public static boolean run(String part, int statements, long seed) throws Exception {
        ApiClient server = new ApiClient(TestServer.shared());
        server.run("sql", Map.of("query", "SELECT 1"));
        boolean good = true;
        for (String each : part.isEmpty() ? PARTS : List.of(part)) {
            System.out.println("== " + each + ", seed " + seed);
            long started = System.nanoTime();
            good &= switch (each) {
                case "tpch" -> tpch();
                case "golden" -> golden(server, seed);
                default -> fuzz(statements, seed);
            };
            System.out.println("== " + each + " took "
                    + Duration.ofNanos(System.nanoTime() - started).toSeconds() + " s");
        }
        System.out.println(good ? "all is well" : "FAILED: see above");
        return good;
    }

    private static boolean tpch() throws Exception {
        int equal = 0;
        try (TpchRun run = new TpchRun(TestServer.shared(), SCALE)) {
            for (int number = 1; number <= Tpch.QUERIES; number++) {
                Optional<String> difference = run.difference(number);
                difference.ifPresent(System.out::println);
                equal += difference.isEmpty() ? 1 : 0;
            }
        }
        System.out.println("TPC-H at SF " + SCALE + ": " + equal + " of " + Tpch.QUERIES + " answers equal DuckDB's");
        return equal == Tpch.QUERIES;
    }

    private static boolean golden(ApiClient server, long seed) throws Exception {
        GoldenRun run = new GoldenRun(server, SparkSession.active(), line -> System.out.println("DIFFERS: " + line));
        run.run(Integer.MAX_VALUE, seed);
        run.outdated().forEach(id -> System.out.println("no longer differs, but is in the list: " + id));
        System.out.println(run.summary());
        return run.unexpected().isEmpty() && run.outdated().isEmpty() && run.shareEqual() >= SHARE_EQUAL;
    }

    private static boolean fuzz(int statements, long seed) throws Exception {
        return StatementFuzz.run(TestServer.shared(), statements, statements / RUN_ONE_OF, seed, System.out::println)
                .isEmpty();
    }
}
