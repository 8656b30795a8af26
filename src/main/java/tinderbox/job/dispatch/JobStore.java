package tinderbox.job.dispatch;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tinderbox.job.ErrorCode;
import tinderbox.job.FilterValues;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobIds;
import tinderbox.job.JobListener;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.ProgressReport;
import tinderbox.job.Visibility;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.JobResult;

/**
 * Port: where jobs are stored. What a method has acknowledged survives a crash of the process and the machine. Methods
 * may be called from any thread that is never interrupted.
 */
public interface JobStore extends AutoCloseable {
    /** Notifies {@code listener} of every change from now on. */
    void addListener(JobListener listener);

    /** Every job that has not ended, in the order of acceptance, as the last process left it. */
    List<Job> unfinished();

    /** How many characters parameters and labels of the jobs have that have not ended; these are in memory. */
    long unfinishedChars();

    /** The next number in the order of acceptance; greater than that of every stored job. */
    long nextSeq();

    /** Says that the job with this number of {@link #nextSeq} is stored, or never will be. */
    void settle(long seq);

    /**
     * Stores a new job.
     *
     * @throws JobException {@link ErrorCode#DISK_FULL} if there is no room for it, {@link
     *     ErrorCode#STORAGE_UNAVAILABLE} if it cannot be written; then it is not stored
     */
    void accept(Job pending);

    /**
     * Why nothing can be written now, {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}; empty if
     * writing works. From the latest probe, so it returns at once even while a disk hangs.
     */
    default Optional<JobException> outage() {
        return Optional.empty();
    }

    /** As {@link #outage}, with a new probe, for callers whose own operation has just failed. */
    default Optional<JobException> probeOutage() {
        return outage();
    }

    /**
     * Compare-and-set: replaces {@code from} with {@code to}. Not for success, which is {@link #publish}.
     *
     * @return false, with nothing changed, if the job is no longer at {@code from}
     */
    boolean transition(Job from, Job to);

    /**
     * Compare-and-set to SUCCEEDED together with the result, which appears whole or not at all.
     *
     * @param result describes the rows that the attempt left in its folder
     * @return false, with nothing published, if the job is no longer at {@code from}
     */
    boolean publish(Job from, Job succeeded, JobResult result);

    /**
     * Changes what users say about a job, in any state. A change of its state at the same time keeps it, and neither fails
     * because of the other.
     *
     * @param edit returns the job with other edits, or the same job to change nothing; it must return at once, and what
     *     it throws is thrown
     * @return the job as it is now; empty if there is no such job
     * @throws JobException as {@link #accept}
     */
    Optional<Job> edit(JobId id, UnaryOperator<Job> edit);

    /**
     * Removes an ended job with its log and result.
     *
     * @return false if it no longer exists
     */
    boolean delete(Job ended);

    /** The current version of a job. */
    Optional<Job> find(JobId id);

    /** The job that this submitter submitted with this idempotency key. */
    Optional<Job> findByKey(String submittedBy, String key);

    /**
     * The oldest ended jobs that may be deleted.
     *
     * @param keep how many ended jobs are retained
     * @param endedBefore jobs that ended earlier may be deleted even if there are few
     * @param keysBefore jobs that were submitted later with an idempotency key are always retained
     * @param limit the maximum number of jobs to return
     */
    List<Job> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit);

    /** The free space in bytes on the disk that stores jobs. */
    long usableBytes();

    /** A page of jobs. */
    JobPage<Job> list(JobQuery query);

    /** The ids of such a page, which may be long. Reads nothing from the disk. */
    JobIds ids(JobQuery query);

    /** Those of these jobs that still exist, in this order. */
    List<Job> find(List<JobId> ids);

    /** What the jobs of these submitters can be filtered by, at most {@code limit} values of each kind. */
    FilterValues filterValues(Visibility visible, int limit);

    /** The jobs that run, in no order. Reads nothing from the disk. */
    List<Job> running();

    /** The folder for the running attempt's scratch. */
    Path attemptFolder(Job running);

    /** Opens the log of a running job for appending, up to a size. */
    JobLog openLog(Job running, long maxBytes) throws IOException;

    /**
     * The folder of a job's log; empty if there is no such job. Waits while the folder is being moved, but it may move
     * again right afterwards, when the job ends.
     */
    Optional<Path> logFolder(JobId id);

    /**
     * Opens the rows of a published result, as CSV; empty if the job has none. Verifying them first can take a while.
     *
     * @throws IOException also if they differ from what was published
     */
    Optional<SeekableByteChannel> openRows(Job succeeded) throws IOException;

    /** Whether {@link #openRows} returns at once, because the rows of the job are verified already or there are none. */
    boolean areRowsVerified(Job job);

    /** The description of a published result; empty if the job has none. */
    Optional<JobResult> result(Job job) throws IOException;

    /**
     * Stores what Spark did in a running job's attempt. It is optional: a failure to write it, or its loss in a crash,
     * does not affect the job.
     */
    void storeReport(Job running, ProgressReport report);

    /** The report stored last for a job; empty if there is none or it cannot be read. */
    Optional<ProgressReport> report(Job job);

    /** The run sets. */
    RunSetStore runSets();

    /** Writes what is buffered and closes all files. */
    @Override
    void close();
}
