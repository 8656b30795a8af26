package tinderbox.job.dispatch;

import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;

/** Port: where attempts run. */
public interface JobRunner extends AutoCloseable {
    /**
     * Waits until an attempt can be started.
     *
     * @return false if the runner has been closed and nothing will run any more
     */
    boolean awaitReady();

    /**
     * Starts an attempt on a fresh thread and returns at once. The runner reports the attempt's end to {@code attempt}, once;
     * unless it succeeded, none of its tasks runs then.
     *
     * @throws JobException {@link ErrorCode#NOT_READY} if no attempt can be started now; then nothing has run, and no end
     *     is reported
     */
    void start(Attempt attempt);

    /** Asks the running attempt of a job to stop; does nothing if none runs. Returns at once. */
    void cancel(JobId id, String reason);

    /** The progress of the running attempt of a job; empty if none runs. Must be cheap, because it is polled. */
    Optional<Progress> progress(JobId id);

    /** The progress of the running attempt with every stage; empty if none runs. */
    Optional<ProgressReport> report(JobId id);

    /** Starts nothing more and stops what runs; {@link #awaitReady} returns false from now on. */
    @Override
    void close();
}
