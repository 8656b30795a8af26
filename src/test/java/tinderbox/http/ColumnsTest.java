package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The columns of datasets. */
class ColumnsTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    @BeforeEach
    void awaitSpark() {
        apiClient.run("word-count", Map.of());
    }

    private Map<String, Object> columns(String path) {
        return apiClient.get("/api/v1/datasets/columns?path=" + path);
    }

    private String refusal(String path) {
        HttpResponse<byte[]> response = apiClient.send(
                apiClient.request("/api/v1/datasets/columns?path=" + path).build());
        Map<String, Object> body = ApiClient.json(response);
        assertNotNull(body.get("detail"), body::toString);
        return response.statusCode() + " " + body.get("code") + ": "
                + body.get("detail").toString().split("\\. ", 2)[0];
    }

    @Test
    void theFirstRowsAndTheColumnsAreCsvToo() throws Exception {
        Path tables = Files.createDirectories(server.root().resolve("previews"));
        Files.writeString(tables.resolve("a.csv"), "\ufeffa,b\n1,\"=x, \"\"y\"\"\"\n-2,\n");
        Files.writeString(tables.resolve("b.json"), "{\"n\":-1,\"t\":{\"u\":[1]}}\n{\"n\":null}\n");
        String preview = "/api/v1/datasets/preview?format=csv&path=test/previews/";
        assertEquals("a,b\n1,\"'=x, \"\"y\"\"\"\n-2,\"\"\n", apiClient.text(preview + "a.csv&safe=1"));
        assertEquals("\ufeffn,t\n-1,\"{\"\"u\"\":[1]}\"\n,\n", apiClient.text(preview + "b.json&bom=1"));
        RawHttp.Reply airports = RawHttp.get("/api/v1/datasets/preview?format=csv&path=samples/air/airports.csv")
                .send(server.port());
        assertEquals("true", airports.header("List-Truncated"));
        assertEquals(20, airports.text().lines().count());
        RawHttp.get("/api/v1/datasets/preview?format=csv&path=samples/moby-dick.txt")
                .send(server.port())
                .assertProblem(422, "invalid_input");
        assertEquals(
                "name,type\na,int\nb,string\n",
                apiClient.text("/api/v1/datasets/columns?format=csv&path=test/previews/a.csv"));
    }

    @Test
    void aTableHasColumnsWithTypes() {
        assertEquals(
                Map.of(
                        "path",
                        "samples/air/seattle-weather.csv",
                        "format",
                        "csv",
                        "columns",
                        List.of(
                                Map.of("name", "date", "type", "date"),
                                Map.of("name", "precipitation", "type", "double"),
                                Map.of("name", "temp_max", "type", "double"),
                                Map.of("name", "temp_min", "type", "double"),
                                Map.of("name", "wind", "type", "double"),
                                Map.of("name", "weather", "type", "string"))),
                columns("samples/air/seattle-weather.csv"));
        assertEquals(
                Map.of(
                        "path",
                        "samples/state-of-the-union",
                        "format",
                        "text",
                        "columns",
                        List.of(Map.of("name", "value", "type", "string"))),
                columns("samples/state-of-the-union/"));
        String id = apiClient.run("word-count", Map.of()).get("job_id").toString();
        assertEquals(
                Map.of(
                        "path",
                        "results/" + id,
                        "format",
                        "result",
                        "columns",
                        List.of(Map.of("name", "word", "type", "string"), Map.of("name", "count", "type", "bigint"))),
                columns("results/" + id));
    }

    @Test
    void whatIsNoTableIsRefused() throws Exception {
        assertEquals(
                "404 dataset_not_found: There is no dataset samples/none.csv, or it cannot be read",
                refusal("samples/none.csv"));
        assertEquals(
                "404 dataset_not_found: There is no dataset results/" + UUID.nameUUIDFromBytes(new byte[0])
                        + ", or it cannot be read",
                refusal("results/" + UUID.nameUUIDFromBytes(new byte[0])));
        Path mixed = Files.createDirectories(server.root().resolve("columns-mixed"));
        Files.writeString(mixed.resolve("a.csv"), "a\n");
        Files.writeString(mixed.resolve("b.json"), "{}\n");
        assertEquals(
                "422 invalid_input: A query of this dataset reads the folder `test/columns-mixed`, whose files differ: a.csv"
                        + " is CSV, and b.json is JSON; name one of its files, or move the others",
                refusal("test/columns-mixed"));
        Path bad = server.root().resolve("columns-bad.json");
        Files.writeString(bad, "{\n");
        assertEquals(
                "422 invalid_input: The input test/columns-bad.json has a record that is not JSON: a line ends before"
                        + " its value does; if values go over several lines, give multiline => true",
                refusal("test/columns-bad.json"));
    }
}
