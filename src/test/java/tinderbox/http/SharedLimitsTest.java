package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
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
import tinderbox.http.server.Listener;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.dispatch.JobService;
import tinderbox.jobtype.JobTypes;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditLog;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeRunner;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestPresets;
import tinderbox.support.TestSecurity;
import tinderbox.support.TestServerInfo;

/** The share of one client of limits that all share, on a server with low limits. */
class SharedLimitsTest {
    /** One percent of 4,096. */
    private static final int SHARE = 40;

    private static final String STRANGER = "127.0.0.2";

    @TempDir
    Path dir;

    private final Semaphore blocked = new Semaphore(0);
    private final CountDownLatch unblocked = new CountDownLatch(1);
    private final List<Socket> open = new ArrayList<>();
    private volatile boolean blocking;
    private FolderJobStore store;
    private JobService jobs;
    private HttpServer server;
    private AuditLog audit;

    @BeforeEach
    void start() throws IOException {
        start(1, 10_000);
    }

    private void start(int percent, int connections) throws IOException {
        Files.writeString(Files.createDirectories(dir.resolve("samples")).resolve("moby-dick.txt"), "whale\n");
        Datasets datasets = TestDatasets.of(Map.of("samples", dir.resolve("samples")), new InputLimits(1 << 30, 200));
        JobTypes types = new JobTypes(datasets, JobTypes.builtIn());
        store = new FolderJobStore(Files.createDirectories(dir.resolve("data")), Clock.systemUTC());
        jobs = new JobService(
                store,
                FakeRunner.neverReady(),
                types,
                Clock.systemUTC(),
                someLimits().maxQueued(2).build());
        jobs.start();
        ServerInfo info = TestServerInfo.working(new ServerInfo.Check("slow", this::block));
        Uploads uploads = new Uploads(
                Files.createDirectories(dir.resolve("data/datasets")),
                Files.createDirectories(dir.resolve("data/incoming")),
                Files.createDirectories(dir.resolve("data/owners")),
                UploadLimits.of(1 << 20, 0, 50),
                file -> jobs.findUnfinished(job -> Datasets.covers(job.inputs(), file)));
        audit = TestSecurity.auditLog(dir);
        server = new HttpServer(
                new HttpSettings("127.0.0.1", 0, List.of(), List.of(), null, "tinderbox", percent, connections),
                TestSecurity.authenticator(dir),
                audit,
                AccessLog.none(),
                StaticFiles.read(),
                new Metrics());
        server.open(new Services(jobs, types, datasets, TestDatasets.NO_COLUMNS, uploads, TestPresets.in(dir), info));
    }

    private ServerInfo.Finding block() {
        if (!blocking) {
            return ServerInfo.Finding.good("at once");
        }
        blocked.release();
        try {
            unblocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ServerInfo.Finding.good("at last");
    }

    @AfterEach
    void stop() throws IOException {
        unblocked.countDown();
        for (Socket socket : open) {
            socket.close();
        }
        server.close();
        jobs.close();
        audit.close();
        store.close();
    }

    private String aJobThatWaits() {
        return (String) RawHttp.post("/api/v1/jobs").send(server.port()).json().get("job_id");
    }

    private Socket open(RawHttp request) throws IOException {
        Socket socket = request.open(server.port());
        open.add(socket);
        return socket;
    }

    private RawHttp.Reply send(RawHttp request) {
        return request.send(server.port());
    }

    /** Some with a FIN, some with a RST, as if the client was killed. */
    private void closeAll() throws IOException {
        for (Socket socket : open) {
            if (open.indexOf(socket) % 2 == 0) {
                socket.setSoLinger(true, 0);
            }
            socket.close();
        }
        open.clear();
    }

    private boolean isOneAnswered() throws IOException {
        for (Socket socket : open) {
            if (socket.getInputStream().available() > 0) {
                return true;
            }
        }
        return false;
    }

    @Test
    void aClientHoldsItsShareOfTheLongPollsAndAClosedConnectionHoldsNone() throws IOException {
        String job = "/api/v1/jobs/" + aJobThatWaits();
        // One more than the share: the last to be looked at is refused, and all others wait.
        for (int i = 0; i <= SHARE; i++) {
            open(RawHttp.get(job + "?wait=60"));
        }
        await().until(this::isOneAnswered);

        RawHttp.Reply refused = send(RawHttp.get(job + "?wait=1"));

        refused.assertProblem(503, "too_many_waiters");
        assertEquals("2", refused.header("Retry-After"));
        assertTrue(refused.text().contains("--max-share"));
        assertEquals(200, send(RawHttp.get(job + "?wait=1").from(STRANGER)).status());
        closeAll();
        await().until(() -> send(RawHttp.get(job + "?wait=1")).status() == 200);
    }

    @Test
    void aClientHoldsItsShareOfTheEventStreamsAndAClosedConnectionHoldsNone() throws Exception {
        for (int i = 0; i < SHARE; i++) {
            assertEquals(200, status(open(RawHttp.get("/api/v1/events"))));
        }

        send(RawHttp.get("/api/v1/events")).assertProblem(503, "too_many_streams");
        assertEquals(200, status(open(RawHttp.get("/api/v1/events").from(STRANGER))));
        closeAll();
        await().until(() -> send(RawHttp.get("/api/v1/server")).text().contains("\"event_streams\":{\"open\":0,"));
        for (int i = 0; i < SHARE; i++) {
            assertEquals(200, status(open(RawHttp.get("/api/v1/events"))));
        }
    }

    @Test
    void bytesSentDuringAnEventStreamHoldNothing() throws IOException {
        Socket socket = open(RawHttp.get("/api/v1/events"));
        assertEquals(200, status(socket));
        socket.getOutputStream().write("GET /livez HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        closeAll();

        await().until(() -> send(RawHttp.get("/api/v1/server")).text().contains("\"event_streams\":{\"open\":0,"));
    }

    private static int status(Socket socket) throws IOException {
        byte[] begin = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
        return Integer.parseInt(new String(begin, StandardCharsets.US_ASCII).substring("HTTP/1.1 ".length()));
    }

    @Test
    void aRequestAfterALongPollEndsItAndGetsTheNextResponse() throws IOException {
        String head = " HTTP/1.1\r\nHost: localhost\r\n";
        String job = aJobThatWaits();
        Socket socket = open(RawHttp.line("GET /api/v1/jobs/" + job + "?wait=60 HTTP/1.1\r\nHost: localhost")
                .bare());
        String next = "GET /livez" + head + "Connection: close\r\n\r\n";
        socket.getOutputStream().write(next.getBytes(StandardCharsets.US_ASCII));

        RawHttp.Reply both = RawHttp.read(socket);

        assertTrue(both.text().startsWith("{\"job_id\":\"" + job), both::text);
        assertTrue(both.text().endsWith("{\"status\":\"live\"}"), both::text);
    }

    @Test
    void aClientHoldsItsShareOfTheUploadSlots() throws IOException {
        Path incoming = dir.resolve("data/incoming");
        for (int i = 0; i < 2; i++) {
            open(put("slow-" + i).header("Content-Length", "1000"));
        }
        await().until(() -> incoming.toFile().list().length == 2);

        send(put("mine").body(new byte[1])).assertProblem(503, "too_many_uploads");
        assertEquals(201, send(put("other").body(new byte[1]).from(STRANGER)).status());
        closeAll();
        await().until(() -> send(put("mine").body(new byte[1])).status() == 201);
    }

    private static RawHttp put(String name) {
        return RawHttp.request("PUT", "/api/v1/datasets/uploads/" + name);
    }

    @Test
    void connectionsAreLimitedAndOneNetworkHoldsHalfOfThem() throws Exception {
        stop();
        start(25, 8);
        for (int i = 0; i < 4; i++) {
            assertEquals(200, status(open(RawHttp.get("/api/v1/events"))));
        }

        assertThrows(UncheckedIOException.class, () -> send(RawHttp.get("/livez")));
        assertEquals(200, send(RawHttp.get("/livez").from(STRANGER)).status());
        closeAll();
        await().ignoreExceptions().until(() -> send(RawHttp.get("/livez")).status() == 200);
    }

    @Test
    void livezRespondsWhileAllWorkersAreBusy() throws Exception {
        blocking = true;
        for (int i = 0; i < Listener.WORKERS + 10; i++) {
            open(RawHttp.get("/readyz"));
        }
        assertTrue(blocked.tryAcquire(Listener.WORKERS, 30, TimeUnit.SECONDS));

        assertEquals(200, send(RawHttp.get("/livez")).status());
    }
}
