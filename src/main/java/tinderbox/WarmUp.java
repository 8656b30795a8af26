package tinderbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.job.log.JobLog;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.DataDir;

/**
 * Counts the words of the sample book and runs queries once when Spark is ready, so that all classes are loaded before the
 * first user's job. They run like jobs, but use no slot, are not listed, and leave nothing behind. Jobs that are submitted
 * meanwhile run at the same time; if one waits already, it serves as the warm-up, and nothing more is started.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String FOLDER = "warm-up";
    private static final long MAX_RESULT_BYTES = 16 << 20;
    private static final long STOP_WITHIN_MS = TimeUnit.SECONDS.toMillis(5);

    /** The first reads a CSV and uses what most queries do; the second takes several stages, as large tables do. */
    private static final List<String> QUERIES = List.of("""
            SELECT a.state, count(*) AS airports, round(avg(a.latitude), 2) AS latitude
            FROM `samples/air/airports.csv` a JOIN `samples/air/airports.csv` b ON a.iata = b.iata
            WHERE a.country = 'USA' AND b.name LIKE '%a%'
            GROUP BY a.state HAVING count(*) > 1 ORDER BY airports DESC, a.state LIMIT 10""", """
            SELECT n.id % 10 AS digit, count(*) AS numbers, sum(m.id) AS total
            FROM range(1000) n JOIN range(1000) m ON n.id = m.id GROUP BY digit ORDER BY digit""");

    private final DataDir dataDir;
    private final JobRunner runner;
    private final JobTypes types;
    private final Clock clock;
    private final BooleanSupplier idle;
    private final Thread thread = new Thread(this::run, "tinderbox-warm-up");

    /**
     * A warm-up that has not started.
     *
     * @param idle whether no job waits or runs
     */
    WarmUp(DataDir dataDir, JobRunner runner, JobTypes types, Clock clock, BooleanSupplier idle) {
        this.dataDir = dataDir;
        this.runner = runner;
        this.types = types;
        this.clock = clock;
        this.idle = idle;
    }

    /** Waits for Spark in the background, then runs. */
    void start() {
        thread.start();
    }

    private void run() {
        try {
            runIfIdle("word-count", Map.of());
            for (String query : QUERIES) {
                runIfIdle("sql", Map.of("query", query));
            }
        } catch (IOException | JobException e) {
            LOG.debug("The warm-up could not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void runIfIdle(String type, Map<String, Object> params) throws IOException, InterruptedException {
        if (!runner.awaitReady() || !idle.getAsBoolean()) {
            return;
        }
        CheckedSubmission checked = types.check(type, params, Visibility.ALL);
        Job job = Job.accepted(new JobRequest(
                        JobId.random(),
                        0,
                        type,
                        FOLDER,
                        true,
                        checked.params(),
                        checked.inputs(),
                        "",
                        FOLDER,
                        clock.instant(),
                        null,
                        null))
                .started(clock.instant());
        Path folder = dataDir.emptyFolder(FOLDER);
        JobLog log = new JobLog(folder, clock, JobLog.MIN_BYTES);
        CountDownLatch end = new CountDownLatch(1);
        Attempt attempt = new Attempt(job, MAX_RESULT_BYTES, ended -> {
            ended(ended);
            end.countDown();
        });
        attempt.open(folder, log);
        runner.start(attempt);
        end.await();
    }

    /** Deletes what the warm-up has written, however it ended. */
    private void ended(Attempt attempt) {
        attempt.log().close();
        try {
            dataDir.removeFolder(FOLDER);
        } catch (IOException e) {
            LOG.debug("The next warm-up removes what this one has written", e);
        }
    }

    /** Starts nothing more; closing the runner stops a warm-up that runs. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(STOP_WITHIN_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
