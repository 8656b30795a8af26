package tinderbox.http;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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

/** The limits of uploads, each with a server whose limit is low. */
class UploadLimitsTest {
    private static final UploadLimits WIDE =
            new UploadLimits(1000, 0, 4, 100, Duration.ofMinutes(1), 1000, Duration.ofHours(1));
    private static final String PATH = "/api/v1/datasets/uploads/file.txt";

    @TempDir
    Path dir;

    private FolderJobStore store;
    private JobService jobs;
    private HttpServer server;
    private AuditLog audit;
    private Path folder;
    private Path incoming;

    @BeforeEach
    void open() throws IOException {
        audit = TestSecurity.auditLog(dir);
        folder = Files.createDirectories(dir.resolve("datasets"));
        incoming = Files.createDirectories(dir.resolve("incoming"));
        store = new FolderJobStore(Files.createDirectories(dir.resolve("data")), Clock.systemUTC());
    }

    private void start(UploadLimits limits) throws IOException {
        Datasets datasets = TestDatasets.of(Map.of(Uploads.ROOT, folder), new InputLimits(1 << 30, 200));
        JobTypes types = new JobTypes(datasets, JobTypes.builtIn());
        jobs = new JobService(
                store,
                FakeRunner.neverReady(),
                types,
                Clock.systemUTC(),
                someLimits().maxQueued(2).build());
        Uploads uploads = new Uploads(
                folder, incoming, Files.createDirectories(dir.resolve("owners")), limits, file -> Optional.empty());
        ServerInfo info = TestServerInfo.working();
        server = new HttpServer(
                HttpSettings.local(0),
                TestSecurity.authenticator(dir),
                audit,
                AccessLog.none(),
                StaticFiles.read(),
                new Metrics());
        server.open(new Services(jobs, types, datasets, TestDatasets.NO_COLUMNS, uploads, TestPresets.in(dir), info));
    }

    @AfterEach
    void stop() {
        server.close();
        jobs.close();
        audit.close();
        store.close();
    }

    private static RawHttp put() {
        return RawHttp.request("PUT", PATH);
    }

    private long partial() throws IOException {
        try (Stream<Path> files = Files.list(incoming)) {
            return files.count();
        }
    }

    private void assertNothingIsLeft() {
        await().until(() -> partial() == 0);
        assertFalse(Files.exists(folder.resolve("file.txt")));
    }

    @Test
    void aFileMayBeAsLargeAsTheLimitAndNoLarger() throws IOException {
        start(WIDE);

        put().body(new byte[1001]).send(server.port()).assertProblem(413, "too_large");
        put().chunked(new byte[200_000]).send(server.port()).assertProblem(413, "too_large");
        assertNothingIsLeft();
        assertEquals(201, put().chunked(new byte[1000]).send(server.port()).status());
    }

    @Test
    void theReserveOfTheDiskStaysFree() throws IOException {
        start(new UploadLimits(
                1000, folder.toFile().getTotalSpace() + 1, 4, 100, WIDE.window(), 0, WIDE.maxDuration()));

        put().body(new byte[10]).send(server.port()).assertProblem(507, "disk_full");
        assertNothingIsLeft();
    }

    @Test
    void anAnnouncedFileThatWouldNotFitIsRefusedBeforeItIsSent() throws IOException {
        start(new UploadLimits(Long.MAX_VALUE, 0, 4, 100, WIDE.window(), 0, WIDE.maxDuration()));

        try (Socket socket = put().header("Content-Length", Long.toString(1L << 50))
                .header("Expect", "100-continue")
                .open(server.port())) {
            RawHttp.read(socket).assertProblem(507, "disk_full");
        }
        assertNothingIsLeft();
    }

    @Test
    void anUploadBeyondTheLimitIsAskedToRetry() throws IOException {
        start(new UploadLimits(1000, 0, 1, 100, WIDE.window(), 0, WIDE.maxDuration()));
        try (Socket first = put().header("Content-Length", "5").open(server.port())) {
            await().until(() -> partial() == 1);

            RawHttp.Reply second = put().body(new byte[10]).send(server.port());

            second.assertProblem(503, "too_many_uploads");
            assertEquals("2", second.header("Retry-After"));
            first.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            assertEquals(201, RawHttp.read(first).status());
        }
        assertEquals(204, RawHttp.request("DELETE", PATH).send(server.port()).status());
        await().until(() -> put().body(new byte[10]).send(server.port()).status() == 201);
    }

    @Test
    void aSlowUploadIsEnded() throws IOException {
        start(new UploadLimits(1000, 0, 4, 100, Duration.ofMillis(1), 500, WIDE.maxDuration()));
        try (Socket socket = put().header("Content-Length", "1000").open(server.port())) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));

            assertTrue(line(socket).startsWith("HTTP/1.1 408 "));
        }
        assertNothingIsLeft();
    }

    private static String line(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = socket.getInputStream().read();
                c != '\r';
                c = socket.getInputStream().read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    @Test
    void anUploadInProgressDoesNotKeepTheServerFromStopping() throws IOException {
        start(WIDE);
        try (Socket socket = put().header("Content-Length", "1000").open(server.port())) {
            socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
            await().until(() -> partial() == 1);

            server.close();

            assertEquals(-1, socket.getInputStream().read());
        }
        assertNothingIsLeft();
    }
}
