package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The examples that the form offers for queries. */
class SqlExamplesTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    @Test
    void everyExampleRunsAndHasRows() throws Exception {
        List<Map<String, Object>> examples = examples();
        assertTrue(examples.size() >= 5, examples::toString);
        for (Map<String, Object> example : examples) {
            String id = apiClient.submit("sql", Map.of("query", example.get("value")));
            Map<String, Object> job = apiClient.awaitEnd(id);
            assertEquals("SUCCEEDED", job.get("status"), () -> example + " " + job.get("error"));
            long rows = (Long) apiClient.get("/api/v1/jobs/" + id + "/result").get("total");
            assertTrue(rows > 1, () -> example + " has " + rows + " rows");
        }
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> examples() throws Exception {
        String types = RawHttp.get("/api/v1/job-types").send(server.port()).text();
        byte[] object = ("{\"types\":" + types + "}").getBytes(StandardCharsets.UTF_8);
        return ((List<Map<String, Object>>) Json.readObject(object).get("types"))
                .stream()
                        .filter(type -> type.get("type").equals("sql"))
                        .flatMap(type -> ((List<Map<String, Object>>) type.get("params")).stream())
                        .filter(param -> param.get("examples") != null)
                        .flatMap(param -> ((List<Map<String, Object>>) param.get("examples")).stream())
                        .toList();
    }
}
