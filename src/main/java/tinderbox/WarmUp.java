package tinderbox;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.job.log.JobLog;
import tinderbox.jobtype.JobTypes;
import tinderbox.store.DataDir;

/**
 * Counts the words of the sample book once when Spark is ready, so that all classes are loaded before the first user's job.
 * It runs like a job, but uses no slot, is not listed, and leaves nothing behind. Jobs that are submitted meanwhile run at
 * the same time; if one waits already, it serves as the warm-up, and this does nothing.
 */
final class WarmUp implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final String FOLDER = "warm-up";
    private static final String TYPE = "word-count";
    private static final long MAX_RESULT_BYTES = 16 << 20;
    private static final long STOP_WITHIN_MS = TimeUnit.SECONDS.toMillis(5);

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
        if (!runner.awaitReady() || !idle.getAsBoolean()) {
            return;
        }
        try {
            Job job = Job.accepted(new JobRequest(
                            JobId.random(),
                            0,
                            TYPE,
                            FOLDER,
                            types.check(TYPE, Map.of()).params(),
                            List.of(),
                            "",
                            FOLDER,
                            clock.instant(),
                            null,
                            null))
                    .started(clock.instant());
            Path folder = dataDir.emptyFolder(FOLDER);
            JobLog log = new JobLog(folder, clock, JobLog.MIN_BYTES);
            Attempt attempt = new Attempt(job, MAX_RESULT_BYTES, this::ended);
            attempt.open(folder, log);
            runner.start(attempt);
        } catch (IOException | JobException e) {
            LOG.debug("The warm-up could not start", e);
        }
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
