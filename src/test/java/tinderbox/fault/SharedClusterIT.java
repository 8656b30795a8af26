package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;

/** A word count on the executors of a cluster of the JAR's own master and workers. */
class SharedClusterIT {
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
