package tinderbox.http.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputLimits;
import tinderbox.dataset.UploadLimits;
import tinderbox.dataset.Uploads;
import tinderbox.http.HttpServer;
import tinderbox.http.access.AccessLog;
import tinderbox.http.api.ServerInfo;
import tinderbox.http.api.Services;
import tinderbox.http.server.HttpSettings;
import tinderbox.http.server.StaticFiles;
import tinderbox.job.Submission;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.dispatch.Limits;
import tinderbox.jobtype.JobTypes;
import tinderbox.metrics.Metrics;
import tinderbox.security.audit.AuditLog;
import tinderbox.store.FolderJobStore;
import tinderbox.support.EventStreamReader;
import tinderbox.support.FakeCatalog;
import tinderbox.support.FakeRunner;
import tinderbox.support.TestDatasets;
import tinderbox.support.TestPresets;
import tinderbox.support.TestSecurity;
import tinderbox.support.TestServerInfo;

/** If events cannot be published, every stream restarts instead of missing something. */
class EventHubTest {
    @TempDir
    Path dataDir;

    private final FakeRunner runner = new FakeRunner();
    private FolderJobStore store;
    private JobService jobs;
    private HttpServer http;
    private AuditLog audit;

    @BeforeEach
    void open() throws Exception {
        store = new FolderJobStore(dataDir, Clock.systemUTC());
        Limits limits = someLimits().build();
        jobs = new JobService(store, runner, new FakeCatalog(), Clock.systemUTC(), limits);
        jobs.start();
        Datasets none = TestDatasets.of(Map.of(), new InputLimits(1 << 30, 200));
        ServerInfo info = TestServerInfo.working();
        Uploads uploads = new Uploads(
                dataDir, dataDir, dataDir, UploadLimits.of(1, 0, 100), file -> jobs.findUnfinished(job -> false));
        audit = TestSecurity.auditLog(dataDir);
        http = new HttpServer(
                HttpSettings.local(0),
                TestSecurity.authenticator(dataDir),
                audit,
                AccessLog.none(),
                StaticFiles.read(),
                new Metrics());
        http.open(new Services(
                jobs,
                new JobTypes(none, List.of()),
                none,
                TestDatasets.NO_COLUMNS,
                uploads,
                TestPresets.in(dataDir),
                info));
    }

    @AfterEach
    void close() {
        http.close();
        jobs.close();
        audit.close();
        store.close();
    }

    @Test
    void aFailureToPublishRestartsEveryStream() throws Exception {
        jobs.submit(new Submission("word-count", null, Map.of(), "tester", null));
        runner.next();
        URI all = URI.create("http://127.0.0.1:" + http.port() + "/api/v1/events");
        try (EventStreamReader before = EventStreamReader.open(all, null)) {
            String last = before.next().id();

            runner.failProgressOnce();

            EventStreamReader.Event event = before.next();
            while (event != null) {
                event = before.next();
            }
            try (EventStreamReader after = EventStreamReader.open(all, last)) {
                assertEquals("reset", after.next().name());
                EventStreamReader.Event snapshot = after.next();
                assertEquals("snapshot", snapshot.name());
                assertNotEquals(last.substring(0, 8), snapshot.id().substring(0, 8));
                List<?> known = (List<?>) snapshot.json().get("jobs");
                assertEquals("RUNNING", ((Map<?, ?>) known.get(0)).get("status"));
            }
        }
    }
}
