package tinderbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.support.TestServer;

/**
 * Queries of TPC-H over the API, with the answers of DuckDB: between them they have each kind of join and subquery. {@code
 * ./run.sh soak --sql tpch} runs all of them, over ten times the rows.
 */
class TpchTest {
    private static final double SCALE = 0.01;
    private static final List<Integer> NUMBERS = List.of(2, 4, 7, 13, 15, 18, 21, 22);

    private static TpchRun run;

    @BeforeAll
    static void submitAll() throws Exception {
        run = new TpchRun(TestServer.shared(), SCALE, NUMBERS);
    }

    @AfterAll
    static void close() throws Exception {
        run.close();
    }

    static List<Integer> numbers() {
        return NUMBERS;
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void answersAsDuckDb(int number) throws Exception {
        assertEquals(Optional.empty(), run.difference(number));
    }
}
