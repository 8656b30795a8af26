package tinderbox.job.dispatch;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.ProgressReport;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.JobResult;

/**
 * Port: where jobs are kept. Whatever a method has acknowledged survives the process and the machine.
 * Methods may be called from any thread that nobody interrupts.
 */
public interface JobStore extends AutoCloseable {
    /** Has {@code listener} told of every change from now on, in the place of whoever was told before. */
    void setListener(JobListener listener);

    /** Every job that has not ended, in the order of acceptance, as the last process left it. */
    List<Job> unfinished();

    /** The next number in the order of acceptance; greater than that of every job kept here. */
    long nextSeq();

    /**
     * Keeps a new job.
     *
     * @throws JobException {@link ErrorCode#DISK_FULL} where there is no room for it, {@link
     *     ErrorCode#STORAGE_UNAVAILABLE} where it cannot be written; then it is not kept
     */
    void accept(Job pending);

    /**
     * Why nothing can be written now: {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}. Empty if
     * it can. Found out by writing, but not each time; quick, also while a disk hangs.
     */
    default Optional<JobException> outage() {
        return Optional.empty();
    }

    /** The same, probed now: for callers that met a failure which an outage would explain. */
    default Optional<JobException> probeOutage() {
        return outage();
    }

    /**
     * Compare-and-set: puts {@code to} in the place of {@code from}. Not for success, which is {@link #publish}.
     *
     * @return false, with nothing changed, where the job is no longer at {@code from}
     */
    boolean transition(Job from, Job to);

    /**
     * Compare-and-set to SUCCEEDED together with the result, which appears whole or not at all.
     *
     * @param result describes the rows that the attempt left in its folder
     * @return false, with nothing published, where the job is no longer at {@code from}
     */
    boolean publish(Job from, Job succeeded, JobResult result);

    /**
     * Removes an ended job with its log and result.
     *
     * @return false where it is no longer there
     */
    boolean delete(Job ended);

    /** The job as it stands. */
    Optional<Job> find(JobId id);

    /** The job that this submitter sent with this idempotency key. */
    Optional<Job> findByKey(String submittedBy, String key);

    /**
     * The oldest ended jobs that need not be kept.
     *
     * @param keep how many ended jobs to keep, whatever their age
     * @param endedBefore jobs that ended earlier need not be kept, however few there are
     * @param keysBefore a job that was submitted later, with an idempotency key, is kept in any case
     * @param limit how many at the most
     */
    List<Job> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit);

    /** How many bytes are free where jobs are kept. */
    long usableBytes();

    /** Some jobs as they stand. */
    JobPage<Job> list(JobQuery query);

    /** The jobs that run, in no order. Reads nothing from the disk. */
    List<Job> running();

    /** The folder for the running attempt's scratch. */
    Path attemptFolder(Job running);

    /** Opens the log of a running job for appending, up to a size. */
    JobLog openLog(Job running, long maxBytes) throws IOException;

    /**
     * The folder of a job's log; empty where there is no such job. Waits while the job is being moved, but it may
     * move right afterwards because it has ended.
     */
    Optional<Path> logFolder(JobId id);

    /**
     * Opens the rows of a published result, as CSV; empty where the job has none. To see whether they are whole can
     * take a while.
     *
     * @throws IOException also where they are not what was published
     */
    Optional<SeekableByteChannel> openRows(Job succeeded) throws IOException;

    /** Whether {@link #openRows} need not read all rows of the job first to see whether they are whole, or there are none. */
    boolean areRowsVerified(Job job);

    /** What is known of a published result; empty where the job has none. */
    Optional<JobResult> result(Job job) throws IOException;

    /**
     * Keeps what Spark did in a running job's attempt. Nothing hangs on it: where it cannot be written, or does not
     * survive a crash, the job is as it would be without.
     */
    void storeReport(Job running, ProgressReport report);

    /** What was kept last of what Spark did for a job; empty where nothing was, or it cannot be read. */
    Optional<ProgressReport> report(Job job);

    /** Writes out what is buffered and lets go of the files. */
    @Override
    void close();
}
