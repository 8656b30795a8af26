package tinderbox.spark;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.executor.JobLogFilter;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.Attempt;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.StoredSummary;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobTypes;

/** One attempt: its thread, its job group and its context. */
final class SparkAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(SparkAttempt.class);
    /** How long the end of an attempt waits for tasks on executors that are silent. */
    private static final Duration GIVE_UP_AFTER = Duration.ofSeconds(30);

    private static final int MAX_NAMED = 3;
    private static final String WAITING = "waiting for executors";
    private static final long POLL_NANOS = Duration.ofMillis(10).toNanos();

    /**
     * For names of job groups: an attempt that did not count runs again under its number, and Spark runs nothing more in a
     * group that was cancelled.
     */
    private static final AtomicLong RUNS = new AtomicLong();

    /** Created early, because later there may be no memory for it. */
    private static final Failure UNEXPLAINED =
            new Failure(ErrorCode.JOB_ERROR, "The job failed, and the reason could not be determined", "");

    private final SparkEngine engine;
    private final JobTypes types;
    private final Attempt attempt;
    private final SchedulerPools.Pool pool;
    private final Runnable onEnd;
    private final String group;
    /** The one session of the server, to which the attempt's own belongs. */
    private final SparkSession shared;

    private final SparkSession session;
    private final JobContext context;
    private final JobGroupProgress progress = new JobGroupProgress();
    private final Thread thread;
    /** Used by the attempt's thread only; null before it has started. */
    private JobLogRouter router;
    /** Used by the attempt's thread only; null before it has started. */
    private FatalTaskFailures fatalFailures;

    /** The resource that the machine ran out of during this attempt, or null. */
    private String shortage;
    /** How the cluster lost what this attempt needed, or null. */
    private String clusterLoss;

    private volatile String cancelReason;
    private volatile boolean cancelled;
    private volatile boolean lost;

    SparkAttempt(SparkEngine engine, JobTypes types, Attempt attempt, SchedulerPools.Pool pool, Runnable onEnd) {
        this.engine = engine;
        this.types = types;
        this.attempt = attempt;
        this.pool = pool;
        this.onEnd = onEnd;
        this.group = LateJobs.group(id().toString(), attempt.job().attempt(), RUNS.incrementAndGet());
        this.shared = engine.session().orElseThrow(SparkAttempt::sparkStopped);
        this.session = newSession(shared);
        this.context = types.context(session, attempt, attempt.job().request().submittedBy());
        this.thread = new Thread(
                this::run, "job-" + id().shortForm() + "-" + attempt.job().attempt());
    }

    /** A session with settings and temporary views of its own; Spark collects it as garbage after the attempt. */
    private static SparkSession newSession(SparkSession shared) {
        try {
            return shared.newSession();
        } catch (IllegalStateException e) {
            throw sparkStopped();
        }
    }

    private static JobException sparkStopped() {
        return new JobException(ErrorCode.NOT_READY, "Spark has just stopped", "the job waits until it is there again");
    }

    JobId id() {
        return attempt.job().id();
    }

    /** Starts the attempt; if this throws, nothing has started and nothing is left behind. */
    void start() {
        engine.lateJobs().allow(group);
        try {
            thread.start();
        } catch (Error e) {
            engine.lateJobs().refuse(group);
            context.close();
            throw e;
        }
    }

    private void run() {
        try {
            runToEnd();
        } finally {
            // Without effect if the end has been reported: an attempt must never lack one.
            attempt.failed(UNEXPLAINED, null);
        }
    }

    /** Without memory every step can fail, but the end of the attempt must still be reported. */
    private void runToEnd() {
        JobResult result = null;
        Failure failure = null;
        try (context) {
            engine.progress().watch(group, progress);
            fatalFailures = FatalTaskFailures.watch(session.sparkContext(), group, context::isFatal);
            router = JobLogRouter.enter(id(), attempt.log());
            engine.executors().watch(group, id());
            result = runJob();
        } catch (Throwable e) {
            // All that a job throws, including an Error, is a failure of this job only.
            flush();
            failure = explain(e);
        }
        ProgressReport report = finalReport(failure == null);
        cleanUp();
        reportEnd(result, failure, report);
    }

    private void flush() {
        try {
            if (router != null) {
                engine.executors().finishLog(id());
                router.flush();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Some of what job {} has printed is lost", id(), e);
        }
    }

    /** The report of the ended attempt; null if it cannot be created. */
    private ProgressReport finalReport(boolean succeeded) {
        try {
            stopTasks();
            engine.executors().finishLog(id());
            engine.progress().catchUp(session.sparkContext());
            progress.attemptEnded(succeeded);
            return report(measured(context.phase()));
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "The report of what Spark did for job {} is lost", id(), e);
            return null;
        }
    }

    private void cleanUp() {
        try {
            onEnd.run();
            engine.progress().forget(group);
            engine.executors().forget(group);
            if (fatalFailures != null) {
                fatalFailures.stop();
            }
            if (router != null) {
                router.leave();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Some of what job {} has printed is lost", id(), e);
        }
    }

    /** Allocates nothing, so it works without memory. */
    private void reportEnd(JobResult result, Failure failure, ProgressReport report) {
        if (failure == null) {
            engine.markHealthy(shared);
            attempt.succeeded(result, report);
        } else if (!lost && !cancelled && shortage != null) {
            engine.requestProbe();
            attempt.ranOutOf(shortage);
        } else if (!lost && !cancelled && engine.endedByThreadShortage(shared)) {
            attempt.ranOutOf(ResourceShortage.THREADS);
        } else if (!lost && !cancelled && clusterLoss != null) {
            attempt.takenBack(clusterLoss);
        } else if (lost || session.sparkContext().isStopped()) {
            attempt.lost();
        } else {
            engine.markHealthy(shared);
            attempt.failed(failure, report);
        }
    }

    private Failure explain(Throwable thrown) {
        Failure failure = UNEXPLAINED;
        try {
            failure = FailureExplainer.of(thrown);
            clusterLoss = engine.lossByCluster(shared, thrown)
                    .or(() -> ExecutorLoss.of(thrown))
                    .orElse(null);
            if (engine.executors().ranOutOfMemory(group) && ExecutorLoss.isOutOfMemory(thrown)) {
                failure = FailureExplainer.EXECUTOR_OUT_OF_MEMORY;
                clusterLoss = null;
            }
            shortage = ResourceShortage.of(thrown).orElse(null);
            if (cancelled) {
                attempt.log().info("Stopped " + cancelReason);
            } else {
                attempt.log().error(failure.message(), thrown);
            }
        } catch (Throwable unexpected) {
            OomSafeLog.error(LOG, "The failure of job {} could not be logged", id(), unexpected);
        }
        return failure;
    }

    private JobResult runJob() throws Exception {
        SparkContext spark = session.sparkContext();
        Job job = attempt.job();
        spark.setJobGroup(group, job.name(), true);
        spark.setLocalProperty("spark.scheduler.pool", pool.sparkName());
        spark.setLocalProperty(JobLogFilter.KEY, job.id().toString());
        SparkSession.setActiveSession(session);
        JobResult result =
                context.finish(types.run(job.request().type(), job.request().params(), context));
        StoredSummary.check(result);
        return result;
    }

    /**
     * Stops what still runs after a failure, or because the job type has not waited for it. Cancelled tasks take a moment;
     * the attempt ends when the last of them has stopped. Those on executors that are silent are given up after a while:
     * Spark kills such an executor, and what a task of it still writes is nobody's result.
     */
    private void stopTasks() {
        cancelInSpark("because it has ended");
        // The interrupt has served its purpose; if it stayed set, this and later waits would return at once.
        Thread.interrupted();
        long deadline = System.nanoTime() + GIVE_UP_AFTER.toNanos();
        while (RunningTasks.of(session.sparkContext(), group) > 0) {
            if (System.nanoTime() - deadline > 0) {
                Collection<String> executors = executors();
                // None if the last task has just ended.
                if (!executors.isEmpty() && engine.executors().areSilent(executors)) {
                    attempt.log().warn("The tasks on " + inWords(executors) + " are given up: no heartbeat");
                    return;
                }
            }
            LockSupport.parkNanos(POLL_NANOS);
            Thread.interrupted();
        }
    }

    private Collection<String> executors() {
        return RunningTasks.executors(session.sparkContext(), group);
    }

    /** Such as {@code executor 1 on node1}; names a few. */
    private String inWords(Collection<String> executors) {
        int more = executors.size() - MAX_NAMED;
        return executors.stream()
                        .limit(MAX_NAMED)
                        .map(executor -> "executor " + executor + " on "
                                + engine.executors().host(executor))
                        .collect(Collectors.joining(", "))
                + (more > 0 ? " and " + more + " more" : "");
    }

    /** Stops the attempt and its Spark jobs; callable from any thread. */
    void cancel(String reason) {
        cancelReason = reason;
        cancelled = true;
        context.cancel();
        thread.interrupt();
        cancelInSpark(reason);
    }

    private void cancelInSpark(String reason) {
        engine.lateJobs().refuse(group);
        try {
            session.sparkContext().cancelJobGroupAndFutureJobs(group, reason);
        } catch (RuntimeException e) {
            // Spark and all tasks are stopped or stopping.
            LOG.debug("Job {} could not be cancelled in Spark", id(), e);
        }
    }

    /** Stops the attempt because the server shuts down; it counts as lost, not failed. */
    void stopAsLost() {
        lost = true;
        cancel("because the server shuts down");
    }

    /** The progress so far; after a cancel, the scheduler counts the tasks that still run. */
    Progress progress() {
        return cancelled
                ? measured(stoppingPhase()).withTasksRunning(RunningTasks.of(session.sparkContext(), group))
                : measured(engine.status().state() == SessionState.NO_EXECUTORS ? WAITING : context.phase());
    }

    /** Names the executors that do not stop: silent ones may take half a minute. */
    private String stoppingPhase() {
        Collection<String> executors = engine.executors().isOfCluster() ? executors() : List.of();
        return executors.isEmpty() ? context.phase() : "stopping: waits for " + inWords(executors);
    }

    private Progress measured(String phase) {
        return progress.toProgress(phase, context.bytesTotal());
    }

    /** The progress with every stage. */
    ProgressReport report() {
        return report(progress());
    }

    private ProgressReport report(Progress all) {
        return new ProgressReport(
                attempt.job().attempt(), all, progress.toStages(), progress.stagesDropped(), context.plan());
    }

    boolean join(Duration timeout) {
        try {
            thread.join(Math.max(1, timeout.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
