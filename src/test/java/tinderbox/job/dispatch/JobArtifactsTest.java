package tinderbox.job.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static tinderbox.support.LimitsBuilder.someLimits;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.job.JobId;
import tinderbox.job.Submission;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.LogPage;
import tinderbox.store.FolderJobStore;
import tinderbox.support.FakeCatalog;
import tinderbox.support.FakeRunner;

/** Logs are read while they are written and while their folders move. */
class JobArtifactsTest {
    private static final Limits LIMITS =
            someLimits().maxLogBytes(JobLog.MIN_BYTES).build();

    @TempDir
    Path folder;

    private final FakeRunner runner = new FakeRunner();
    private FolderJobStore store;
    private JobService jobs;

    @BeforeEach
    void start() throws IOException {
        store = new FolderJobStore(folder, Clock.systemUTC());
        jobs = new JobService(store, runner, new FakeCatalog(), Clock.systemUTC(), LIMITS);
        jobs.start();
    }

    @AfterEach
    void stop() {
        jobs.close();
        store.close();
    }

    private FakeRunner.Started started() throws InterruptedException {
        jobs.submit(new Submission("any", null, Map.of(), "tester", null));
        return runner.next();
    }

    private LogPage page(JobId id, long from) {
        return jobs.artifacts().log(id, from, 10_000, LogLine.Level.DEBUG);
    }

    @Test
    void aFollowerSeesEveryLineAlsoWhileTheJobEnds() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            for (int round = 0; round < 20; round++) {
                FakeRunner.Started attempt = started();
                Future<Long> follower = threads.submit(() -> follow(attempt.id()));
                Future<?> reader = threads.submit(() -> {
                    while (!jobs.find(attempt.id()).job().state().isTerminal()) {
                        assertFalse(jobs.artifacts()
                                .logPreview(jobs.find(attempt.id()))
                                .isEmpty());
                        jobs.artifacts().openLog(attempt.id()).close();
                    }
                    return null;
                });
                for (int i = 0; i < 300; i++) {
                    attempt.attempt().log().info("line " + i);
                }
                attempt.fail("planned");
                assertEquals(301, follower.get());
                reader.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    private long follow(JobId id) {
        long next = 0;
        for (LogPage page = page(id, 0); ; page = page(id, next)) {
            assertEquals(next, page.from());
            assertEquals(page.lines().size(), page.next() - page.from());
            assertTrue(page.total() >= next, "the log has become shorter");
            next = page.next();
            if (page.eof()) {
                return next;
            }
        }
    }

    @Test
    void aRunningLogWithoutNewLinesIsNotRead() throws Exception {
        FakeRunner.Started attempt = started();
        attempt.attempt().log().info("once");
        Path log = folder.resolve("active").resolve(attempt.id().toString()).resolve("log.txt");
        Files.move(log, folder.resolve("elsewhere"));

        assertEquals(2, page(attempt.id(), 2).total());
        attempt.fail("planned");
    }

    @Test
    void theNextAttemptContinuesTheLineNumbers() throws Exception {
        FakeRunner.Started first = started();
        first.attempt().log().info("one");
        first.attempt().lost();
        FakeRunner.Started second = runner.next();
        LogPage page = page(first.id(), 0);

        assertEquals(2, second.attempt().job().attempt());
        assertEquals(
                "Attempt 1 of 2 starts, one, Spark died under the job, Attempt 2 of 2 starts",
                String.join(", ", page.lines().stream().map(LogLine::text).toList()));
        second.fail("planned");
    }
}
