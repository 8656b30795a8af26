package tinderbox.spark;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.dispatch.JobRunner;
import tinderbox.jobtype.JobTypes;

/** Runs attempts on the session, each on its own thread and in its own job group. */
public final class SparkRunner implements JobRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SparkRunner.class);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final SparkEngine engine;
    private final JobTypes types;
    private final Map<JobId, SparkAttempt> running = new ConcurrentHashMap<>();
    private final SchedulerPools pools = new SchedulerPools();

    public SparkRunner(SparkEngine engine, JobTypes types) {
        this.engine = engine;
        this.types = types;
    }

    @Override
    public boolean awaitReady() {
        return engine.await().isPresent();
    }

    @Override
    public void start(Attempt attempt) {
        JobId id = attempt.job().id();
        SchedulerPools.Pool pool = pools.take();
        try {
            SparkAttempt started = new SparkAttempt(engine, types, attempt, pool, () -> {
                ended(id, pool);
                if (running.isEmpty()) {
                    engine.dropCachedData();
                }
            });
            running.put(id, started);
            started.start();
        } catch (RuntimeException | Error e) {
            ended(id, pool);
            throw e;
        }
    }

    private void ended(JobId id, SchedulerPools.Pool pool) {
        running.remove(id);
        pools.release(pool);
    }

    @Override
    public void cancel(JobId id, String reason) {
        SparkAttempt attempt = running.get(id);
        if (attempt != null) {
            attempt.cancel(reason);
        }
    }

    @Override
    public Optional<Progress> progress(JobId id) {
        return Optional.ofNullable(running.get(id)).map(SparkAttempt::progress);
    }

    @Override
    public Optional<ProgressReport> report(JobId id) {
        return Optional.ofNullable(running.get(id)).map(SparkAttempt::report);
    }

    @Override
    public void close() {
        running.values().forEach(SparkAttempt::stopAsLost);
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        for (SparkAttempt attempt : running.values()) {
            if (!attempt.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                LOG.warn("Job {} does not stop; it ends with the process", attempt.id());
            }
        }
        engine.close();
    }
}
