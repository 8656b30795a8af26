package tinderbox.job.dispatch;

import java.nio.file.Path;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.Warnings;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;

/** Port: where attempts run. */
public interface JobRunner extends AutoCloseable {
    /**
     * Waits until an attempt can be started.
     *
     * @return false if the runner has been closed and nothing will run any more
     */
    boolean awaitReady();

    /**
     * Starts an attempt on a fresh thread and returns at once.
     *
     * @param done told exactly once, when the attempt is over; where it did not succeed, none of its tasks runs any more
     * @throws JobException {@link ErrorCode#NOT_READY} where no attempt can be started now; then nothing has run, and
     *     {@code done} is told nothing
     */
    void start(Attempt attempt, CompletionListener done);

    /** Asks the running attempt of a job to stop; nothing happens where none runs. Returns at once. */
    void cancel(JobId id, String why);

    /** What the running attempt of a job has done so far; empty where none runs. Cheap: it is asked for often. */
    Optional<Progress> progress(JobId id);

    /** The same with every stage. */
    Optional<ProgressReport> report(JobId id);

    /** Starts nothing more and stops what runs; {@link #awaitReady} answers false from now on. */
    @Override
    void close();

    /**
     * One run of a job.
     *
     * @param job RUNNING
     * @param folder scratch of this attempt alone, deleted when the job ends; the result's rows go to
     *     {@link ResultWriter#FILE} in it
     * @param log the job's own log
     * @param warnings what the user should know of this attempt
     * @param maxResultBytes how large the result may grow
     */
    record Attempt(Job job, Path folder, JobLog log, Warnings warnings, long maxResultBytes) {}

    /**
     * How an attempt tells that it is over, and what Spark did in it, or null where that is not known. Called on
     * the attempt's own thread, which may be interrupted. A call that throws has told nothing, and can be made again.
     */
    interface CompletionListener {
        /** The job type returned; its rows are in the attempt's folder. */
        void succeeded(JobResult result, ProgressReport report);

        /** It did not; also when it was cancelled. */
        void failed(Failure failure, ProgressReport report);

        /** The machine ran out of this, such as threads: the attempt does not count, and the job is tried again. */
        void ranOutOf(String of);

        /** It was taken away under the job: Spark died, or the runner was closed. Not the job's own fault. */
        void lost();
    }
}
