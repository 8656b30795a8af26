package tinderbox.job;

import java.util.Objects;

/**
 * Why a job failed, in words for the person who sent it; stack traces go to the job's log only.
 *
 * @param code the stable reason
 * @param message the root cause in plain words
 * @param hint what to do next; may be empty
 */
public record Failure(ErrorCode code, String message, String hint) {
    public Failure {
        Objects.requireNonNull(code, "code");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(hint, "hint");
    }
}
