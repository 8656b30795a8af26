package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.UploadLimits;
import tinderbox.dataset.Uploads;
import tinderbox.http.access.AccessLog;
import tinderbox.http.api.ServerInfo;
import tinderbox.http.api.Services;
import tinderbox.http.server.HttpSettings;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.Limits;
import tinderbox.jobtype.JobTypes;
import tinderbox.json.Json;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.audit.AuditQuery;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.BrowserSessions;
import tinderbox.security.auth.RateLimits;
import tinderbox.security.auth.Role;
import tinderbox.security.auth.TokenAdmin;
import tinderbox.security.auth.Tokens;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeRunner;
import tinderbox.support.SelfSignedCertificate;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestPresets;
import tinderbox.support.TestServerInfo;

/** Authentication and authorization, over plain sockets. Jobs are accepted, but none ever starts. */
class AuthTest {
    @TempDir
    Path dir;

    private FolderJobStore store;
    private JobService jobs;
    private HttpServer server;
    private AuditLog audit;
    private AccessLog access;
    private String viewer;
    private String submitter;
    private String other;
    private String admin;
    private Set<String> forAdmins = Set.of();
    private Limits limits = someLimits().maxQueued(1000).build();

    @BeforeEach
    void start() throws Exception {
        start(new RateLimits(1000, 1000));
    }

    private void start(RateLimits rates) throws Exception {
        start(rates, null);
    }

    private void start(RateLimits rates, SSLContext tls) throws Exception {
        Files.writeString(Files.createDirectories(dir.resolve("samples")).resolve("moby-dick.txt"), "whale\n");
        Path data = Files.createDirectories(dir.resolve("data"));
        Path uploaded = Files.createDirectories(data.resolve("datasets"));
        Datasets datasets = TestDatasets.of(
                Map.of("samples", dir.resolve("samples"), Uploads.ROOT, uploaded), new InputLimits(1 << 30, 200));
        JobTypes types = new JobTypes(datasets, JobTypes.builtIn(), forAdmins, submitter -> Visibility.ALL);
        store = new FolderJobStore(data, Clock.systemUTC());
        jobs = new JobService(store, FakeRunner.neverReady(), types, Clock.systemUTC(), limits);
        jobs.start();
        ServerInfo info = TestServerInfo.working();
        Uploads uploads = new Uploads(
                uploaded,
                Files.createDirectories(data.resolve("incoming")),
                Files.createDirectories(data.resolve("owners")),
                UploadLimits.of(1 << 20, 0, 100),
                file -> jobs.findUnfinished(job -> Datasets.covers(job.inputs(), file)));
        TokenAdmin tokenAdmin = new TokenAdmin(data, Clock.systemUTC());
        Files.deleteIfExists(data.resolve("tokens.json"));
        viewer = tokenAdmin.create("vera", Role.VIEWER, null);
        submitter = tokenAdmin.create("sam", Role.SUBMITTER, null);
        other = tokenAdmin.create("olga", Role.SUBMITTER, null);
        admin = tokenAdmin.create("ada", Role.ADMIN, null);
        Tokens tokens = new Tokens(data, false, Clock.systemUTC());
        audit = new AuditLog(data, Clock.systemUTC());
        access = AccessLog.in(Files.createDirectories(data.resolve("access")), 1 << 20, Clock.systemUTC());
        tokens.audit(audit, Clock.systemUTC());
        Authenticator authenticator = new Authenticator(tokens, new BrowserSessions(tokens), rates);
        server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, List.of(), List.of(), tls, "tinderbox", 25, 1000),
                authenticator,
                audit,
                access,
                StaticFiles.read(),
                new Metrics());
        server.open(new Services(jobs, types, datasets, TestDatasets.NO_COLUMNS, uploads, TestPresets.in(dir), info));
    }

    @AfterEach
    void stop() {
        server.close();
        jobs.close();
        store.close();
        audit.close();
        access.close();
    }

    private String token(String who) {
        return switch (who) {
            case "viewer" -> viewer;
            case "submitter" -> submitter;
            case "other" -> other;
            case "admin" -> admin;
            default -> throw new IllegalArgumentException(who);
        };
    }

    private RawHttp as(String who, RawHttp request) {
        return switch (who) {
            case "nobody" -> request;
            case "wrong" -> request.header("Authorization", "Bearer " + "x".repeat(43));
            default -> request.header("Authorization", "Bearer " + token(who));
        };
    }

    private RawHttp.Reply send(RawHttp request) {
        return request.send(server.port());
    }

    private String submitted(String who) {
        RawHttp.Reply reply = send(as(who, RawHttp.post("/api/v1/jobs")));
        assertEquals(202, reply.status(), reply::text);
        return reply.json().get("job_id").toString();
    }

    private String submittedSet(String who) {
        RawHttp.Reply reply =
                send(as(who, RawHttp.post("/api/v1/run-sets").json("{\"for_each\":{\"min_count\":[1,2]}}")));
        assertEquals(201, reply.status(), reply::text);
        return reply.json().get("run_set_id").toString();
    }

    @Test
    void theAccessLogHasEveryRequestWithItsIdAndNoSecret() throws Exception {
        RawHttp.Reply submitted =
                send(as("submitter", RawHttp.post("/api/v1/jobs")).header("User-Agent", "x".repeat(1000)));
        RawHttp.Reply listed = send(as("viewer", RawHttp.get("/api/v1/jobs?q=private")));
        RawHttp.Reply refused = send(as("wrong", RawHttp.get("/api/v1/jobs")));
        RawHttp.Reply unreadable = send(RawHttp.get("/%zz"));
        try (Socket stream = as("viewer", RawHttp.get("/api/v1/events")).open(server.port())) {
            assertEquals('H', stream.getInputStream().read());
        }
        Path file = dir.resolve("data/access/access.jsonl");
        Awaitility.await()
                .until(() -> Files.exists(file) && Files.readString(file).contains("/api/v1/events"));
        server.close();
        access.close();

        String text = Files.readString(file);
        Map<Object, Map<String, Object>> byId = new HashMap<>();
        for (String line : text.lines().toList()) {
            Map<String, Object> entry = Json.readStoredObject(line.getBytes(StandardCharsets.UTF_8));
            byId.put(entry.get("request_id"), entry);
        }
        assertEquals(5, byId.size(), text);
        Map<String, Object> job = byId.get(submitted.header("X-Request-Id"));
        assertEquals(
                List.of("127.0.0.1", "sam", "POST", "/api/v1/jobs", 202L, (long) submitted.bytes().length, true),
                Arrays.asList(
                        job.get("address"),
                        job.get("user"),
                        job.get("method"),
                        job.get("path"),
                        job.get("status"),
                        job.get("bytes"),
                        job.get("complete")),
                text);
        assertTrue(text.length() < 3000, text);
        Map<String, Object> list = byId.get(listed.header("X-Request-Id"));
        assertEquals(List.of("vera", "/api/v1/jobs"), List.of(list.get("user"), list.get("path")));
        Map<String, Object> stranger = byId.get(refused.header("X-Request-Id"));
        assertNull(stranger.get("user"));
        assertEquals(401L, stranger.get("status"));
        Map<String, Object> garbage = byId.get(unreadable.header("X-Request-Id"));
        assertNull(garbage.get("path"));
        assertEquals(400L, garbage.get("status"));
        assertEquals(
                List.of("/api/v1/events"),
                byId.values().stream()
                        .filter(entry -> entry.get("complete").equals(false))
                        .map(entry -> entry.get("path"))
                        .toList());
        assertFalse(text.contains("private") || text.contains(viewer) || text.contains("xxx".repeat(100)), text);
        assertEquals(
                submitted.header("X-Request-Id"),
                audit.page(new AuditQuery(null, AuditAction.SUBMIT, null, null, null, null, 1))
                        .entries()
                        .get(0)
                        .requestId());
    }

    @ParameterizedTest(name = "{0} {1}: nobody {2}, wrong {3}, viewer {4}, other {5}, owner {6}, admin {7}")
    @CsvSource({
        "GET, /, 200, 200, 200, 200, 200, 200",
        "GET, /js/main.js, 200, 200, 200, 200, 200, 200",
        "GET, /livez, 200, 200, 200, 200, 200, 200",
        "GET, /readyz, 200, 200, 200, 200, 200, 200",
        "GET, /api/v1/session, 200, 200, 200, 200, 200, 200",
        "GET, /nothing, 404, 404, 404, 404, 404, 404",
        "GET, /readyz?verbose, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/jobs, 401, 401, 200, 200, 200, 200",
        "HEAD, /api/v1/jobs, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/jobs/{id}, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/jobs/{id}/log, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/jobs/{id}/result, 401, 401, 409, 409, 409, 409",
        "GET, /api/v1/jobs/{id}/stages, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/job-types, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/datasets, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/datasets/preview?path=samples/moby-dick.txt, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/datasets/download?path=samples/moby-dick.txt, 401, 401, 403, 200, 200, 200",
        "POST, /api/v1/datasets/rename, 401, 401, 403, 400, 400, 400",
        "GET, /api/v1/server, 401, 401, 200, 200, 200, 200",
        "GET, /metrics, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/audit, 401, 401, 403, 403, 403, 200",
        "GET, /api/v1/tokens, 401, 401, 403, 403, 403, 200",
        "POST, /api/v1/tokens, 401, 401, 403, 403, 403, 400",
        "DELETE, /api/v1/tokens/nobody, 401, 401, 403, 403, 403, 404",
        "POST, /api/v1/jobs, 401, 401, 403, 202, 202, 202",
        "POST, /api/v1/jobs/{id}/rerun, 401, 401, 403, 403, 202, 202",
        "POST, /api/v1/jobs/{id}/cancel, 401, 401, 403, 403, 202, 202",
        "PATCH, /api/v1/jobs/{id}, 401, 401, 403, 403, 428, 428",
        "DELETE, /api/v1/jobs/{id}, 401, 401, 403, 403, 409, 409",
        "GET, /api/v1/run-sets, 401, 401, 200, 200, 200, 200",
        "POST, /api/v1/run-sets, 401, 401, 403, 422, 422, 422",
        "GET, /api/v1/run-sets/{set}/jobs, 401, 401, 200, 200, 200, 200",
        "GET, /api/v1/run-sets/{set}/result, 401, 401, 200, 200, 200, 200",
        "PATCH, /api/v1/run-sets/{set}, 401, 401, 403, 403, 428, 428",
        "POST, /api/v1/run-sets/{set}/rerun, 401, 401, 403, 403, 201, 201",
        "POST, /api/v1/run-sets/{set}/cancel, 401, 401, 403, 403, 202, 202",
        "DELETE, /api/v1/run-sets/{set}, 401, 401, 403, 403, 409, 409",
        "POST, /api/v1/bulk/cancel, 401, 401, 403, 400, 400, 400",
        "POST, /api/v1/bulk/delete, 401, 401, 403, 400, 400, 400",
        "PUT, /api/v1/datasets/uploads/new.txt, 401, 401, 403, 201, 201, 201",
        "PUT, /api/v1/datasets/uploads/own.txt?replace=true, 401, 401, 403, 403, 200, 200",
        "DELETE, /api/v1/datasets/uploads/own.txt, 401, 401, 403, 403, 204, 204"
    })
    void eachRoleMayDoOnlyWhatItAllows(
            String method, String path, int nobody, int wrong, int viewer, int other, int owner, int admin) {
        List<String> who = List.of("nobody", "wrong", "viewer", "other", "submitter", "admin");
        List<Integer> expected = List.of(nobody, wrong, viewer, other, owner, admin);
        List<Integer> found = new ArrayList<>();
        for (String caller : who) {
            String id = path.contains("{id}") ? submitted("submitter") : "";
            if (path.contains("own.txt")) {
                send(as(
                        "submitter",
                        RawHttp.request("PUT", "/api/v1/datasets/uploads/own.txt")
                                .body(new byte[1])));
            }
            String set = path.contains("{set}") ? submittedSet("submitter") : "";
            RawHttp request = RawHttp.request(method, path.replace("{id}", id).replace("{set}", set));
            found.add(send(as(caller, method.equals("PUT") ? request.body(new byte[1]) : request))
                    .status());
            if (path.contains("new.txt")) {
                send(as("admin", RawHttp.request("DELETE", "/api/v1/datasets/uploads/new.txt")));
            }
        }
        assertEquals(expected, found);
    }

    @Test
    void aTypeForAdminsIsRefusedToOthersAlsoAsARerunAndIsNotListedForThem() throws Exception {
        stop();
        forAdmins = Set.of("sql");
        start();
        String query = "{\"type\":\"sql\",\"params\":{\"query\":\"SELECT 1\"}}";

        RawHttp.Reply ofAdmin = send(as("admin", RawHttp.post("/api/v1/jobs").json(query)));
        RawHttp.Reply refused =
                send(as("submitter", RawHttp.post("/api/v1/jobs").json(query)));

        assertEquals(202, ofAdmin.status(), ofAdmin::text);
        assertEquals(403, refused.status(), refused::text);
        assertEquals("forbidden", refused.json().get("code"));
        assertTrue(refused.json()
                .get("detail")
                .toString()
                .startsWith("On this server, only admins run jobs of the type sql"));
        assertTrue(send(as("admin", RawHttp.get("/api/v1/job-types"))).text().contains("\"sql\""));
        assertFalse(
                send(as("submitter", RawHttp.get("/api/v1/job-types"))).text().contains("\"type\":\"sql\""));
        assertEquals(202, send(as("submitter", RawHttp.post("/api/v1/jobs"))).status());
    }

    @Test
    void aJobOfATypeThatIsNowForAdminsIsNotRunAgain() throws Exception {
        String query = "{\"type\":\"sql\",\"params\":{\"query\":\"SELECT 1\"}}";
        RawHttp.Reply accepted =
                send(as("submitter", RawHttp.post("/api/v1/jobs").json(query)));
        assertEquals(202, accepted.status(), accepted::text);
        stop();
        forAdmins = Set.of("sql");
        start();

        String rerun = "/api/v1/jobs/" + accepted.json().get("job_id") + "/rerun";
        assertEquals(403, send(as("submitter", RawHttp.post(rerun))).status());
        assertEquals(202, send(as("admin", RawHttp.post(rerun))).status());
    }

    @Test
    void aRefusalWithoutATokenSaysHowToSendOne() {
        RawHttp.Reply nobody = send(RawHttp.get("/api/v1/jobs"));
        RawHttp.Reply wrong = send(as("wrong", RawHttp.get("/api/v1/jobs")));
        RawHttp.Reply basic = send(RawHttp.get("/api/v1/jobs").header("Authorization", "Basic YTpi"));
        RawHttp.Reply twice = send(as("admin", as("admin", RawHttp.get("/api/v1/jobs"))));

        assertEquals("unauthenticated", nobody.json().get("code"));
        assertEquals("bad_token", wrong.json().get("code"));
        for (RawHttp.Reply reply : List.of(nobody, wrong, basic, twice)) {
            assertEquals(401, reply.status());
            assertEquals("Bearer realm=\"Tinderbox\"", reply.header("WWW-Authenticate"));
        }
    }

    @Test
    void aJobBelongsToTheTokenThatSubmittedIt() {
        String id = submitted("submitter");

        RawHttp.Reply job = send(as("viewer", RawHttp.get("/api/v1/jobs/" + id)));
        RawHttp.Reply cancelled = send(as("admin", RawHttp.post("/api/v1/jobs/" + id + "/cancel")));
        RawHttp.Reply me = send(as("other", RawHttp.get("/api/v1/server")));

        assertEquals("sam", job.json().get("submitted_by"));
        assertEquals("CANCELLED", cancelled.json().get("status"));
        assertEquals(
                List.of(true, "olga", "submitter"),
                List.of(me.json().get("auth"), me.json().get("user"), me.json().get("role")));
    }

    @Test
    void submittersTakeTurnsInTheQueueAndHaveAShareOfIt() throws Exception {
        stop();
        limits = someLimits().maxQueuedPerToken(3).build();
        start();
        submitted("submitter");
        submitted("submitter");
        submitted("submitter");

        RawHttp.Reply ofOther = send(as("other", RawHttp.post("/api/v1/jobs")));
        RawHttp.Reply refused = send(as("submitter", RawHttp.post("/api/v1/jobs")));
        Map<String, Object> page =
                send(as("viewer", RawHttp.get("/api/v1/jobs"))).json();

        assertEquals(2L, ofOther.json().get("queue_position"));
        assertEquals(429, refused.status(), refused::text);
        assertEquals("too_many_requests", refused.json().get("code"));
        assertEquals("5", refused.header("Retry-After"));
        assertEquals(
                List.of(2L, 4L, 3L, 1L),
                ((List<?>) page.get("jobs"))
                        .stream()
                                .map(job -> ((Map<?, ?>) job).get("queue_position"))
                                .toList());
    }

    private RawHttp.Reply createdBy(String who, String body) {
        return send(as(who, RawHttp.post("/api/v1/tokens").json(body)));
    }

    private RawHttp.Reply revokedBy(String who, String name) {
        return send(as(who, RawHttp.request("DELETE", "/api/v1/tokens/" + name)));
    }

    /** The lines of the audit log about a token, newest first. */
    private List<AuditEntry> lines(String target) throws IOException {
        return audit.page(AuditQuery.newest(100)).entries().stream()
                .filter(entry -> target.equals(entry.target()))
                .toList();
    }

    @Test
    void anAdminCreatesAndRevokesTokensAndEachChangeIsOneLine() throws Exception {
        RawHttp.Reply created = createdBy("admin", "{\"name\":\"lab\",\"role\":\"viewer\",\"sees\":[\"sam\"]}");

        assertEquals(201, created.status(), created::text);
        assertEquals("no-store", created.header("Cache-Control"));
        assertNull(created.json().get("expires_at"));
        String secret = created.json().get("secret").toString();
        RawHttp.Reply list = send(as("admin", RawHttp.get("/api/v1/tokens")));
        assertEquals(
                List.of("vera", "sam", "olga", "ada", "lab"),
                ((List<?>) list.json().get("tokens"))
                        .stream().map(token -> ((Map<?, ?>) token).get("name")).toList());
        assertFalse(list.text().contains(secret));
        RawHttp asLab = RawHttp.get("/api/v1/server").header("Authorization", "Bearer " + secret);
        assertEquals(200, send(asLab).status(), "it is valid at once");
        String session = send(RawHttp.post("/api/v1/session").json("{\"token\":\"" + secret + "\"}"))
                .header("Set-Cookie");

        assertEquals(
                409, createdBy("admin", "{\"name\":\"lab\",\"role\":\"admin\"}").status());
        assertEquals(204, revokedBy("admin", "lab").status());
        assertEquals(401, send(asLab).status(), "it ends at once");
        assertNull(send(RawHttp.get("/api/v1/session").header("Cookie", session.substring(0, session.indexOf(';'))))
                .json()
                .get("user"));
        assertEquals("token_not_found", revokedBy("admin", "lab").json().get("code"));

        List<AuditEntry> lines = new ArrayList<>(lines("lab"));
        lines.removeIf(entry -> entry.action().equals("login"));
        assertEquals(
                List.of("token_revoke 404", "token_revoke 204", "token_create 409", "token_create 201"),
                lines.stream().map(line -> line.action() + " " + line.status()).toList());
        for (AuditEntry line : lines) {
            assertEquals(List.of("ada", "admin", "127.0.0.1"), List.of(line.actor(), line.role(), line.address()));
            assertFalse(line.params().toString().contains(secret));
        }
        assertEquals("sam", lines.get(3).params().get("sees"));
        server.close();
        audit.close();
        try (Stream<Path> files = Files.walk(dir)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(secret), file::toString);
            }
        }
    }

    @Test
    void aBodyThatArrivesAfterItsTokenIsRevokedChangesNothing() throws Exception {
        try (Socket submission = opened(RawHttp.post("/api/v1/jobs"));
                Socket upload = opened(RawHttp.request("PUT", "/api/v1/datasets/uploads/late.txt"))) {
            revokedBy("admin", "sam");
            createdBy("admin", "{\"name\":\"sam\",\"role\":\"submitter\"}");
            for (Socket socket : List.of(submission, upload)) {
                socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));
                RawHttp.read(socket).assertProblem(401, "bad_token");
            }
        }
        assertEquals(0, jobs.waitingCount());
        assertEquals(
                List.of(),
                send(as("admin", RawHttp.get("/api/v1/datasets?path=uploads")))
                        .json()
                        .get("entries"));
    }

    @Test
    void aWaitShowsNothingOnceItsTokenIsRevoked() throws Exception {
        String job = submitted("submitter");
        try (Socket waiting =
                as("submitter", RawHttp.get("/api/v1/jobs/" + job + "?wait=60")).open(server.port())) {
            // Once another connection is served, this one waits, or is refused for the same reason.
            assertEquals(
                    202, send(as("submitter", RawHttp.post("/api/v1/jobs"))).status());
            revokedBy("admin", "sam");
            send(as("admin", RawHttp.post("/api/v1/jobs/" + job + "/cancel")));
            RawHttp.read(waiting).assertProblem(401, "bad_token");
        }
    }

    /** A request of sam that was admitted, and whose body of two bytes is missing. */
    private Socket opened(RawHttp request) throws IOException {
        Socket socket = as("submitter", request)
                .header("Expect", "100-continue")
                .header("Content-Type", "application/json")
                .header("Content-Length", "2")
                .open(server.port());
        String proceed = "HTTP/1.1 100 Continue\r\n\r\n";
        assertEquals(
                proceed, new String(socket.getInputStream().readNBytes(proceed.length()), StandardCharsets.US_ASCII));
        return socket;
    }

    @Test
    void aTokenOfTheApiExpiresAsOneOfTheCommandLine() {
        Map<String, Object> created = createdBy(
                        "admin", "{\"name\":\"lab\",\"role\":\"submitter\",\"expires_in_days\":30}")
                .json();

        assertEquals(Instant.parse((String) created.get("created_at")).plus(Duration.ofDays(30)), Instant.parse((String)
                created.get("expires_at")));
        assertEquals(false, created.get("expired"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{} | 400 | wrong_type",
                "{'name':'x','role':'boss'} | 400 | wrong_type",
                "{'name':'x','role':'viewer','expires_in_days':0} | 400 | wrong_type",
                "{'name':'x','role':'viewer','expires_in_days':1.5} | 400 | wrong_type",
                "{'name':'x','role':'viewer','expires_in_days':100000} | 400 | wrong_type",
                "{'name':'x','role':'viewer','sees':[]} | 400 | wrong_type",
                "{'name':'x','role':'viewer','sees':['a b']} | 422 | invalid_name",
                "{'name':'x','role':'submitter','sees':['sam']} | 422 | invalid_name",
                "{'name':'local','role':'viewer'} | 422 | invalid_name",
                "{'name':'a b','role':'viewer'} | 422 | invalid_name",
                "{'name':'x','role':'viewer','secret':'y'} | 400 | unknown_field",
                "{'name':'sam','role':'admin'} | 409 | token_exists"
            })
    void aTokenThatCannotBeIsNotCreated(String body, int status, String code) {
        RawHttp.Reply refused = createdBy("admin", body.replace('\'', '"'));

        assertEquals(status, refused.status(), refused::text);
        assertEquals(code, refused.json().get("code"));
        assertEquals(
                4,
                ((List<?>) send(as("admin", RawHttp.get("/api/v1/tokens")))
                                .json()
                                .get("tokens"))
                        .size());
    }

    @Test
    void theLastAdminWithAValidTokenIsNotRevoked() throws Exception {
        new TokenAdmin(dir.resolve("data"), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC))
                .create("expired", Role.ADMIN, Duration.ofDays(1));
        RawHttp.Reply refused = revokedBy("admin", "ada");
        assertEquals(409, refused.status(), refused::text);
        assertEquals("wrong_state", refused.json().get("code"));

        String second = createdBy("admin", "{\"name\":\"eve\",\"role\":\"admin\"}")
                .json()
                .get("secret")
                .toString();
        assertEquals(204, revokedBy("admin", "ada").status(), "one's own token");
        assertEquals(401, revokedBy("admin", "eve").status());
        admin = second;
        assertEquals(409, revokedBy("admin", "eve").status());
    }

    @Test
    void adminsWhoRevokeEachOtherAtTheSameTimeLeaveOne() throws Exception {
        for (int round = 0; round < 20; round++) {
            String eve = createdBy("admin", "{\"name\":\"eve\",\"role\":\"admin\"}")
                    .json()
                    .get("secret")
                    .toString();
            CompletableFuture<Integer> byEve = CompletableFuture.supplyAsync(
                    () -> send(RawHttp.request("DELETE", "/api/v1/tokens/ada").header("Authorization", "Bearer " + eve))
                            .status());
            int byAda = revokedBy("admin", "eve").status();
            Set<Integer> statuses = Set.of(byAda, byEve.join());
            assertEquals(Set.of(204, 401), statuses);
            if (byAda == 401) {
                admin = eve;
                admin = createdBy("admin", "{\"name\":\"ada\",\"role\":\"admin\"}")
                        .json()
                        .get("secret")
                        .toString();
                assertEquals(204, revokedBy("admin", "eve").status());
            }
        }
    }

    @Test
    void aBrowserLogsInAndOut() {
        RawHttp.Reply in = send(RawHttp.post("/api/v1/session").json("{\"token\":\"" + submitter + "\"}"));
        String cookie = in.header("Set-Cookie");
        assertEquals(204, in.status());
        assertTrue(
                cookie.matches("tinderbox=[A-Za-z0-9_-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict"),
                cookie);
        String session = cookie.substring(0, cookie.indexOf(';'));
        String own = "http://localhost:" + server.port();

        assertNotNull(send(RawHttp.get("/api/v1/session").header("Cookie", "tinderbox=another; " + session))
                .json()
                .get("user"));
        RawHttp.Reply me = send(RawHttp.get("/api/v1/session").header("Cookie", "a=b; " + session + "; c=d"));
        assertEquals(
                List.of(true, "sam", "submitter"),
                List.of(me.json().get("auth"), me.json().get("user"), me.json().get("role")));
        assertEquals(
                202,
                send(RawHttp.post("/api/v1/jobs").header("Cookie", session).header("Origin", own))
                        .status());
        RawHttp.Reply without = send(RawHttp.post("/api/v1/jobs").header("Cookie", session));
        assertEquals(403, without.status(), "a change by cookie says which page it comes from");
        assertEquals("forbidden_origin", without.json().get("code"));

        RawHttp.Reply out = send(RawHttp.request("DELETE", "/api/v1/session")
                .header("Cookie", session)
                .header("Origin", own));
        assertEquals(204, out.status());
        assertEquals("tinderbox=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict", out.header("Set-Cookie"));
        assertEquals(
                401, send(RawHttp.get("/api/v1/jobs").header("Cookie", session)).status());
        assertNull(send(RawHttp.get("/api/v1/session").header("Cookie", session))
                .json()
                .get("user"));
    }

    @Test
    void behindTlsTheCookieIsForTlsOnly() {
        RawHttp.Reply in = send(RawHttp.post("/api/v1/session")
                .header("X-Forwarded-Proto", "https")
                .json("{\"token\":\"" + submitter + "\"}"));

        assertTrue(in.header("Set-Cookie").endsWith("; Secure"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|400|wrong_type",
                "{}|400|wrong_type",
                "{\"token\":1}|400|wrong_type",
                "{\"token\":null}|400|wrong_type",
                "{\"token\":\"x\",\"more\":1}|400|unknown_field",
                "{\"token\":\"x\"}|401|bad_token",
                "[]|400|malformed_json",
                "{\"token\":\"|400|malformed_json"
            })
    void aLogInIsReadStrictly(String body, int status, String code) {
        RawHttp request = RawHttp.post("/api/v1/session");
        RawHttp.Reply reply = send(body.isEmpty() ? request : request.json(body));

        assertEquals(code, reply.json().get("code"));
        assertEquals(status, reply.status());
        assertNull(reply.header("Set-Cookie"));
    }

    @Test
    void afterTenWrongTokensInAMinuteOnlyValidOnesAreAccepted() {
        for (int i = 0; i < 10; i++) {
            assertEquals(401, send(as("wrong", RawHttp.get("/api/v1/jobs"))).status());
        }
        RawHttp.Reply eleventh = send(as("wrong", RawHttp.get("/api/v1/jobs")));
        RawHttp.Reply logIn = send(RawHttp.post("/api/v1/session").json("{\"token\":\"wrong\"}"));

        assertEquals(429, eleventh.status());
        assertEquals("too_many_requests", eleventh.json().get("code"));
        assertTrue(Integer.parseInt(eleventh.header("Retry-After")) <= 6);
        assertEquals(429, logIn.status());
        assertEquals(200, send(as("viewer", RawHttp.get("/api/v1/jobs"))).status());
        assertEquals(401, send(RawHttp.get("/api/v1/jobs")).status(), "who sends no token has tried none");
    }

    @Test
    void jobsPerMinuteAreLimitedPerToken() throws Exception {
        stop();
        start(new RateLimits(1000, 3));
        for (int i = 0; i < 3; i++) {
            submitted("submitter");
        }

        RawHttp.Reply fourth = send(as("submitter", RawHttp.post("/api/v1/jobs")));

        assertEquals(429, fourth.status());
        assertEquals("\"requests\";q=2000;w=2, \"jobs\";q=3;w=60", fourth.header("RateLimit-Policy"));
        assertTrue(
                fourth.header("RateLimit").matches("\"requests\";r=(19\\d\\d;t=1|2000), \"jobs\";r=0;t=\\d+"),
                fourth.header("RateLimit"));
        assertTrue(Integer.parseInt(fourth.header("Retry-After")) <= 20);
        submitted("other");
    }

    @Test
    void requestsPerMinuteAreLimitedPerToken() throws Exception {
        stop();
        start(new RateLimits(1, 1000));
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            statuses.add(send(as("viewer", RawHttp.get("/api/v1/job-types"))).status());
        }

        assertTrue(statuses.contains(429), statuses::toString);
        assertEquals(200, statuses.get(0));
        RawHttp.Reply other = send(as("other", RawHttp.request("HEAD", "/api/v1/job-types")));
        assertEquals(200, other.status());
        assertTrue(
                other.header("RateLimit").matches("\"requests\";r=[12](;t=1)?, \"jobs\";r=1000"),
                other.header("RateLimit"));
        assertNull(send(RawHttp.get("/api/v1/job-types")).header("RateLimit"), "without a token");
        RawHttp.Reply gone = send(as("other", RawHttp.get("/api/v1/jobs/none")));
        assertEquals("\"requests\";q=2;w=2, \"jobs\";q=1000;w=60", gone.header("RateLimit-Policy"));
    }

    @Test
    void overTlsItIsTheSameAndTheCookieIsForTlsOnly() throws Exception {
        stop();
        SelfSignedCertificate own = new SelfSignedCertificate(dir, "EC");
        start(new RateLimits(1000, 1000), own.serverContext());
        HttpClient client =
                HttpClient.newBuilder().sslContext(own.clientContext()).build();
        URI uri = URI.create("https://localhost:" + server.port());

        HttpResponse<String> nobody =
                client.send(HttpRequest.newBuilder(uri.resolve("/api/v1/jobs")).build(), BodyHandlers.ofString());
        HttpResponse<String> in = client.send(
                HttpRequest.newBuilder(uri.resolve("/api/v1/session"))
                        .header("Origin", uri.toString())
                        .POST(BodyPublishers.ofString("{\"token\":\"" + admin + "\"}"))
                        .build(),
                BodyHandlers.ofString());
        HttpResponse<String> downgraded = client.send(
                HttpRequest.newBuilder(uri.resolve("/api/v1/session"))
                        .header("Origin", uri.toString().replace("https", "http"))
                        .POST(BodyPublishers.ofString("{\"token\":\"" + admin + "\"}"))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(401, nobody.statusCode());
        assertEquals(204, in.statusCode(), in::body);
        assertTrue(in.headers().firstValue("Set-Cookie").orElseThrow().endsWith("; Secure"));
        assertEquals(403, downgraded.statusCode(), "a page that came in the clear may be anybody's");
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> audited(String query) {
        RawHttp.Reply reply = send(as("admin", RawHttp.get("/api/v1/audit" + query)));
        assertEquals(200, reply.status(), reply::text);
        return (List<Map<String, Object>>) reply.json().get("entries");
    }

    private static String summary(Map<String, Object> entry) {
        return entry.get("actor") + " " + entry.get("role") + " " + entry.get("action") + " " + entry.get("target")
                + " " + entry.get("status") + " " + entry.get("code");
    }

    @Test
    void theAuditRecordsWhoDidWhatAndTheOutcome() {
        RawHttp.Reply job = send(as("submitter", RawHttp.post("/api/v1/jobs"))
                .json("{\"name\":\"a\\u202eb\",\"params\":{\"input\":\"samples/moby-dick.txt\"}}"));
        String id = job.json().get("job_id").toString();
        send(as("other", RawHttp.post("/api/v1/jobs/" + id + "/cancel")));
        send(as("admin", RawHttp.request("PATCH", "/api/v1/jobs/" + id))
                .header("If-Match", "*")
                .json("{\"note\":\"n\"}"));
        send(as("admin", RawHttp.post("/api/v1/jobs/" + id + "/cancel")));
        send(as("submitter", RawHttp.post("/api/v1/jobs/" + id + "/rerun")));
        send(as(
                "submitter",
                RawHttp.request("PUT", "/api/v1/datasets/uploads/a.txt").body(new byte[1])));
        String rename = "{\"path\":\"uploads/a.txt\",\"to\":\"uploads/b/a.txt\"}";
        send(as("other", RawHttp.post("/api/v1/datasets/rename").json(rename)));
        send(as("submitter", RawHttp.post("/api/v1/datasets/rename").json(rename)));
        send(as("submitter", RawHttp.request("DELETE", "/api/v1/datasets/uploads/b/a.txt")));
        send(as("submitter", RawHttp.request("DELETE", "/api/v1/jobs/" + id)));
        send(as("submitter", RawHttp.post("/api/v1/jobs").json("{\"type\":\"none\"}")));
        send(RawHttp.post("/api/v1/session").json("{\"token\":\"" + viewer + "\"}"));
        send(RawHttp.post("/api/v1/session").json("{\"token\":\"wrong\"}"));
        send(RawHttp.get("/api/v1/jobs"));
        send(as("viewer", RawHttp.get("/api/v1/jobs")));
        send(as("viewer", RawHttp.post("/api/v1/jobs")));
        send(as("viewer", RawHttp.get("/api/v1/audit")));
        send(as("admin", RawHttp.post("/api/v1/jobs").header("Host", "evil.example")));

        String csv = send(as("admin", RawHttp.get("/api/v1/audit?format=csv&action=upload")))
                .text();
        assertTrue(csv.startsWith("seq,time,actor,role,address,action,target,"), csv);
        assertTrue(csv.contains(",sam,submitter,127.0.0.1,upload,uploads/a.txt,{},false,201,,"), csv);
        csv = send(as("admin", RawHttp.get("/api/v1/tokens?format=csv"))).text();
        assertTrue(csv.startsWith("name,role,created_at,expires_at,expired,sees\nvera,viewer,"), csv);
        List<Map<String, Object>> entries = audited("");
        List<String> summaries =
                new ArrayList<>(entries.stream().map(AuthTest::summary).toList());
        Collections.reverse(summaries);
        entries.stream()
                .filter(entry -> "token_create".equals(entry.get("action")))
                .map(entry -> (Map<?, ?>) entry.get("params"))
                .forEach(params -> assertTrue(
                        params.containsKey("expires_at") && params.get("expires_at") == null, params::toString));
        assertEquals(
                Map.of("to", "uploads/b/a.txt"),
                entries.stream()
                        .filter(entry -> "rename_dataset".equals(entry.get("action")))
                        .findFirst()
                        .orElseThrow()
                        .get("params"));
        String rerun = entries.stream()
                .filter(entry -> "rerun".equals(entry.get("action")))
                .findFirst()
                .orElseThrow()
                .get("target")
                .toString();

        assertEquals(
                List.of(
                        "null null token_create vera 0 null",
                        "null null token_create sam 0 null",
                        "null null token_create olga 0 null",
                        "null null token_create ada 0 null",
                        "sam submitter submit " + id + " 202 null",
                        "olga submitter cancel " + id + " 403 forbidden",
                        "ada admin edit " + id + " 200 null",
                        "ada admin cancel " + id + " 202 null",
                        "sam submitter rerun " + rerun + " 202 null",
                        "sam submitter upload uploads/a.txt 201 null",
                        "olga submitter rename_dataset uploads/a.txt 403 forbidden",
                        "sam submitter rename_dataset uploads/a.txt 200 null",
                        "sam submitter delete_dataset uploads/b/a.txt 204 null",
                        "sam submitter delete " + id + " 204 null",
                        "sam submitter submit null 422 invalid_job",
                        "null null login vera 204 null",
                        "null null login null 401 bad_token",
                        "null null refused null 401 unauthenticated",
                        "vera viewer submit null 403 forbidden",
                        "vera viewer refused null 403 forbidden",
                        "null null refused null 421 foreign_host"),
                summaries);
        assertEquals("127.0.0.1", entries.get(0).get("address"));
        assertEquals(
                List.of("a\u202eb"),
                entries.stream()
                        .filter(entry -> id.equals(entry.get("target")) && "submit".equals(entry.get("action")))
                        .map(entry -> ((Map<?, ?>) entry.get("params")).get("name"))
                        .toList());
        assertFalse(entries.toString().contains(viewer), "a token is no parameter");
    }

    private RawHttp.Reply bulk(String who, String action, Object... ids) {
        String body = new String(Json.write(Map.of("job_ids", List.of(ids))), StandardCharsets.UTF_8);
        return send(as(who, RawHttp.post("/api/v1/bulk/" + action)).json(body));
    }

    private List<Map<String, Object>> answers(RawHttp.Reply reply) {
        assertEquals(200, reply.status(), reply::text);
        return ((List<?>) reply.json().get("answers"))
                .stream().map(AuthTest::object).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(Object value) {
        return (Map<String, Object>) value;
    }

    @Test
    void manyJobsAreCancelledAndDeletedWithAnAnswerAndAnAuditLineEach() {
        String own = submitted("submitter");
        String second = submitted("submitter");
        String foreign = submitted("other");
        String unknown = "00000000-0000-4000-8000-000000000000";
        Object[] ids = {own, foreign, unknown, "no id\n", second, own};

        List<Map<String, Object>> cancelled = answers(bulk("submitter", "cancel", ids));

        assertEquals(
                List.of(
                        own + " 202 null",
                        foreign + " 403 forbidden",
                        unknown + " 404 job_not_found",
                        "no id\n 404 job_not_found",
                        second + " 202 null",
                        own + " 409 wrong_state"),
                cancelled.stream()
                        .map(answer -> answer.get("job_id") + " " + answer.get("status") + " " + answer.get("code"))
                        .toList());
        assertEquals(List.of("job_id", "status"), List.copyOf(cancelled.get(0).keySet()));
        for (int i : List.of(1, 2, 5)) {
            RawHttp.Reply single = send(as("submitter", RawHttp.post("/api/v1/jobs/" + ids[i] + "/cancel")));
            assertEquals((long) single.status(), cancelled.get(i).get("status"));
            assertEquals(single.json().get("code"), cancelled.get(i).get("code"));
            assertEquals(single.json().get("detail"), cancelled.get(i).get("detail"));
        }
        assertEquals(
                List.of(204L, 403L, 404L, 404L, 204L, 404L),
                answers(bulk("submitter", "delete", ids)).stream()
                        .map(answer -> answer.get("status"))
                        .toList());
        assertEquals(409L, answers(bulk("admin", "delete", foreign)).get(0).get("status"));
        assertEquals(202L, answers(bulk("admin", "cancel", foreign)).get(0).get("status"));

        List<String> summaries = audited("?limit=500").stream()
                .filter(entry -> List.of("cancel", "delete").contains(entry.get("action")))
                .map(AuthTest::summary)
                .toList();
        assertEquals("ada admin cancel " + foreign + " 202 null", summaries.get(0));
        assertEquals("ada admin delete " + foreign + " 409 wrong_state", summaries.get(1));
        assertEquals("sam submitter delete " + own + " 404 job_not_found", summaries.get(2));
        assertEquals("sam submitter delete " + own + " 204 null", summaries.get(7));
        assertEquals(17, summaries.size(), "six of each request, and five of single ones: " + summaries);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                            | 400 | wrong_type     | job_ids",
                "{\"job_ids\":null}            | 400 | wrong_type     | job_ids",
                "{\"job_ids\":[]}              | 400 | wrong_type     | job_ids",
                "{\"job_ids\":\"a\"}           | 400 | wrong_type     | job_ids",
                "{\"job_ids\":[\"a\",1]}       | 400 | wrong_type     | job_ids[1]",
                "{\"job_ids\":[null]}          | 400 | wrong_type     | job_ids[0]",
                "{\"job_ids\":[\"a\"],\"id\":1} | 400 | unknown_field  | id"
            })
    void aBulkRequestWithoutUsableIdsIsRefused(String body, int status, String code, String field) {
        RawHttp.Reply reply =
                send(as("submitter", RawHttp.post("/api/v1/bulk/delete")).json(body));

        reply.assertProblem(status, code);
        assertEquals(
                field, object(((List<?>) reply.json().get("errors")).get(0)).get("field"));
    }

    @Test
    void aBulkRequestHasAtMost500Ids() {
        bulk("submitter", "cancel", Collections.nCopies(501, "a").toArray()).assertProblem(422, "limit_exceeded");
        assertEquals(
                500,
                answers(bulk(
                                "submitter",
                                "cancel",
                                Collections.nCopies(500, "a").toArray()))
                        .size());
        assertEquals(
                60,
                audited("?limit=500&action=cancel").stream()
                        .filter(entry ->
                                entry.get("target") != null || entry.get("code").equals("limit_exceeded"))
                        .count(),
                "of many refusals, only some are recorded");
    }

    @Test
    void entriesAboutRefusedRequestsAreShort() {
        send(as("viewer", RawHttp.post("/api/v1/jobs").json("{\"name\":\"" + "n".repeat(3000) + "\"}")))
                .assertProblem(403, "forbidden");
        send(RawHttp.get("/api/v1/jobs/" + "p".repeat(3000))).assertProblem(401, "unauthenticated");

        List<Map<String, Object>> entries = audited("?limit=2");

        assertEquals(
                "GET /api/v1/jobs/" + "p".repeat(183) + "…",
                ((Map<?, ?>) entries.get(0).get("params")).get("request"));
        assertEquals(Map.of(), entries.get(1).get("params"));
    }

    @Test
    void theAuditIsFilteredAndPaged() {
        for (int i = 0; i < 5; i++) {
            submitted(i < 3 ? "submitter" : "other");
        }
        assertEquals(3, audited("?actor=sam&action=submit").size());
        assertEquals(2, audited("?limit=2").size());
        RawHttp.Reply first = send(as("admin", RawHttp.get("/api/v1/audit?limit=4&action=submit")));
        assertEquals(true, first.json().get("more"));
        List<Map<String, Object>> rest =
                audited("?action=submit&before=" + first.json().get("before"));
        assertEquals(1, rest.size());
        assertEquals(0, audited("?until=2020-01-01T00:00:00Z").size());
        for (String wrong : List.of("?action=none", "?since=yesterday", "?limit=501", "?before=0", "?who=sam")) {
            assertEquals(
                    400, send(as("admin", RawHttp.get("/api/v1/audit" + wrong))).status(), wrong);
        }
    }

    @Test
    void anEventStreamEndsWithItsToken() throws Exception {
        try (Socket stream = as("viewer", RawHttp.get("/api/v1/events")).open(server.port())) {
            new TokenAdmin(dir.resolve("data"), Clock.systemUTC()).revoke("vera");
            Awaitility.await()
                    .until(() -> send(as("viewer", RawHttp.get("/api/v1/jobs"))).status() == 401);
            submitted("submitter");

            String events = new String(stream.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

            assertTrue(events.contains("event: snapshot"), events);
            assertFalse(events.contains("event: job"), events);
        }
    }

    @Test
    void ofManyRefusalsOnlySomeAreRecorded() {
        for (int i = 0; i < 100; i++) {
            send(RawHttp.get("/api/v1/jobs"));
        }

        int written = audited("?action=refused&limit=500").size();

        assertTrue(written >= 60 && written < 90, "" + written);
    }

    @Test
    void nobodyFillsTheAuditFromManyAddressesOrWithPageLoads() {
        for (int i = 0; i < 300; i++) {
            assertEquals(204, send(RawHttp.request("DELETE", "/api/v1/session")).status());
        }
        assertEquals(List.of(), audited("?action=logout"));
        for (int i = 0; i < 300; i++) {
            RawHttp malformed = RawHttp.post("/api/v1/session").json("{" + i);
            assertEquals(
                    400,
                    malformed
                            .from("127.0.0." + (1 + i % 200))
                            .send(server.port())
                            .status());
        }
        int written = audited("?action=login&limit=500").size();
        assertTrue(written >= 60 && written < 90, "" + written);
        for (int i = 0; i < 5; i++) {
            send(RawHttp.get("/api/v1/jobs").header("Sec-Fetch-Site", "same-origin"));
        }
        assertEquals(List.of(), audited("?action=refused"), "the page is loaded before somebody logs in");
        stop();
        assertTrue(audit().contains("\"action\":\"audit_skipped\""), "and a line says how many there were");
        assertDoesNotThrow(() -> start());
    }

    private String audit() {
        try {
            return Files.readString(dir.resolve("data/audit/audit.jsonl"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void noResponseContainsAToken() {
        for (RawHttp request : List.of(
                RawHttp.get("/api/v1/server"),
                RawHttp.get("/api/v1/nothing"),
                RawHttp.post("/api/v1/jobs").json("{"))) {
            assertFalse(send(as("admin", request)).text().contains(admin));
        }
    }
}
