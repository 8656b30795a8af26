package tinderbox.oracle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Some of Spark's own queries; {@code ./run.sh soak --sql golden} runs all. */
class GoldenSampleTest {
    private static final int SIZE = 100;
    private static final long SEED = 19;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void giveTheGoldenAnswers() throws Exception {
        ApiClient server = new ApiClient(TestServer.shared());
        server.run("sql", Map.of("query", "SELECT 1"));
        GoldenRun run = new GoldenRun(server, SparkSession.active(), System.out::println);
        run.run(SIZE, SEED);
        assertEquals(List.of(), run.unexpected(), run::summary);
        assertEquals(List.of(), run.outdated(), "these no longer differ");
        assertTrue(run.compared() >= 0.9 * SIZE, run::summary);
        assertTrue(run.shareEqual() >= 0.95, run::summary);
    }
}
