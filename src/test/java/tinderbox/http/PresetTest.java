package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tinderbox.json.Json;
import tinderbox.support.ApiClient;
import tinderbox.support.TestServer;

/** The endpoints of presets, without authentication; {@link PrivateJobsTest} has tokens. */
class PresetTest {
    private static final String PATH = "/api/v1/presets";
    private final TestServer server = TestServer.shared();
    private final ApiClient apiClient = new ApiClient(server);

    private HttpResponse<byte[]> send(String method, String path, String ifMatch, Object body) {
        HttpRequest.Builder request = apiClient.request(path);
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return apiClient.send(request.method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.write(body)))
                .build());
    }

    private HttpResponse<byte[]> create(String name, String type, Map<String, Object> params) {
        return send("POST", PATH, null, Map.of("name", name, "type", type, "params", params));
    }

    private static String path(HttpResponse<byte[]> response) {
        return PATH + "/" + ApiClient.json(response).get("preset_id");
    }

    private static String tag(HttpResponse<byte[]> response) {
        return response.headers().firstValue("ETag").orElseThrow();
    }

    private static Map<String, Object> refused(int status, String code, HttpResponse<byte[]> response) {
        assertEquals(status, response.statusCode(), () -> new String(response.body(), StandardCharsets.UTF_8));
        Map<String, Object> problem = ApiClient.json(response);
        assertEquals(code, problem.get("code"));
        return problem;
    }

    @Test
    void aPresetIsSavedChangedAndDeleted() {
        HttpResponse<byte[]> created = create(" Big words ", "word-count", Map.of("min_length", 9));
        assertEquals(201, created.statusCode());
        String path = path(created);
        assertEquals(path, created.headers().firstValue("Location").orElseThrow());
        Map<String, Object> preset = apiClient.get(path);
        assertEquals(ApiClient.json(created), preset);
        assertEquals(
                List.of("Big words", "local", false),
                List.of(preset.get("name"), preset.get("owner"), preset.get("shared")));
        assertEquals(9L, ((Map<?, ?>) preset.get("params")).get("min_length"));
        assertEquals("samples/moby-dick.txt", ((Map<?, ?>) preset.get("params")).get("input"), "with defaults");
        assertTrue(apiClient.get(PATH).toString().contains("Big words"));

        refused(428, "precondition_required", send("PATCH", path, null, Map.of("name", "x")));
        HttpResponse<byte[]> changed =
                send("PATCH", path, "W/" + tag(created), Map.of("name", "Long words", "shared", true));
        assertEquals(200, changed.statusCode());
        Map<String, Object> expected = new LinkedHashMap<>(preset);
        expected.putAll(Map.of("name", "Long words", "shared", true));
        Map<String, Object> now = apiClient.get(path);
        expected.put("updated_at", now.get("updated_at"));
        assertEquals(expected, now);
        assertNotEquals(tag(created), tag(changed));

        refused(412, "precondition_failed", send("PATCH", path, tag(created), Map.of("name", "x")));
        refused(412, "precondition_failed", send("DELETE", path, tag(created), null));
        assertEquals(200, send("PATCH", path, tag(changed), Map.of()).statusCode());
        assertEquals(204, send("DELETE", path, tag(changed), null).statusCode());
        refused(404, "preset_not_found", send("GET", path, null, null));
        refused(404, "preset_not_found", send("DELETE", path, "*", null));
        refused(404, "preset_not_found", send("GET", PATH + "/x", null, null));
        assertFalse(apiClient.get(PATH).toString().contains("Long words"));

        List<?> entries = (List<?>)
                apiClient.get("/api/v1/audit?target=" + preset.get("preset_id")).get("entries");
        assertEquals(
                List.of("preset_delete", "preset_delete", "preset_change", "preset_delete"),
                entries.stream()
                        .map(entry -> ((Map<?, ?>) entry).get("action"))
                        .limit(4)
                        .toList());
        assertTrue(entries.toString().contains("min_length=9"), entries::toString);
    }

    @Test
    void allProblemsAreReportedAtOnceAndByTheTypeItself() throws Exception {
        Map<String, Object> problem = refused(
                422, "invalid_job", create("two\nlines", "word-count", Map.of("top", 0, "input", "samples/none.txt")));
        assertEquals(3, ((List<?>) problem.get("errors")).size(), problem::toString);
        refused(422, "invalid_job", create("unknown", "no-such-type", Map.of()));
        refused(422, "invalid_job", send("POST", PATH, null, Map.of()));
        refused(422, "invalid_job", create("a query", "sql", Map.of("query", "DROP TABLE x")));
        refused(400, "unknown_field", send("POST", PATH, null, Map.of("nme", "x")));
        refused(400, "wrong_type", send("POST", PATH, null, Map.of("name", 1)));

        Path input = server.root().resolve("soon-gone.txt");
        Files.writeString(input, "a whale\n");
        HttpResponse<byte[]> created = create("soon gone", "word-count", Map.of("input", "test/soon-gone.txt"));
        Files.delete(input);
        HttpResponse<byte[]> renamed = send("PATCH", path(created), tag(created), Map.of("name", "gone"));
        assertEquals(200, renamed.statusCode(), "a name can be changed even so");
        refused(
                422,
                "invalid_job",
                send(
                        "PATCH",
                        path(renamed),
                        "*",
                        Map.of("params", Map.of("input", "test/soon-gone.txt", "min_count", 2))));
        assertEquals(204, send("DELETE", path(renamed), "*", null).statusCode());
    }

    @Test
    void aListHasTheBeginningOfLongTexts() {
        String query = "SELECT 1 -- " + "x".repeat(1000);
        HttpResponse<byte[]> created = create("long " + UUID.randomUUID(), "sql", Map.of("query", query));
        Map<?, ?> listed = ((List<?>) apiClient.get(PATH).get("presets"))
                .stream()
                        .map(Map.class::cast)
                        .filter(preset -> path(created).endsWith((String) preset.get("preset_id")))
                        .findFirst()
                        .orElseThrow();

        assertEquals(true, listed.get("shortened"));
        assertEquals(
                501, ((Map<?, ?>) listed.get("params")).get("query").toString().length());
        assertEquals(query, ((Map<?, ?>) apiClient.get(path(created)).get("params")).get("query"));
        assertEquals(204, send("DELETE", path(created), tag(created), null).statusCode());
    }

    private HttpResponse<byte[]> submit(Object preset, String key) {
        return apiClient.send(apiClient
                .request("/api/v1/jobs")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.write(Map.of("preset", preset))))
                .build());
    }

    private Map<String, Object> rerun(String job) {
        HttpResponse<byte[]> again = send("POST", "/api/v1/jobs/" + job + "/rerun", null, null);
        assertEquals(202, again.statusCode());
        return ApiClient.json(again);
    }

    @Test
    void aJobRemembersItsPresetAlsoWhenThatIsGone() {
        HttpResponse<byte[]> created = create("the default", "word-count", Map.of());
        Object id = ApiClient.json(created).get("preset_id");
        String key = UUID.randomUUID().toString();
        HttpResponse<byte[]> submitted = submit(id, key);
        assertEquals(202, submitted.statusCode());
        String job = (String) ApiClient.json(submitted).get("job_id");
        Map<String, Object> again = rerun(job);
        assertEquals(id, again.get("preset"));
        assertEquals(job, again.get("rerun_of"));
        HttpResponse<byte[]> changed =
                send("PATCH", path(created), tag(created), Map.of("params", Map.of("min_count", 2)));
        assertEquals(null, rerun(job).get("preset"), "it runs something else now");
        assertEquals(204, send("DELETE", path(created), tag(changed), null).statusCode());
        assertEquals(null, rerun(job).get("preset"));

        assertEquals(id, apiClient.awaitEnd(job).get("preset"));
        assertEquals(2L, apiClient.get("/api/v1/jobs?preset=" + id).get("total"));
        HttpResponse<byte[]> repeated = submit(id, key);
        assertEquals(200, repeated.statusCode(), "a repeated request gets its job");
        assertEquals(job, ApiClient.json(repeated).get("job_id"));
        Map<String, Object> problem =
                refused(422, "invalid_job", submit(id, UUID.randomUUID().toString()));
        assertTrue(problem.get("errors").toString().contains("field=preset"), problem::toString);
    }
}
