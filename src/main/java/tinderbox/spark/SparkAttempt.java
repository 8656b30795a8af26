package tinderbox.spark;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.dispatch.JobRunner.Attempt;
import tinderbox.job.dispatch.JobRunner.CompletionListener;
import tinderbox.job.result.JobResult;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobTypes;

/** One attempt: its thread, its job group and its context. */
final class SparkAttempt {
    private static final Logger LOG = LoggerFactory.getLogger(SparkAttempt.class);
    private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(10).toNanos();
    private static final long TELL_AGAIN_NANOS = Duration.ofSeconds(1).toNanos();

    /** Made before it is needed: then there may be no memory for it. */
    private static final Failure UNTELLABLE =
            new Failure(ErrorCode.JOB_ERROR, "The job failed in a way that cannot be told", "");

    private final SparkEngine engine;
    private final JobTypes types;
    private final Attempt attempt;
    private final SchedulerPools.Pool pool;
    private final CompletionListener done;
    private final Runnable onOver;
    private final String group;
    private final SparkSession session;
    private final JobContext context;
    private final JobGroupProgress progress = new JobGroupProgress();
    private final Thread thread;
    /** Of the attempt's own thread; null before it has been entered. */
    private JobLogRouter route;

    /** What the machine had too little of for this attempt; null if nothing. */
    private String missing;

    private volatile String why;
    private volatile boolean cancelled;
    private volatile boolean taken;

    SparkAttempt(
            SparkEngine engine,
            JobTypes types,
            Attempt attempt,
            SchedulerPools.Pool pool,
            Runnable onOver,
            CompletionListener done) {
        this.engine = engine;
        this.types = types;
        this.attempt = attempt;
        this.pool = pool;
        this.onOver = onOver;
        this.done = done;
        this.group = attempt.job().id() + "/" + attempt.job().attempt();
        this.session = engine.session()
                .orElseThrow(() -> new JobException(
                        ErrorCode.NOT_READY, "Spark has just stopped", "the job waits until it is there again"));
        this.context = types.context(session, attempt);
        this.thread = new Thread(
                this::run, "job-" + id().shortForm() + "-" + attempt.job().attempt());
    }

    JobId id() {
        return attempt.job().id();
    }

    /** Begins; where this throws, nothing has begun and nothing is left. */
    void start() {
        try {
            thread.start();
        } catch (Error e) {
            context.close();
            throw e;
        }
    }

    /** Where there is no memory left, every step can fail; that the attempt is over must be told all the same. */
    private void run() {
        JobResult result = null;
        Failure failure = null;
        try (context) {
            engine.progress().watch(group, progress);
            route = JobLogRouter.enter(id(), attempt.log());
            result = runJob();
        } catch (Throwable e) {
            // Whatever a job throws, Errors included, is its own failure and nobody else's.
            flush();
            failure = told(e);
        }
        ProgressReport report = settled(failure == null);
        leave();
        tellUntilHeard(result, failure, report);
    }

    private void flush() {
        try {
            if (route != null) {
                route.flush();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Some of what job {} has printed is lost", id(), e);
        }
    }

    /** What Spark did in the end; null where that cannot be told. */
    private ProgressReport settled(boolean succeeded) {
        try {
            if (!succeeded) {
                awaitLastTask();
            }
            engine.progress().catchUp(session.sparkContext());
            progress.settle(succeeded);
            return report(counted());
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "What Spark did for job {} cannot be told", id(), e);
            return null;
        }
    }

    private void leave() {
        try {
            onOver.run();
            engine.progress().forget(group);
            if (route != null) {
                route.leave();
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "Some of what job {} has printed is lost", id(), e);
        }
    }

    private void tellUntilHeard(JobResult result, Failure failure, ProgressReport report) {
        while (true) {
            try {
                tell(result, failure, report);
                return;
            } catch (Throwable e) {
                OomSafeLog.error(LOG, "The end of job {} could not be told; it is told again", id(), e);
                Thread.interrupted();
                LockSupport.parkNanos(TELL_AGAIN_NANOS);
            }
        }
    }

    private void tell(JobResult result, Failure failure, ProgressReport report) {
        if (failure == null) {
            engine.worked(session);
            done.succeeded(result, report);
        } else if (!taken && !cancelled && missing != null) {
            engine.suspect();
            done.ranOutOf(missing);
        } else if (!taken && !cancelled && engine.endedForWantOfThreads(session)) {
            done.ranOutOf(ResourceShortage.THREADS);
        } else if (taken || session.sparkContext().isStopped()) {
            done.lost();
        } else {
            engine.worked(session);
            done.failed(failure, report);
        }
    }

    private Failure told(Throwable thrown) {
        Failure failure = UNTELLABLE;
        try {
            failure = FailureExplainer.of(thrown);
            missing = ResourceShortage.of(thrown).orElse(null);
            if (cancelled) {
                attempt.log().info("Stopped " + why);
            } else {
                attempt.log().error(failure.message(), thrown);
            }
        } catch (Throwable untellable) {
            OomSafeLog.error(LOG, "The failure of job {} cannot be told", id(), untellable);
        }
        return failure;
    }

    private JobResult runJob() throws Exception {
        SparkContext spark = session.sparkContext();
        Job job = attempt.job();
        spark.setJobGroup(group, job.request().name(), true);
        spark.setLocalProperty("spark.scheduler.pool", pool.sparkName());
        spark.setLocalProperty(JobLogRouter.KEY, job.id().toString());
        SparkSession.setActiveSession(session);
        return context.finish(types.run(job.request().type(), job.request().params(), context));
    }

    /** Cancelled tasks take a moment to notice; the attempt is not over before the last of them has ended. */
    private void awaitLastTask() {
        cancelInSpark("after its failure");
        // An interrupt has done its work; left set, it would turn this wait into a spin, and cut the next one short.
        Thread.interrupted();
        while (RunningTasks.of(session.sparkContext(), group) > 0) {
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
            Thread.interrupted();
        }
    }

    /** Stops what runs and what would follow; from any thread. */
    void cancel(String reason) {
        why = reason;
        cancelled = true;
        context.cancel();
        thread.interrupt();
        cancelInSpark(reason);
    }

    private void cancelInSpark(String reason) {
        try {
            session.sparkContext().cancelJobGroupAndFutureJobs(group, reason);
        } catch (RuntimeException e) {
            // Spark is stopped or stopping, and every task with it.
            LOG.debug("Job {} could not be cancelled in Spark", id(), e);
        }
    }

    /** Stops what runs without it being the job's fault. */
    void take() {
        taken = true;
        cancel("because the server shuts down");
    }

    /** What has been done so far; once asked to stop, the tasks that still run are counted by the scheduler. */
    Progress progress() {
        return cancelled ? counted().withTasksRunning(RunningTasks.of(session.sparkContext(), group)) : counted();
    }

    private Progress counted() {
        return progress.toProgress(context.phase(), context.bytesTotal());
    }

    /** The same with every stage. */
    ProgressReport report() {
        return report(progress());
    }

    private ProgressReport report(Progress all) {
        return new ProgressReport(attempt.job().attempt(), all, progress.toStages(), progress.stagesDropped());
    }

    boolean join(Duration atMost) {
        try {
            thread.join(Math.max(1, atMost.toMillis()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
