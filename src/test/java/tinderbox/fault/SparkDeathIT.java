package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If Spark dies at every task, the server gives up after some restarts and keeps its jobs. */
class SparkDeathIT {
    private static final int SPARK_DIED = 70;
    private static final int RESTARTS = 3;

    @TempDir
    Path base;

    private ServerProcess.Launch launch() {
        return ServerProcess.on(base.resolve("data"))
                .with(JobClient.rootOption(base))
                .with("--max-running", "1", "--max-attempts", "10");
    }

    private static Path testClasses() throws URISyntaxException {
        return Path.of(DyingSpark.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
    }

    @Test
    void aServerWhoseSparkKeepsDyingExitsAndKeepsItsJobs() throws Exception {
        List<String> waiting = new ArrayList<>();
        String first;
        try (ServerProcess server = launch().classPath(testClasses())
                .with("--spark-conf", "spark.plugins=" + DyingSpark.class.getName())
                .start()) {
            first = JobClient.submitAccepted(server.apiClient(), null, 0);
            waiting.add(JobClient.submitAccepted(server.apiClient(), null, 0));
            waiting.add(JobClient.submitAccepted(server.apiClient(), null, 0));
            assertEquals(SPARK_DIED, server.awaitExit(), server::output);
            String output = server.output();
            assertEquals(
                    RESTARTS,
                    output.lines()
                            .filter(line -> line.contains("Spark has died; it is started again"))
                            .count(),
                    output);
            assertTrue(output.contains("Spark has died " + (RESTARTS + 1) + " times in a row"), output);
        }
        try (ServerProcess server = launch().start()) {
            Map<String, Object> job = server.apiClient().awaitEnd(first);
            assertEquals("SUCCEEDED", job.get("status"), job::toString);
            assertEquals(RESTARTS + 2L, job.get("attempt"), "each death cost it an attempt");
            for (String id : waiting) {
                assertEquals("SUCCEEDED", server.apiClient().awaitEnd(id).get("status"));
                assertEquals(1L, server.apiClient().job(id).get("attempt"), "it was only pending");
            }
        }
    }
}
