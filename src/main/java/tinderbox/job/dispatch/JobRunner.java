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
     * @param listener called exactly once, when the attempt has ended; unless it succeeded, none of its tasks runs then
     * @throws JobException {@link ErrorCode#NOT_READY} if no attempt can be started now; then nothing has run, and
     *     {@code listener} is not called
     */
    void start(Attempt attempt, CompletionListener listener);

    /** Asks the running attempt of a job to stop; does nothing if none runs. Returns at once. */
    void cancel(JobId id, String reason);

    /** The progress of the running attempt of a job; empty if none runs. Must be cheap, because it is polled. */
    Optional<Progress> progress(JobId id);

    /** The progress of the running attempt with every stage; empty if none runs. */
    Optional<ProgressReport> report(JobId id);

    /** Starts nothing more and stops what runs; {@link #awaitReady} returns false from now on. */
    @Override
    void close();

    /**
     * One run of a job.
     *
     * @param job RUNNING
     * @param folder a scratch folder for this attempt, deleted when the job ends; the result's rows go to {@link
     *     ResultWriter#FILE} in it
     * @param log the job's own log
     * @param warnings what the user should know of this attempt
     * @param maxResultBytes how large the result may grow
     */
    record Attempt(Job job, Path folder, JobLog log, Warnings warnings, long maxResultBytes) {}

    /**
     * Receives how an attempt ended, with its report, or null if that is not known. Called on the attempt's own thread,
     * which may be interrupted. If a method throws, it has done nothing and can be called again.
     */
    interface CompletionListener {
        /** The job type returned; its rows are in the attempt's folder. */
        void succeeded(JobResult result, ProgressReport report);

        /** The attempt failed or was cancelled. */
        void failed(Failure failure, ProgressReport report);

        /** The machine ran out of a resource, such as threads: the attempt does not count, and the job is retried. */
        void ranOutOf(String resource);

        /** Spark died or the runner was closed during the attempt; that is not the job's fault. */
        void lost();
    }
}
