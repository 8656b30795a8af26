package tinderbox.job;

import java.time.Instant;
import java.util.Objects;

/**
 * A request to stop a running job.
 *
 * @param by who requested it: the name of a principal, or {@code server}
 * @param reason decides how the job ends once its tasks have stopped
 */
public record CancelRequest(String by, Instant at, Reason reason) {
    public CancelRequest {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(reason, "reason");
    }

    /** Why a job is asked to stop. */
    public enum Reason {
        /** A user cancelled it: it ends CANCELLED. */
        REQUESTED,
        /** It exceeded the time limit of jobs: it ends FAILED. */
        TIMED_OUT,
        /** The disk is nearly full: it ends FAILED. */
        DISK_FULL
    }

    /** The principal and the reason, for the job's log. */
    @Override
    public String toString() {
        return switch (reason) {
            case REQUESTED -> "by " + by;
            case TIMED_OUT -> "by " + by + ", it ran too long";
            case DISK_FULL -> "by " + by + ", the disk is nearly full";
        };
    }

    /** How the job ends once its tasks have stopped. */
    public Outcome outcome() {
        return switch (reason) {
            case REQUESTED -> new Outcome.Cancelled(by);
            case TIMED_OUT ->
                failed(
                        ErrorCode.TIMED_OUT,
                        "The job ran longer than a job may run here",
                        "give it a smaller input, or have the server started with a longer --job-timeout");
            case DISK_FULL ->
                failed(
                        ErrorCode.DISK_FULL,
                        "The job was ended because the disk of the data dir was nearly full",
                        "run it again when there is room");
        };
    }

    private static Outcome failed(ErrorCode code, String message, String hint) {
        return new Outcome.Failed(new Failure(code, message, hint));
    }
}
