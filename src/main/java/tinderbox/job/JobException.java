package tinderbox.job;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import tinderbox.common.ResourceShortage;

/**
 * A refusal or failure that the caller is meant to read: a stable code, what happened, what to do next and,
 * where fields of the request are wrong, every one of them.
 */
public final class JobException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final Duration SOON = Duration.ofSeconds(2);

    private final ErrorCode code;
    private final String hint;
    private final transient List<FieldProblem> problems;
    private final Duration retryAfter;

    private JobException(
            ErrorCode code,
            String message,
            String hint,
            List<FieldProblem> problems,
            Duration retryAfter,
            Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.hint = Objects.requireNonNull(hint, "hint");
        this.problems = List.copyOf(problems);
        this.retryAfter = retryAfter;
    }

    /** A refusal with what happened and what to do next (may be empty). */
    public JobException(ErrorCode code, String message, String hint) {
        this(code, message, hint, List.of(), ifUnavailable(code), null);
    }

    /** As {@link #JobException(ErrorCode, String, String)}, keeping the cause for the log. */
    public JobException(ErrorCode code, String message, String hint, Throwable cause) {
        this(code, message, hint, List.of(), ifUnavailable(code), cause);
    }

    /** A refusal of a request with all that is wrong in it, one entry per field. */
    public JobException(ErrorCode code, String message, List<FieldProblem> problems) {
        this(code, message, "", problems, ifUnavailable(code), null);
    }

    /** A refusal of what may be done at a known time. */
    public static JobException retryAfter(ErrorCode code, String message, String hint, Duration after) {
        return new JobException(code, message, hint, List.of(), after, null);
    }

    /** That the machine has run out of something that it will have again; see {@link ResourceShortage}. */
    public static JobException resourceShortage(String missing, Throwable cause) {
        return new JobException(
                ErrorCode.SERVER_BUSY,
                "The server has run out of " + missing,
                "send the request again in a moment; if it stays, have the limit of the server's process raised",
                cause);
    }

    private static Duration ifUnavailable(ErrorCode code) {
        return code.kind() == ErrorCode.Kind.UNAVAILABLE ? SOON : null;
    }

    /** The stable reason. */
    public ErrorCode code() {
        return code;
    }

    /** What to do next; may be empty. */
    public String hint() {
        return hint;
    }

    /** What is wrong, field by field; empty where the request as a whole is refused. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** When the same request may succeed, from now on; null where that is not a matter of time. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** The same as a job's failure. */
    public Failure toFailure() {
        return new Failure(code, getMessage(), hint);
    }
}
