package tinderbox.job.dispatch;

import java.time.Duration;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.read.ResultLimits;

/**
 * The bounds of the service.
 *
 * @param maxRunning how many attempts run at the same time, until {@link JobService#setMaxRunning}
 * @param maxQueued how many jobs may wait
 * @param maxRunningPerToken how many attempts of one token run at the same time
 * @param maxQueuedPerToken how many waiting jobs may be of one token
 * @param maxAttempts how often a job is started if the server or Spark dies while it runs
 * @param jobTimeout how long an attempt may run
 * @param maxLogBytes how large a job's log may grow before its oldest lines go, at least {@link JobLog#MIN_BYTES}
 * @param maxResultBytes how large a result may grow
 * @param retainJobs how many ended jobs are retained
 * @param retainFor how long an ended job is retained
 * @param minFreeBytes the free space on the disk that accepting a job needs; below a quarter of it, running jobs are
 *     stopped
 * @param results the bounds for reading results
 */
public record Limits(
        int maxRunning,
        int maxQueued,
        int maxRunningPerToken,
        int maxQueuedPerToken,
        int maxAttempts,
        Duration jobTimeout,
        long maxLogBytes,
        long maxResultBytes,
        long retainJobs,
        Duration retainFor,
        long minFreeBytes,
        ResultLimits results) {
    /** The most attempts that may run at the same time. */
    public static final int MAX_RUNNING = 1024;
}
