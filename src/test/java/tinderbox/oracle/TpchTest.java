package tinderbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** All TPC-H queries over the API, with the answers of DuckDB. */
class TpchTest {
    private static final double SCALE = 0.01;
    private static final BigDecimal TOLERANCE = new BigDecimal("0.01");

    private static final ApiClient API = new ApiClient(TestServer.shared());
    private static Tpch tpch;

    @BeforeAll
    static void write() throws Exception {
        tpch = Tpch.write(TestServer.shared().root().resolve("tpch"), SCALE);
    }

    @AfterAll
    static void close() throws Exception {
        tpch.close();
    }

    static List<Integer> numbers() {
        return IntStream.rangeClosed(1, Tpch.QUERIES).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void answersAsDuckDb(int number) throws Exception {
        List<List<String>> expected = sorted(tpch.answer(number));
        String query = Tpch.query(number, "test/tpch");
        Map<String, Object> job = API.run("sql", Map.of("query", query));
        assertEquals("SUCCEEDED", job.get("status"), () -> "query " + number + ": " + job.get("error"));
        List<List<String>> answer = new ArrayList<>();
        for (Object row : (List<?>) API.get("/api/v1/jobs/" + job.get("job_id") + "/result?limit=10000")
                .get("rows")) {
            List<String> cells = new ArrayList<>();
            ((List<?>) row).forEach(cell -> cells.add(cell == null ? null : cell.toString()));
            answer.add(cells);
        }
        assertEqual(expected, sorted(answer));
    }

    private static List<List<String>> sorted(List<List<String>> rows) {
        return rows.stream()
                .map(row -> row.stream().map(TpchTest::plain).toList())
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

    private static void assertEqual(List<List<String>> expected, List<List<String>> actual) {
        assertEquals(expected.size(), actual.size(), "number of rows");
        for (int i = 0; i < expected.size(); i++) {
            for (int j = 0; j < expected.get(i).size(); j++) {
                String one = expected.get(i).get(j);
                String other = actual.get(i).get(j);
                assertTrue(
                        one.equals(other)
                                || new BigDecimal(one)
                                                .subtract(new BigDecimal(other))
                                                .abs()
                                                .compareTo(TOLERANCE)
                                        <= 0,
                        "row " + i + ": " + expected.get(i) + " but " + actual.get(i));
            }
        }
    }
}
