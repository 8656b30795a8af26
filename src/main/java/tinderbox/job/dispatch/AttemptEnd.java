package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Instant;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.ProgressReport;
import tinderbox.job.result.JobResult;

/**
 * How an attempt ended. It exists since before the start and is filled in place, because at the end there may be no memory.
 * Not thread-safe: it belongs to the thread that reports the end, then to the one that writes it.
 */
final class AttemptEnd {
    /** For a failure of the server, not of the job. */
    static final Failure INTERNAL = new Failure(
            ErrorCode.INTERNAL,
            "The server could not run the job",
            "the server's log has the whole story; run the job again");

    private Kind kind;
    private JobResult result;
    private Failure failure;
    private String cause;
    private ProgressReport report;
    private long nanos;
    private Instant at;

    /** The ways in which an attempt ends. */
    enum Kind {
        /** The job type returned. */
        SUCCEEDED,
        /** The attempt failed or was stopped. */
        FAILED,
        /** The machine ran out of a resource during the attempt. */
        RAN_OUT,
        /** The cluster lost the session or the executors during the attempt. */
        TAKEN_BACK,
        /** Spark or the server died or stopped during the attempt. */
        LOST,
        /** It could not start, because the runner was not ready. */
        NOT_READY,
        /** It could not start, because the machine ran out of a resource or the disk could not be written. */
        NOT_STARTED
    }

    /** Fills the fields; those that the kind does not need are null. Allocates nothing. */
    void set(Kind how, JobResult rows, Failure reason, String why, ProgressReport progress) {
        nanos = System.nanoTime();
        kind = how;
        result = rows;
        failure = reason;
        cause = why;
        report = progress;
    }

    /** Replaces an end that cannot be written, for a reason that does not pass. */
    void failInternally() {
        kind = Kind.FAILED;
        failure = INTERNAL;
    }

    Kind kind() {
        return kind;
    }

    JobResult result() {
        return result;
    }

    /** Why it failed, in words that are not redacted yet. */
    Failure failure() {
        return failure;
    }

    /** What the machine ran out of, or why the attempt was taken back. */
    String cause() {
        return cause;
    }

    /** When the attempt ended, by {@link System#nanoTime}. */
    long nanos() {
        return nanos;
    }

    /** When the attempt ended, however late this is asked. */
    Instant at(Clock clock) {
        if (at == null) {
            at = clock.instant().minusNanos(System.nanoTime() - nanos);
        }
        return at;
    }

    /** The report of what Spark did, or null; only once, because a report that cannot be written is given up. */
    ProgressReport takeReport() {
        ProgressReport taken = report;
        report = null;
        return taken;
    }
}
