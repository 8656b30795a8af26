package tinderbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tinderbox.support.TestServer;

/** All TPC-H queries over the API, with the answers of DuckDB; {@code ./run.sh soak --sql tpch} has ten times the rows. */
class TpchTest {
    private static final double SCALE = 0.01;

    private static TpchRun run;

    @BeforeAll
    static void submitAll() throws Exception {
        run = new TpchRun(TestServer.shared(), SCALE);
    }

    @AfterAll
    static void close() throws Exception {
        run.close();
    }

    static List<Integer> numbers() {
        return IntStream.rangeClosed(1, Tpch.QUERIES).boxed().toList();
    }

    @ParameterizedTest
    @MethodSource("numbers")
    void answersAsDuckDb(int number) throws Exception {
        assertEquals(Optional.empty(), run.difference(number));
    }
}
