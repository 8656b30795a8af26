package tinderbox.job.dispatch;

import java.time.Duration;
import tinderbox.job.log.JobLog;

/**
 * The bounds of the service.
 *
 * @param maxRunning attempts at the same time
 * @param maxQueued jobs that may wait
 * @param maxAttempts how often a job is started when the server or Spark dies under it
 * @param jobTimeout how long an attempt may run
 * @param maxLogBytes how large a job's log may grow before its oldest lines go, at least {@link JobLog#SMALLEST}
 * @param maxResultBytes how large a result may grow
 * @param retainJobs how many ended jobs are kept
 * @param retainFor how long an ended job is kept
 * @param minFreeBytes what must be free on the disk for a job to be accepted; below a quarter of it, running jobs
 *     are ended
 */
public record Limits(
        int maxRunning,
        int maxQueued,
        int maxAttempts,
        Duration jobTimeout,
        long maxLogBytes,
        long maxResultBytes,
        long retainJobs,
        Duration retainFor,
        long minFreeBytes) {}
