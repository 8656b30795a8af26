package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The endpoints for job types and datasets. */
class CatalogTest {
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> objects(Object value) {
        return (List<Map<String, Object>>) value;
    }

    @Test
    void jobTypesHaveEverythingThatAFormNeeds() throws Exception {
        Map<String, Object> wordCount = type("word-count");
        assertEquals(List.of("type", "title", "description", "params", "result"), List.copyOf(wordCount.keySet()));
        assertEquals("word-count", wordCount.get("type"));
        Map<String, Object> input = objects(wordCount.get("params")).get(0);
        assertEquals(
                List.of(
                        "name",
                        "title",
                        "help",
                        "kind",
                        "default",
                        "minimum",
                        "maximum",
                        "max_length",
                        "max_items",
                        "choices",
                        "required",
                        "syntax",
                        "examples"),
                List.copyOf(input.keySet()));
        assertEquals("dataset", input.get("kind"));
        assertEquals("samples/moby-dick.txt", input.get("default"));
        assertEquals(false, input.get("required"));
        Map<String, Object> delay = objects(wordCount.get("params")).get(5);
        assertEquals(
                List.of("integer", 0L, 0L, 60L),
                List.of(delay.get("kind"), delay.get("default"), delay.get("minimum"), delay.get("maximum")));
        Map<String, Object> lineLengths = type("line-lengths");
        Map<String, Object> unit = objects(lineLengths.get("params")).get(1);
        assertEquals("choice", unit.get("kind"));
        assertEquals(List.of("characters", "bytes"), unit.get("choices"));
        assertEquals(true, objects(lineLengths.get("params")).get(0).get("required"));
        assertEquals(4096L, objects(lineLengths.get("params")).get(2).get("max_length"));
        Map<String, Object> columns = objects(type("report").get("params")).get(1);
        assertEquals("columns", columns.get("syntax"));
        assertEquals(
                List.of(Map.of("title", "Numbers only", "value", "integer\ndouble")), objects(columns.get("examples")));
        assertEquals(
                Json.readObject(("{\"tiles\":[],\"charts\":[],\"row_number\":\"Row\",\"empty_reason\":null,"
                                + "\"words\":null,\"in_context\":null}")
                        .getBytes(StandardCharsets.UTF_8)),
                lineLengths.get("result"));
    }

    @Test
    @SuppressWarnings("unchecked")
    void theResultOfAWordCountHasTilesAndCharts() throws Exception {
        Map<String, Object> result = (Map<String, Object>) type("word-count").get("result");

        assertEquals("Rank", result.get("row_number"));
        assertEquals("empty_reason", result.get("empty_reason"));
        Map<String, Object> rate = objects(result.get("tiles")).get(4);
        assertEquals(Map.of("summary", "words", "title", "Words per second", "unit", "per_second"), rate);
        Map<String, Object> bars = objects(result.get("charts")).get(0);
        assertEquals(List.of("bars", "word", "count"), List.of(bars.get("kind"), bars.get("label"), bars.get("value")));
        Map<String, Object> plot = objects(result.get("charts")).get(1);
        assertEquals(List.of("rank_frequency", "rank_frequency"), List.of(plot.get("kind"), plot.get("summary")));
    }

    private Map<String, Object> type(String name) throws Exception {
        RawHttp.Reply reply = RawHttp.get("/api/v1/job-types").send(server.port());
        assertEquals(200, reply.status());
        byte[] object = ("{\"types\":" + reply.text() + "}").getBytes(StandardCharsets.UTF_8);
        return objects(Json.readObject(object).get("types")).stream()
                .filter(type -> type.get("type").equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theRootsAreListedFirst() {
        Map<String, Object> roots = apiClient.get("/api/v1/datasets");

        assertEquals("", roots.get("path"));
        assertEquals(
                List.of("samples", "test", "uploads"),
                objects(roots.get("entries")).stream()
                        .map(entry -> entry.get("path"))
                        .toList());
        assertEquals(roots, apiClient.get("/api/v1/datasets?path="));
    }

    @Test
    void aFolderIsListedWithItsEntries() {
        Map<String, Object> folder = apiClient.get("/api/v1/datasets?path=samples/");

        assertEquals("samples", folder.get("path"));
        Map<String, Object> moby = objects(folder.get("entries")).stream()
                .filter(entry -> entry.get("name").equals("moby-dick.txt"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of("name", "path", "kind", "bytes", "modified_at", "writable"), List.copyOf(moby.keySet()));
        assertEquals("samples/moby-dick.txt", moby.get("path"));
        assertEquals("file", moby.get("kind"));
        assertEquals(1204997L, moby.get("bytes"));
        assertEquals(false, moby.get("writable"));
        assertEquals(folder, apiClient.get("/api/v1/datasets?path=samples"));
    }

    @Test
    void namesThatNeedEncodingAreFound() throws Exception {
        Path folder = Files.createDirectories(server.root().resolve("Wörter & co"));
        Files.writeString(folder.resolve("50% off+.txt"), "one two\n");

        Map<String, Object> listed = apiClient.get("/api/v1/datasets?path=test/W%C3%B6rter+%26%20co");

        assertEquals(
                "test/Wörter & co/50% off+.txt",
                objects(listed.get("entries")).get(0).get("path"));
        assertEquals(
                List.of("one two"),
                apiClient
                        .get("/api/v1/datasets/preview?path=test/W%C3%B6rter%20%26+co/50%25%20off%2B.txt")
                        .get("lines"));
    }

    @Test
    void anEntryThatCannotBeAnInputIsListedWithTheReason() throws Exception {
        Path folder = Files.createDirectories(server.root().resolve("odd names"));
        Files.writeString(folder.resolve("a:b.txt"), "one");
        Files.write(folder.resolve("c.lz4"), new byte[19]);

        List<Map<String, Object>> entries =
                objects(apiClient.get("/api/v1/datasets?path=test/odd%20names").get("entries"));

        assertTrue(entries.get(0).get("problem").toString().contains("it is read with its folder"));
        assertTrue(entries.get(1).get("problem").toString().contains("decompress it"));
        HttpResponse<byte[]> preview = apiClient.send(apiClient
                .request("/api/v1/datasets/preview?path=test/odd%20names/c.lz4")
                .build());
        assertEquals(415, preview.statusCode());
        assertEquals("unsupported_media_type", ApiClient.json(preview).get("code"));
    }

    @Test
    void aPreviewShowsTheFirstLines() throws Exception {
        Files.writeString(server.root().resolve("long.txt"), ("x".repeat(600) + "\n").repeat(30));

        Map<String, Object> preview = apiClient.get("/api/v1/datasets/preview?path=test/long.txt");

        assertEquals(List.of("path", "lines", "more", "cut_short"), List.copyOf(preview.keySet()));
        List<?> lines = (List<?>) preview.get("lines");
        assertEquals(20, lines.size());
        assertTrue(lines.stream().allMatch(line -> line.equals("x".repeat(500))));
        assertEquals(true, preview.get("more"));
        assertFalse(apiClient
                .get("/api/v1/datasets/preview?path=samples/moby-dick.txt")
                .isEmpty());
    }
}
