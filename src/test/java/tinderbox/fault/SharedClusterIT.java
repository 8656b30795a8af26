package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tinderbox.page.ClusterPageChecks;
import tinderbox.support.ApiClient;

/**
 * All tests that share the cluster. They are in one class because classes run in different JVMs, and each JVM would start a
 * cluster.
 */
class SharedClusterIT {
    @Nested
    class Executors extends ExecutorChecks {}

    @Nested
    class Ports extends ClusterPortChecks {}

    @Nested
    class OnThePage extends ClusterPageChecks {}

    private final ApiClient apiClient = SharedCluster.get().apiClient();

    @Test
    void aJobRunsOnTheCluster() {
        String id = JobClient.submitAccepted(apiClient, null, 0);
        assertEquals("SUCCEEDED", apiClient.awaitEnd(id).get("status"));
        assertEquals(
                JobClient.CSV,
                new String(
                        apiClient
                                .send(apiClient
                                        .request("/api/v1/jobs/" + id + "/result?format=csv")
                                        .build())
                                .body(),
                        StandardCharsets.UTF_8));
    }
}
