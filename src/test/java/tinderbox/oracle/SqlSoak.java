package tinderbox.oracle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.sql.SparkSession;
import tinderbox.jobtype.sql.StatementFuzz;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Tests of queries that take too long for every build, on a server in this process. */
public final class SqlSoak {
    /** The parts, in the order in which they run. */
    public static final List<String> PARTS = List.of("tpch", "golden", "memory", "fuzz");

    /** Queries that would keep more values on the heap than any machine has memory for. */
    private static final List<String> ENDLESS = List.of(
            "SELECT size(collect_list(id)) FROM range(1000000000000)",
            "SELECT percentile(id, 0.5) FROM range(1000000000000)",
            "SELECT size(flatten(transform(sequence(1, 1000000), x -> sequence(1, 100000))))");

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
                case "memory" -> memory(server);
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
        List<Integer> numbers = IntStream.rangeClosed(1, Tpch.QUERIES).boxed().toList();
        try (TpchRun run = new TpchRun(TestServer.shared(), SCALE, numbers)) {
            for (int number : numbers) {
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

    /** Each ends as what it is, and the server goes on. */
    private static boolean memory(ApiClient server) {
        boolean good = true;
        for (String query : ENDLESS) {
            String id = server.submit("sql", Map.of("query", query));
            Map<String, Object> job = server.job(id);
            for (int minutes = 0; minutes < 10 && job.get("finished_at") == null; minutes++) {
                job = server.get("/api/v1/jobs/" + id + "?wait=60");
            }
            Map<String, Object> after = server.run("sql", Map.of("query", "SELECT count(*) FROM range(1000)"));
            System.out.println(query + ": " + job.get("status") + " " + job.get("error") + " after "
                    + job.get("duration_ms") + " ms; then " + after.get("status"));
            good &= job.get("error") instanceof Map<?, ?> error
                    && error.get("code").equals("out_of_memory")
                    && after.get("status").equals("SUCCEEDED");
        }
        return good;
    }

    private static boolean fuzz(int statements, long seed) throws Exception {
        return StatementFuzz.run(TestServer.shared(), statements, statements / RUN_ONE_OF, seed, System.out::println)
                .isEmpty();
    }
}
