package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import tinderbox.support.TestServer;

/** Some recombined statements; {@code ./run.sh soak --sql fuzz} checks 100,000. */
class StatementFuzzTest {
    private static final int STATEMENTS = 400;
    private static final int RUNS = 10;
    private static final long SEED = 19;

    @Test
    void nothingHappensOutside() throws Exception {
        assertEquals(List.of(), StatementFuzz.run(TestServer.shared(), STATEMENTS, RUNS, SEED, System.out::println));
    }
}
