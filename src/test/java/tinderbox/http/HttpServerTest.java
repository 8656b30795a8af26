package tinderbox.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.UploadLimits;
import tinderbox.dataset.Uploads;
import tinderbox.http.access.AccessLog;
import tinderbox.http.api.ServerInfo;
import tinderbox.http.api.Services;
import tinderbox.http.server.HttpSettings;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.JobStore;
import tinderbox.jobtype.JobTypes;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditLog;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeRunner;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestPresets;
import tinderbox.support.TestSecurity;

/** The HTTP server with a real store but without Spark: jobs are accepted, but none ever starts. */
class HttpServerTest {
    private static final String GO_ON = "HTTP/1.1 100 Continue\r\n\r\n";

    @TempDir
    Path dir;

    private final Semaphore looks = new Semaphore(0);

    private FolderJobStore store;
    private JobService jobs;
    private Services services;
    private HttpServer server;
    private AuditLog audit;

    @BeforeEach
    void start() throws IOException {
        Files.writeString(Files.createDirectories(dir.resolve("samples")).resolve("moby-dick.txt"), "whale\n");
        Datasets datasets = TestDatasets.of(Map.of("samples", dir.resolve("samples")), new InputLimits(1 << 30, 200));
        JobTypes types = new JobTypes(datasets, JobTypes.builtIn());
        store = new FolderJobStore(Files.createDirectories(dir.resolve("data")), Clock.systemUTC());
        jobs = new JobService(
                watched(store),
                FakeRunner.neverReady(),
                types,
                Clock.systemUTC(),
                someLimits().maxQueued(2).build());
        jobs.start();
        Map<String, Object> limits = new LinkedHashMap<>();
        limits.put("max_queued", Long.MAX_VALUE);
        limits.put("max_input_bytes", null);
        ServerInfo info = new ServerInfo(
                "1",
                "4",
                "local[1]",
                () -> {
                    throw new IllegalStateException("the secret of /opt/secret/place");
                },
                List::of,
                () -> new ServerInfo.Session("ready", "it works", Instant.EPOCH),
                Instant.EPOCH,
                () -> Duration.ofSeconds(1),
                () -> limits,
                List::of,
                List.of(
                        new ServerInfo.Check("disk", () -> ServerInfo.Finding.good("10 GiB free")),
                        new ServerInfo.Check("spark", () -> ServerInfo.Finding.bad("not started", "wait a little"))));
        Uploads uploads = new Uploads(
                Files.createDirectories(dir.resolve("data/datasets")),
                Files.createDirectories(dir.resolve("data/incoming")),
                Files.createDirectories(dir.resolve("data/owners")),
                UploadLimits.of(1 << 20, 0, 100),
                file -> jobs.findUnfinished(job -> Datasets.covers(job.inputs(), file)));
        services = new Services(jobs, types, datasets, TestDatasets.NO_COLUMNS, uploads, TestPresets.in(dir), info);
        audit = TestSecurity.auditLog(dir);
        server = listen(HttpSettings.local(0));
        server.open(services);
    }

    private HttpServer listen(HttpSettings settings) throws IOException {
        return new HttpServer(
                settings, TestSecurity.authenticator(dir), audit, AccessLog.none(), StaticFiles.read(), new Metrics());
    }

    /** The store, which reports every read of a job, so a test knows how far a request has come. */
    private JobStore watched(JobStore store) {
        return (JobStore) Proxy.newProxyInstance(
                JobStore.class.getClassLoader(), new Class<?>[] {JobStore.class}, (proxy, method, arguments) -> {
                    Object response = method.invoke(store, arguments);
                    if (method.getName().equals("find")) {
                        looks.release();
                    }
                    return response;
                });
    }

    /** Sends a long poll for a job, and returns once it waits. */
    private Socket wait(String path) throws Exception {
        looks.drainPermits();
        Socket socket = RawHttp.get(path + "?wait=60").open(server.port());
        assertTrue(looks.tryAcquire(30, TimeUnit.SECONDS));
        return socket;
    }

    /** Sends the head of a request, and returns once the server waits for the body. */
    private Socket sendHead(String header, String value) throws IOException {
        Socket socket = RawHttp.post("/api/v1/jobs")
                .header("Expect", "100-continue")
                .header("Content-Type", "application/json")
                .header(header, value)
                .open(server.port());
        byte[] goOn = socket.getInputStream().readNBytes(GO_ON.length());
        assertEquals(GO_ON, new String(goOn, StandardCharsets.US_ASCII));
        return socket;
    }

    @AfterEach
    void stop() {
        server.close();
        jobs.close();
        audit.close();
        store.close();
    }

    private RawHttp.Reply get(String path) {
        return RawHttp.get(path).send(server.port());
    }

    @Test
    void anUploadStaysForAJobWhoseTypeTheServerNoLongerHas() {
        String path = "/api/v1/datasets/uploads/a.txt";
        RawHttp upload = RawHttp.request("PUT", path).body("a".getBytes(StandardCharsets.UTF_8));
        assertEquals(201, upload.send(server.port()).status());
        store.accept(Job.accepted(new JobRequest(
                JobId.random(),
                store.nextSeq(),
                "no-such-type",
                "a job",
                true,
                Map.of(),
                List.of("uploads/a.txt"),
                "",
                "local",
                Instant.EPOCH,
                null,
                null)));

        RawHttp.request("DELETE", path).send(server.port()).assertProblem(409, "dataset_in_use");
    }

    @Test
    void aPortThatIsTakenIsReported() {
        assertThrows(BindException.class, () -> listen(HttpSettings.local(server.port())));
    }

    @Test
    void anAddressOfAnotherMachineIsReported() {
        assertThrows(
                IOException.class,
                () -> listen(new HttpSettings("192.0.2.1", 0, List.of(), List.of(), null, "tinderbox", 25, 1000)));
    }

    @Test
    void unexpectedErrorsAreLoggedButNotShown() {
        RawHttp.Reply reply = get("/api/v1/server");

        assertEquals(500, reply.status());
        assertEquals("application/problem+json", reply.header("Content-Type"));
        assertEquals("internal", reply.json().get("code"));
        assertEquals(reply.header("X-Request-Id"), reply.json().get("request_id"));
        assertFalse(reply.text().contains("secret") || reply.text().contains("Exception"), reply::text);
    }

    @Test
    void aServerThatIsNotReadyAcceptsJobsAndSaysSo() {
        RawHttp.Reply plain = get("/readyz");
        assertEquals(503, plain.status());
        assertEquals("application/problem+json", plain.header("Content-Type"));
        assertEquals("2", plain.header("Retry-After"));
        assertEquals("not_ready", plain.json().get("code"));
        assertEquals(List.of("spark"), plain.fields());
        assertNull(plain.json().get("checks"));
        RawHttp.Reply verbose = get("/readyz?verbose");
        assertEquals(503, verbose.status());
        assertEquals(
                List.of(
                        Map.of("name", "disk", "ok", true, "detail", "10 GiB free", "hint", ""),
                        Map.of("name", "spark", "ok", false, "detail", "not started", "hint", "wait a little")),
                verbose.json().get("checks"));
        assertEquals(200, get("/livez").status());
        Map<String, Object> first =
                RawHttp.post("/api/v1/jobs").send(server.port()).json();
        assertEquals("PENDING", first.get("status"));
        assertEquals(1L, first.get("queue_position"));
        assertEquals(0L, first.get("attempt"));
        assertEquals("", first.get("log_preview"));
    }

    @Test
    void theFirstTokenIsCreatedOnTheCommandLineOnly() {
        RawHttp.Reply refused = RawHttp.post("/api/v1/tokens")
                .json("{\"name\":\"ada\",\"role\":\"admin\"}")
                .send(server.port());
        RawHttp.Reply list = get("/api/v1/tokens");
        RawHttp.Reply revoked = RawHttp.request("DELETE", "/api/v1/tokens/ada").send(server.port());

        assertEquals(409, refused.status(), refused::text);
        assertEquals("wrong_state", refused.json().get("code"));
        String detail = refused.json().get("detail").toString();
        assertTrue(detail.contains("token create --name NAME --role admin"), detail);
        assertEquals(List.of(), list.json().get("tokens"));
        assertEquals(404, revoked.status());
    }

    @Test
    void aStartingServerHasThePageAndSaysThatItStarts() throws IOException {
        try (HttpServer starting = listen(HttpSettings.local(0))) {
            int port = starting.port();
            assertEquals(200, RawHttp.get("/livez").send(port).status());
            assertTrue(RawHttp.get("/").send(port).text().contains("<title>Tinderbox</title>"));
            assertEquals(404, RawHttp.get("/nothing").send(port).status());
            assertEquals(405, RawHttp.post("/").send(port).status());
            assertEquals(false, RawHttp.get("/api/v1/session").send(port).json().get("auth"));
            RawHttp.Reply description = RawHttp.get("/api/v1/openapi.yaml").send(port);
            assertEquals("application/yaml", description.header("Content-Type"));
            assertTrue(description.text().startsWith("openapi: 3.1"), description::text);
            RawHttp.Reply ready = RawHttp.get("/readyz?verbose").send(port);
            assertEquals(503, ready.status());
            assertEquals(List.of("accepting"), ready.fields());
            for (RawHttp request : List.of(RawHttp.get("/api/v1/jobs"), RawHttp.post("/api/v1/jobs"))) {
                RawHttp.Reply reply = request.send(port);
                assertEquals(503, reply.status());
                assertEquals("application/problem+json", reply.header("Content-Type"));
                assertEquals("not_ready", reply.json().get("code"));
                assertEquals("1", reply.header("Retry-After"));
            }

            starting.open(services);

            assertEquals(202, RawHttp.post("/api/v1/jobs").send(port).status());
            assertEquals(200, RawHttp.get("/").send(port).status());
        }
    }

    @Test
    void eventStreamsOfAStartingServerEndSoThatClientsReconnect() throws IOException {
        try (HttpServer starting = listen(HttpSettings.local(0))) {
            String ofOne = "/api/v1/jobs/ef14d782-add7-4796-ba74-13ce3579795c/events";
            for (String path : List.of("/api/v1/events", ofOne)) {
                RawHttp.Reply reply = RawHttp.get(path).send(starting.port());
                assertEquals(200, reply.status());
                assertEquals("text/event-stream", reply.header("Content-Type"));
                assertTrue(reply.text().endsWith("retry: 2000\n\n"), reply::text);
                RawHttp.get(path)
                        .header("Accept", "application/json")
                        .send(starting.port())
                        .assertProblem(406, "not_acceptable");
            }
        }
    }

    @Test
    void aRequestForAFileWaitsUntilTheFilesAreRead() throws Exception {
        CompletableFuture<StaticFiles> page = new CompletableFuture<>();
        try (HttpServer starting = new HttpServer(
                        HttpSettings.local(0),
                        TestSecurity.authenticator(dir),
                        audit,
                        AccessLog.none(),
                        page,
                        new Metrics());
                Socket socket = RawHttp.get("/").open(starting.port())) {
            // A client that comes later is answered at once, so the wait is not that of a thread that takes
            // connections.
            assertEquals(200, RawHttp.get("/livez").send(starting.port()).status());

            page.complete(StaticFiles.read().join());

            assertEquals(200, RawHttp.read(socket).status());
        }
    }

    @Test
    void aFullQueueSaysWhenToRetry() {
        assertEquals(202, RawHttp.post("/api/v1/jobs").send(server.port()).status());
        assertEquals(202, RawHttp.post("/api/v1/jobs").send(server.port()).status());

        RawHttp.Reply refused = RawHttp.post("/api/v1/jobs").send(server.port());

        assertEquals(503, refused.status());
        assertEquals("queue_full", refused.json().get("code"));
        assertEquals("2", refused.header("Retry-After"));
    }

    @Test
    void aPendingJobIsCancelledAtOnce() {
        String path = "/api/v1/jobs/"
                + RawHttp.post("/api/v1/jobs").send(server.port()).json().get("job_id");

        RawHttp.Reply cancel = RawHttp.post(path + "/cancel").send(server.port());

        assertEquals("CANCELLED", cancel.json().get("status"));
        assertNull(cancel.json().get("queue_position"));
        RawHttp.Reply log = get(path + "/log?format=text");
        assertEquals(200, log.status());
        assertEquals("", log.text());
        assertEquals(true, get(path + "/log").json().get("eof"));
    }

    @Test
    void withoutAConfiguredOriginThereAreNoCorsHeaders() {
        RawHttp.Reply reply = RawHttp.get("/livez")
                .header("Origin", "https://lab.example.org")
                .send(server.port());

        assertNull(reply.header("Vary"));
        assertNull(reply.header("Access-Control-Allow-Origin"));
    }

    @Test
    void closingEndsLongPollsAndIsQuick() throws Exception {
        String path = "/api/v1/jobs/"
                + RawHttp.post("/api/v1/jobs").send(server.port()).json().get("job_id");
        try (Socket waiting = wait(path)) {
            assertTimeoutPreemptively(Duration.ofSeconds(2), server::close);

            RawHttp.Reply reply = RawHttp.read(waiting);
            assertEquals(200, reply.status());
            assertEquals("PENDING", reply.json().get("status"));
            assertThrows(
                    ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), server.port()).close());
        }
    }

    @Test
    void disconnectedClientsAreNotWaitedFor() throws Exception {
        String path = "/api/v1/jobs/"
                + RawHttp.post("/api/v1/jobs").send(server.port()).json().get("job_id");
        for (Socket socket :
                List.of(wait(path), sendHead("Content-Length", "100"), sendHead("Transfer-Encoding", "chunked"))) {
            socket.setSoLinger(true, 0);
            socket.close();
        }

        assertTimeoutPreemptively(Duration.ofSeconds(2), server::close);
    }

    @Test
    void aClientThatExpectsContinueGetsIt() throws Exception {
        try (Socket socket = sendHead("Content-Length", "2")) {
            socket.getOutputStream().write("{}".getBytes(StandardCharsets.US_ASCII));

            assertEquals(202, RawHttp.read(socket).status());
        }
    }

    @Test
    void aClientThatExpectsContinueForTooMuchIsRefusedAtOnce() {
        RawHttp.Reply reply = RawHttp.post("/api/v1/jobs")
                .header("Expect", "100-continue")
                .header("Content-Length", "2000000")
                .send(server.port());

        reply.assertProblem(413, "too_large");
    }
}
