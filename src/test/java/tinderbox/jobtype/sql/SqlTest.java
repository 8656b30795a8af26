package tinderbox.jobtype.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** Runs queries over the API. */
class SqlTest {
    private final ApiClient apiClient = new ApiClient(TestServer.shared());

    @Test
    void aQueryWithoutTables() {
        assertEquals("one\n1\n", csv("SELECT 1 AS one"));
    }

    private String csv(String query) {
        Map<String, Object> job = apiClient.run("sql", Map.of("query", query));
        assertEquals("SUCCEEDED", job.get("status"), job::toString);
        return apiClient.csv((String) job.get("job_id"));
    }
}
