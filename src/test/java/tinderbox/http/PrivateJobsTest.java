package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tinderbox.job.JobId;
import tinderbox.json.Json;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.support.BlockingJob;
import tinderbox.support.EventStreamReader;
import tinderbox.support.RouteTable;
import tinderbox.support.TestServer;

/**
 * What others see of ann's jobs and uploads with {@code --private}: nothing, by any route. A new route must be known to
 * this test.
 */
class PrivateJobsTest {
    private static final TestServer SERVER = TestServer.shared();

    /** In everything that ann writes, and in her name. */
    private static final String MARK = "zqxann";

    /** A value for each query parameter of the routes with the id of a job. */
    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("wait", "1"),
            Map.entry("from", "1"),
            Map.entry("limit", "1"),
            Map.entry("level", "warn"),
            Map.entry("format", "csv"),
            Map.entry("offset", "1"),
            Map.entry("q", "a"),
            Map.entry("sort", "count"),
            Map.entry("filter", "count%20%3E%201"),
            Map.entry("fold", "case"),
            Map.entry("safe", "true"),
            Map.entry("status", "failed"),
            Map.entry("bom", "true"),
            Map.entry("until", "end"));

    /** The routes without the id of a job that show nothing of jobs and uploads. */
    private static final Set<String> HARMLESS = Set.of(
            "DELETE /api/v1/session",
            "GET /api/v1/job-types",
            "GET /api/v1/openapi.yaml",
            "GET /api/v1/session",
            "GET /livez",
            "GET /readyz",
            "POST /api/v1/session");

    /** The others without an id; the tests below send them. */
    private static final Set<String> TESTED = Set.of(
            "DELETE /api/v1/datasets/uploads/{name}",
            "DELETE /api/v1/presets/{preset}",
            "GET /api/v1/datasets",
            "GET /api/v1/datasets/columns",
            "GET /api/v1/datasets/download",
            "GET /api/v1/datasets/preview",
            "GET /api/v1/events",
            "GET /api/v1/job-filters",
            "GET /api/v1/jobs",
            "GET /api/v1/presets",
            "GET /api/v1/presets/{preset}",
            "GET /api/v1/run-sets",
            "GET /api/v1/server",
            "GET /api/v1/server/history",
            "GET /metrics",
            "PATCH /api/v1/presets/{preset}",
            "POST /api/v1/bulk/cancel",
            "POST /api/v1/bulk/delete",
            "POST /api/v1/datasets/rename",
            "POST /api/v1/jobs",
            "POST /api/v1/presets",
            "POST /api/v1/run-sets",
            "PUT /api/v1/datasets/uploads/{name}");

    @TempDir
    private static Path dataDir;

    private static final Map<String, String> TOKENS = new LinkedHashMap<>();
    private static final List<String> ANNS = new ArrayList<>();
    private static String annsResult;
    private static String annsSet;
    private static String bobsResult;

    @BeforeAll
    static void start() throws Exception {
        TokenAdmin tokens = new TokenAdmin(dataDir, Clock.systemUTC());
        TOKENS.put("ada", tokens.create("ada", Role.ADMIN, null));
        TOKENS.put("ann", tokens.create(MARK, Role.SUBMITTER, null));
        TOKENS.put("bob", tokens.create("bob", Role.SUBMITTER, null));
        TOKENS.put("vera", tokens.create("vera", Role.VIEWER, null));
        TOKENS.put("vic", tokens.create("vic", Role.VIEWER, null, Set.of("bob", "nobody")));
        SERVER.restartPrivate(dataDir);
        upload("ann", MARK + ".txt", MARK + " words\n");
        upload("bob", "bob.txt", "a whale\n");
        annsResult = submit("ann", "word-count", Map.of("input", "uploads/" + MARK + ".txt"));
        bobsResult = submit("bob", "word-count", Map.of("input", "uploads/bob.txt"));
        assertEquals("SUCCEEDED", ended("ann", annsResult).get("status"));
        assertEquals("SUCCEEDED", ended("bob", bobsResult).get("status"));
        String failed = submit("ann", "failing", Map.of());
        ended("ann", failed);
        String running = submit("ann", "blocking", Map.of("key", MARK));
        BlockingJob.gate(MARK).awaitReached();
        String query =
                submit("ann", "sql", Map.of("query", "SELECT word AS " + MARK + " FROM `results/" + annsResult + "`"));
        assertEquals(
                "SUCCEEDED",
                ended("ann", query).get("status"),
                () -> send("ann", RawHttp.get("/api/v1/jobs/" + query)).text());
        RawHttp.Reply set = send(
                "ann",
                RawHttp.post("/api/v1/run-sets")
                        .json("{\"name\":\"" + MARK + "\",\"for_each\":{\"input\":[\"uploads/" + MARK + ".txt\"]}}"));
        assertEquals(201, set.status(), set::text);
        annsSet = set.json().get("run_set_id").toString();
        ANNS.addAll(List.of(annsResult, failed, running, query));
    }

    @AfterAll
    static void stop() {
        BlockingJob.gate(MARK).open();
        SERVER.restart();
    }

    private static RawHttp.Reply send(String who, RawHttp request) {
        return request.header("Authorization", "Bearer " + TOKENS.get(who)).send(SERVER.port());
    }

    private static RawHttp.Reply get(String who, String target) {
        return send(who, RawHttp.get(target));
    }

    private static void upload(String who, String name, String content) {
        RawHttp.Reply reply = send(who, put(name, content));
        assertEquals(201, reply.status(), reply::text);
    }

    private static RawHttp put(String target, String content) {
        return RawHttp.request("PUT", "/api/v1/datasets/uploads/" + target)
                .body(content.getBytes(StandardCharsets.UTF_8));
    }

    private static RawHttp.Reply post(String who, String type, Map<String, Object> params) {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("type", type, "params", params));
        if (who.equals("ann")) {
            body.put("name", MARK);
        }
        return send(who, RawHttp.post("/api/v1/jobs").json(new String(Json.write(body), StandardCharsets.UTF_8)));
    }

    private static String submit(String who, String type, Map<String, Object> params) {
        RawHttp.Reply reply = post(who, type, params);
        assertEquals(202, reply.status(), reply::text);
        return reply.json().get("job_id").toString();
    }

    private static Map<String, Object> ended(String who, String id) {
        return get(who, "/api/v1/jobs/" + id + "?wait=60").json();
    }

    private static void assertShowsNothing(RawHttp.Reply reply) {
        String all = reply.headers() + reply.text();
        assertFalse(all.contains(MARK), all);
        ANNS.forEach(id -> assertFalse(all.contains(id), all));
    }

    /** Everything but what differs from request to request, with {@code ID} for the id of the job. */
    private static List<Object> comparable(RawHttp.Reply reply, String id) {
        Map<String, List<String>> headers = new LinkedHashMap<>(reply.headers());
        headers.keySet().removeAll(Set.of("x-request-id", "date", "ratelimit"));
        String body = reply.text().replaceAll("\"request_id\":\"[^\"]*\"", "").replace(id, "ID");
        return List.of(reply.status(), headers.toString().replace(id, "ID"), body);
    }

    @Test
    void everyRouteIsKnownHere() {
        Set<String> known = new TreeSet<>(HARMLESS);
        known.addAll(TESTED);
        assertEquals(
                known,
                RouteTable.rows().stream()
                        .filter(row ->
                                !row.path().contains("{id}") && !row.role().equals("admin"))
                        .map(row -> row.method() + " " + row.path())
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** The requests to the routes with an id, and whether they need an event stream. */
    private static List<RawHttp> requests(RouteTable.Row row, String id) {
        String path = row.path().replace("{id}", id);
        List<RawHttp> requests = new ArrayList<>();
        for (String accept : List.of("*/*", "text/event-stream")) {
            requests.add(RawHttp.request(row.method(), path).header("Accept", accept));
        }
        for (String parameter : row.parameters()) {
            String value = VALUES.get(parameter);
            assertNotNull(value, () -> "a value for the parameter " + parameter);
            requests.add(RawHttp.request(row.method(), path + "?" + parameter + "=" + value));
        }
        requests.add(RawHttp.request(row.method(), path).header("If-None-Match", "*"));
        if (row.method().equals("PATCH")) {
            requests.add(
                    RawHttp.request(row.method(), path).header("If-Match", "*").json("{\"name\":\"x\"}"));
        }
        if (row.path().endsWith("/rerun")) {
            requests.add(RawHttp.request(row.method(), path).header("Idempotency-Key", "a key"));
        }
        return requests;
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "vic"})
    void theJobOfSomebodyElseIsAJobThatDoesNotExist(String who) {
        int routes = 0;
        for (RouteTable.Row row : RouteTable.rows()) {
            if (!row.path().contains("{id}")) {
                continue;
            }
            routes++;
            String unknown = JobId.random().toString();
            List<List<Object>> expected = requests(row, unknown).stream()
                    .map(request -> comparable(send(who, request), unknown))
                    .toList();
            assertTrue(Set.of(404, 403).contains(expected.get(0).get(0)), () -> row + " " + expected);
            for (String id : row.path().contains("/run-sets/") ? List.of(annsSet) : ANNS) {
                List<RawHttp> requests = requests(row, id);
                for (int i = 0; i < requests.size(); i++) {
                    assertEquals(expected.get(i), comparable(send(who, requests.get(i)), id), row.toString());
                }
            }
        }
        assertTrue(routes >= 9, "routes with an id: " + routes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cancel", "delete"})
    void ofManyJobsThoseOfOthersDoNotExist(String action) {
        String unknown = JobId.random().toString();
        List<Object> expected = comparable(bulk(action, unknown), unknown);
        for (String id : ANNS) {
            assertEquals(expected, comparable(bulk(action, id), id));
        }
        assertTrue(expected.toString().contains("job_not_found"), expected::toString);
    }

    private static RawHttp.Reply bulk(String action, String id) {
        return send("bob", RawHttp.post("/api/v1/bulk/" + action).json("{\"job_ids\":[\"" + id + "\"]}"));
    }

    @Test
    void aPresetIsSeenByItsOwnerAndAdminsUnlessItIsShared() {
        String body = "{\"name\":\"" + MARK + "\",\"type\":\"word-count\",\"params\":{\"input\":\"uploads/" + MARK
                + ".txt\"}}";
        assertEquals(
                403, send("vera", RawHttp.post("/api/v1/presets").json(body)).status());
        assertEquals(
                422, send("bob", RawHttp.post("/api/v1/presets").json(body)).status());
        RawHttp.Reply created = send("ann", RawHttp.post("/api/v1/presets").json(body));
        assertEquals(201, created.status(), created::text);
        String id = created.json().get("preset_id").toString();
        String path = "/api/v1/presets/" + id;
        String unknown = JobId.random().toString();
        for (String who : List.of("bob", "vera", "vic")) {
            assertShowsNothing(get(who, "/api/v1/presets"));
            for (String method : List.of("GET", "PATCH", "DELETE")) {
                assertEquals(
                        comparable(
                                send(
                                        who,
                                        RawHttp.request(method, "/api/v1/presets/" + unknown)
                                                .header("If-Match", "*")),
                                unknown),
                        comparable(send(who, RawHttp.request(method, path).header("If-Match", "*")), id));
            }
        }
        assertEquals(comparable(ofPreset("bob", unknown), unknown), comparable(ofPreset("bob", id), id));
        for (String who : List.of("ann", "ada")) {
            assertTrue(get(who, "/api/v1/presets").text().contains(id));
            assertEquals(200, get(who, path).status());
        }
        RawHttp.Reply shared = send(
                "ada", RawHttp.request("PATCH", path).header("If-Match", "*").json("{\"shared\":true}"));
        assertEquals(
                List.of(MARK, "ada"),
                List.of(shared.json().get("owner"), shared.json().get("updated_by")));
        for (String who : List.of("bob", "vera", "vic")) {
            assertTrue(get(who, "/api/v1/presets").text().contains(id));
            assertEquals(
                    403,
                    send(who, RawHttp.request("DELETE", path).header("If-Match", "*"))
                            .status());
        }
        assertEquals(
                204,
                send("ann", RawHttp.request("DELETE", path).header("If-Match", "*"))
                        .status());
    }

    private static RawHttp.Reply ofPreset(String who, String preset) {
        return send(who, RawHttp.post("/api/v1/jobs").json("{\"preset\":\"" + preset + "\"}"));
    }

    @Test
    void metricsAreForThoseWhoSeeAllJobs() {
        for (String who : List.of("ann", "bob", "vic")) {
            RawHttp.Reply refused = get(who, "/metrics");
            assertEquals(403, refused.status(), refused::text);
            assertEquals("forbidden", refused.json().get("code"));
        }
        for (String who : List.of("ada", "vera")) {
            RawHttp.Reply metrics = get(who, "/metrics");
            assertEquals(200, metrics.status(), metrics::text);
            // Not even they get names and ids from here.
            assertShowsNothing(metrics);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "vic"})
    void listsAndCountsHaveOnlyWhatIsSeen(String who) {
        for (String query : List.of(
                "",
                "?q=" + MARK,
                "?submitted_by=" + MARK,
                "?status=RUNNING",
                "?q=" + annsResult,
                "?sort=submitted_by",
                "?sort=-name&limit=1",
                "?rerun_of=" + annsResult,
                "?label=" + MARK)) {
            assertShowsNothing(get(who, "/api/v1/jobs" + query));
        }
        Map<String, Object> all = get(who, "/api/v1/jobs?limit=500").json();
        assertEquals(((List<?>) all.get("jobs")).size(), ((Long) all.get("total")).intValue());
        assertTrue(all.toString().contains(bobsResult), all::toString);
        assertEquals(0L, get(who, "/api/v1/jobs?submitted_by=" + MARK).json().get("total"));
        RawHttp.Reply filters = get(who, "/api/v1/job-filters");
        assertShowsNothing(filters);
        assertTrue(filters.text().contains("\"bob\""), filters::text);
        assertTrue(get("ada", "/api/v1/job-filters").text().contains(MARK), "who sees all");
        assertShowsNothing(get(who, "/api/v1/jobs?format=csv"));
        assertShowsNothing(get(who, "/api/v1/server/history"));
        assertTrue(get("ada", "/api/v1/server/history").text().contains(MARK), "who sees all");
        RawHttp.Reply server = get(who, "/api/v1/server");
        assertShowsNothing(server);
        assertEquals(true, server.json().get("private"));
        assertEquals(
                get(who, "/api/v1/jobs").json().get("counts"), server.json().get("counts"));
        for (String query : List.of("", "?q=" + MARK, "?submitted_by=" + MARK)) {
            RawHttp.Reply sets = get(who, "/api/v1/run-sets" + query);
            assertShowsNothing(sets);
            assertFalse(sets.text().contains(annsSet), sets::text);
            assertEquals(0L, sets.json().get("total"));
        }
        RawHttp.Reply foreign = send(
                who,
                RawHttp.post("/api/v1/run-sets").json("{\"for_each\":{\"input\":[\"uploads/" + MARK + ".txt\"]}}"));
        assertTrue(Set.of(403, 422).contains(foreign.status()), foreign::text);
        for (String admin : List.of("ada", "vera")) {
            assertTrue(get(admin, "/api/v1/run-sets").text().contains(annsSet), "who sees all");
            assertTrue(get(admin, "/api/v1/jobs?q=" + MARK).text().contains(annsResult), "who sees all");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "vic"})
    void uploadsOfOthersDoNotExist(String who) {
        assertShowsNothing(get(who, "/api/v1/datasets"));
        RawHttp.Reply listed = get(who, "/api/v1/datasets?path=uploads");
        assertShowsNothing(listed);
        assertEquals(
                ((List<?>) listed.json().get("entries")).size(),
                ((Long) listed.json().get("total")).intValue());
        assertTrue(listed.text().contains("bob.txt"), listed::text);
        assertShowsNothing(get(who, "/api/v1/datasets?q=" + MARK.substring(0, 4)));
        for (String call : List.of("preview", "columns", "download")) {
            for (String folder : List.of("uploads/", "results/")) {
                String known = folder.equals("uploads/") ? MARK + ".txt" : annsResult;
                String unknown = folder.equals("uploads/")
                        ? "others.txt"
                        : JobId.random().toString();
                String path = "/api/v1/datasets/" + call + "?path=" + folder;
                assertEquals(
                        comparable(get(who, path + unknown), unknown), comparable(get(who, path + known), known), path);
            }
        }
        assertEquals(
                200,
                get("vera", "/api/v1/datasets/preview?path=uploads/" + MARK + ".txt")
                        .status());
        assertEquals(
                422, get(who, "/api/v1/datasets/columns?path=uploads").status(), "the folder has the files of others");
    }

    @Test
    void theNameOfAnUploadThatIsTakenIsAllThatIsKnownOfIt() {
        RawHttp.Reply taken = send("bob", put(MARK + ".txt", "x"));
        RawHttp.Reply replaced = send("bob", put(MARK + ".txt?replace=true", "x"));
        assertEquals(409, taken.status());
        assertEquals("dataset_exists", taken.json().get("code"));
        assertEquals(comparable(taken, MARK), comparable(replaced, MARK));
        assertEquals(
                "The name uploads/" + MARK + ".txt is taken. Choose another name",
                taken.json().get("detail"));
        assertEquals(
                comparable(send("bob", RawHttp.request("DELETE", "/api/v1/datasets/uploads/others.txt")), "others.txt"),
                comparable(
                        send("bob", RawHttp.request("DELETE", "/api/v1/datasets/uploads/" + MARK + ".txt")),
                        MARK + ".txt"));
        assertEquals(MARK + " words", firstLine("ann", "uploads/" + MARK + ".txt"));
    }

    private static RawHttp.Reply rename(String who, String path, String to) {
        return send(
                who,
                RawHttp.post("/api/v1/datasets/rename")
                        .json("{\"path\":\"uploads/" + path + "\",\"to\":\"uploads/" + to + "\"}"));
    }

    private static List<Object> paths(String who, String query) {
        List<Object> paths = new ArrayList<>();
        for (Object entry :
                (List<?>) get(who, "/api/v1/datasets?" + query).json().get("entries")) {
            paths.add(((Map<?, ?>) entry).get("path"));
        }
        return paths;
    }

    /** Folders have no owners: one is there for everybody who sees a file in it. */
    @Test
    void aFolderWithOnlyFilesOfOthersDoesNotExist() {
        upload("ann", "anns/in/" + MARK + ".txt", "words\n");
        upload("ann", "both/" + MARK + ".txt", "words\n");
        upload("bob", "both/bob.txt", "a whale\n");

        assertFalse(paths("bob", "path=uploads").contains("uploads/anns"));
        for (String path : List.of("anns", "anns/in")) {
            assertEquals(
                    comparable(
                            get("bob", "/api/v1/datasets?path=uploads/" + path.replace("anns", "gone")),
                            path.replace("anns", "gone")),
                    comparable(get("bob", "/api/v1/datasets?path=uploads/" + path), path));
            assertEquals(404, rename("bob", path, "x").status());
            assertEquals(
                    404,
                    send("bob", RawHttp.request("DELETE", "/api/v1/datasets/uploads/" + path + "?recursive=true"))
                            .status());
        }
        assertEquals(List.of("uploads/both/bob.txt"), paths("bob", "path=uploads/both"));
        assertShowsNothing(get("bob", "/api/v1/datasets?path=uploads/both"));
        assertEquals(List.of("uploads/anns"), paths("ann", "q=anns"));
        assertEquals(List.of(), paths("bob", "q=anns"));
        assertEquals(
                "The name uploads/anns is taken. Choose another name",
                send("bob", put("anns", "x")).json().get("detail"));
        assertEquals(
                "The name uploads/anns/in/" + MARK + ".txt is taken. Choose another name",
                rename("bob", "both/bob.txt", "anns/in/" + MARK + ".txt").json().get("detail"));

        RawHttp.Reply mixed = rename("bob", "both", "bobs");
        assertEquals(403, mixed.status(), mixed::text);
        assertShowsNothing(mixed);
        RawHttp.Reply input = post("bob", "word-count", Map.of("input", "uploads/both"));
        assertEquals(422, input.status(), input::text);
        assertShowsNothing(input);
        assertEquals(200, rename("bob", "both/bob.txt", "bobs/bob.txt").status());
        assertEquals(
                "SUCCEEDED",
                ended("bob", submit("bob", "word-count", Map.of("input", "uploads/bobs")))
                        .get("status"));
        assertEquals(404, get("bob", "/api/v1/datasets?path=uploads/both").status());
        assertEquals(List.of("uploads/bobs/bob.txt"), paths("vic", "path=uploads/bobs"));
        for (String path : List.of("anns?recursive=true", "both?recursive=true", "bobs?recursive=true")) {
            assertEquals(
                    204,
                    send("ada", RawHttp.request("DELETE", "/api/v1/datasets/uploads/" + path))
                            .status());
        }
    }

    private static Object firstLine(String who, String path) {
        return ((List<?>)
                        get(who, "/api/v1/datasets/preview?path=" + path).json().get("lines"))
                .get(0);
    }

    @Test
    void aJobReadsNothingOfOthers() {
        String no = JobId.random().toString();
        assertEquals(
                comparable(post("bob", "word-count", Map.of("input", "results/" + no)), no),
                comparable(post("bob", "word-count", Map.of("input", "results/" + annsResult)), annsResult));
        for (String table : List.of("`results/ID`", "results.`ID`")) {
            String query = "SELECT * FROM " + table;
            RawHttp.Reply refused = post("bob", "sql", Map.of("query", query.replace("ID", annsResult)));
            assertEquals(422, refused.status(), refused::text);
            assertEquals(
                    comparable(post("bob", "sql", Map.of("query", query.replace("ID", no))), no),
                    comparable(refused, annsResult));
        }
        String upload = "uploads." + MARK;
        for (String input : List.of("`uploads/" + MARK + ".txt`", upload, "uploads.zqxan", "uploads.zqxannn")) {
            RawHttp.Reply refused = post("bob", "sql", Map.of("query", "SELECT * FROM " + input));
            assertEquals(422, refused.status(), refused::text);
            assertFalse(refused.text().contains("did you mean"), refused::text);
        }
        RawHttp.Reply folder = post("bob", "word-count", Map.of("input", "uploads"));
        assertEquals(422, folder.status());
        assertTrue(folder.text().contains("has the files of others, too; name the files to read"), folder::text);
        String own = submit("bob", "sql", Map.of("query", "SELECT * FROM uploads.bob, `results/" + bobsResult + "`"));
        assertEquals("SUCCEEDED", ended("bob", own).get("status"));
    }

    @Test
    void whatAJobMayReadIsCheckedAgainWhenItRuns() throws Exception {
        upload("bob", "moved.txt", "words\n");
        String key = "private-runtime";
        String[] blocking = {submit("ada", "blocking", Map.of("key", key)), null};
        BlockingJob.gate(key).awaitReached();
        String waiting = submit("bob", "word-count", Map.of("input", "uploads/moved.txt"));
        Files.writeString(dataDir.resolve("owners/moved.txt"), MARK);
        BlockingJob.gate(key).open();
        ended("ada", blocking[0]);
        Map<String, Object> job = ended("bob", waiting);
        assertEquals("FAILED", job.get("status"), job::toString);
        assertTrue(job.get("error").toString().contains("input_not_found"), job::toString);
    }

    @Test
    void aConflictWithTheJobOfSomebodyElseDoesNotNameIt() throws Exception {
        String result = submit("bob", "word-count", Map.of("input", "uploads/bob.txt"));
        ended("bob", result);
        upload("bob", "used.txt", "words\n");
        String key = "private-conflict";
        String blocking = submit("ada", "blocking", Map.of("key", key));
        BlockingJob.gate(key).awaitReached();
        String reader = submit("ada", "word-count", Map.of("input", "results/" + result));
        String other = submit("ada", "word-count", Map.of("input", "uploads/used.txt"));
        RawHttp.Reply ofResult = send("bob", RawHttp.request("DELETE", "/api/v1/jobs/" + result));
        RawHttp.Reply ofUpload = send("bob", RawHttp.request("DELETE", "/api/v1/datasets/uploads/used.txt"));
        BlockingJob.gate(key).open();
        ended("ada", blocking);
        assertEquals("SUCCEEDED", ended("ada", reader).get("status"));
        assertEquals("SUCCEEDED", ended("ada", other).get("status"));
        for (RawHttp.Reply reply : List.of(ofResult, ofUpload)) {
            assertEquals("dataset_in_use", reply.json().get("code"), reply::text);
            assertTrue(reply.text().contains("is the input of a job, which has not ended"), reply::text);
            assertFalse(reply.text().contains(reader) || reply.text().contains(other), reply::text);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"bob", "vic"})
    void aStreamHasOnlyTheEventsOfJobsThatAreSeen(String who) {
        String authorization = "Authorization: Bearer " + TOKENS.get(who);
        try (EventStreamReader events = EventStreamReader.open(SERVER.uri("/api/v1/events"), null, authorization)) {
            List<EventStreamReader.Event> seen =
                    events.readUntil(event -> event.name().equals("snapshot"));
            String anns = submit("ann", "word-count", Map.of("input", "uploads/" + MARK + ".txt"));
            ended("ann", anns);
            assertEquals(
                    204,
                    send("ann", RawHttp.request("DELETE", "/api/v1/jobs/" + anns))
                            .status());
            String bobs = submit("bob", "word-count", Map.of("input", "uploads/bob.txt"));
            ended("bob", bobs);
            assertEquals(
                    204,
                    send("bob", RawHttp.request("DELETE", "/api/v1/jobs/" + bobs))
                            .status());
            seen.addAll(events.readUntil(event -> event.name().equals("deleted")));
            assertFalse(seen.toString().contains(MARK) || seen.toString().contains(anns), seen::toString);
            ANNS.forEach(id -> assertFalse(seen.toString().contains(id), seen::toString));
            assertTrue(seen.get(seen.size() - 1).data().contains(bobs), seen::toString);
        }
    }

    /** Not about what is seen, but it needs the same server: real, with tokens. */
    @Test
    void manyJobsOfOneSubmitterDoNotHoldUpThoseOfAnother() throws Exception {
        List<String> bobs = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            bobs.add(submit("bob", "blocking", Map.of("key", "queue-bob-" + n)));
        }
        BlockingJob.gate("queue-bob-0").awaitReached();
        String adas = submit("ada", "blocking", Map.of("key", "queue-ada"));
        assertEquals(2L, get("ada", "/api/v1/jobs/" + adas).json().get("queue_position"));
        assertEquals(3L, get("bob", "/api/v1/jobs/" + bobs.get(2)).json().get("queue_position"));

        BlockingJob.gate("queue-bob-0").open();
        BlockingJob.gate("queue-bob-1").awaitReached();
        BlockingJob.gate("queue-bob-1").open();
        BlockingJob.gate("queue-ada").awaitReached();
        assertEquals("PENDING", get("bob", "/api/v1/jobs/" + bobs.get(2)).json().get("status"));
        List.of("queue-bob-2", "queue-bob-3", "queue-ada")
                .forEach(key -> BlockingJob.gate(key).open());
        ended("ada", adas);
        for (String id : bobs) {
            assertEquals("SUCCEEDED", ended("bob", id).get("status"));
        }
    }
}
