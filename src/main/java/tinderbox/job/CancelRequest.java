package tinderbox.job;

import java.time.Instant;
import java.util.Objects;

/**
 * That a running job was asked to stop.
 *
 * @param by who asked: a submitter's name, or {@code server}
 * @param at when
 * @param reason why, which decides how the job ends once its tasks have stopped
 */
public record CancelRequest(String by, Instant at, Reason reason) {
    public CancelRequest {
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(reason, "reason");
    }

    /** Why a job is asked to stop. */
    public enum Reason {
        /** Somebody no longer wants it: it ends CANCELLED. */
        REQUESTED
    }

    /** How the job ends once its tasks have stopped. */
    public Outcome outcome() {
        return switch (reason) {
            case REQUESTED -> new Outcome.Cancelled(by);
        };
    }
}
