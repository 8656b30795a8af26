package tinderbox.oracle;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Queries of TPC-H, sent to a server at once; it answers them while DuckDB does. */
public final class TpchRun implements AutoCloseable {
    private static final BigDecimal TOLERANCE = new BigDecimal("0.01");

    private final ApiClient apiClient;
    private final Tpch tpch;
    private final Map<Integer, String> jobs = new HashMap<>();

    /** Writes the tables to the server's root {@code test}, and submits the queries with these numbers. */
    public TpchRun(TestServer server, double scale, List<Integer> numbers) throws Exception {
        apiClient = new ApiClient(server);
        tpch = Tpch.write(server.root().resolve("tpch"), scale);
        for (int number : numbers) {
            jobs.put(number, apiClient.submit("sql", Map.of("query", Tpch.query(number, "test/tpch"))));
        }
    }

    /** How the server's answer to one of the queries differs from DuckDB's; empty if it does not. */
    public Optional<String> difference(int number) throws Exception {
        List<List<String>> expected = sorted(tpch.answer(number));
        Map<String, Object> job = apiClient.awaitEnd(jobs.get(number));
        if (!"SUCCEEDED".equals(job.get("status"))) {
            return Optional.of("query " + number + " failed: " + job.get("error"));
        }
        List<List<String>> answer = new ArrayList<>();
        for (Object row : (List<?>) apiClient
                .get("/api/v1/jobs/" + job.get("job_id") + "/result?limit=10000")
                .get("rows")) {
            List<String> cells = new ArrayList<>();
            ((List<?>) row).forEach(cell -> cells.add(cell == null ? null : cell.toString()));
            answer.add(cells);
        }
        return difference(expected, sorted(answer)).map(what -> "query " + number + ": " + what);
    }

    private static Optional<String> difference(List<List<String>> expected, List<List<String>> actual) {
        if (expected.size() != actual.size()) {
            return Optional.of(actual.size() + " rows instead of " + expected.size());
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!isEqual(expected.get(i), actual.get(i))) {
                return Optional.of("the row " + actual.get(i) + " instead of " + expected.get(i));
            }
        }
        return Optional.empty();
    }

    private static boolean isEqual(List<String> expected, List<String> actual) {
        if (expected.size() != actual.size()) {
            return false;
        }
        for (int i = 0; i < expected.size(); i++) {
            if (!isEqual(expected.get(i), actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isEqual(String expected, String actual) {
        if (expected.equals(actual)) {
            return true;
        }
        try {
            return new BigDecimal(expected)
                            .subtract(new BigDecimal(actual))
                            .abs()
                            .compareTo(TOLERANCE)
                    <= 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static List<List<String>> sorted(List<List<String>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(TpchRun::plain).toList())
                .sorted(Comparator.comparing(List::toString))
                .toList();
    }

    /** Numbers with two places, which both round in the same way except at a half. */
    private static String plain(String cell) {
        if (cell == null) {
            return "NULL";
        }
        try {
            return new BigDecimal(cell).setScale(2, RoundingMode.HALF_EVEN).toPlainString();
        } catch (NumberFormatException e) {
            return cell.strip();
        }
    }

    @Override
    public void close() throws SQLException {
        tpch.close();
    }
}
