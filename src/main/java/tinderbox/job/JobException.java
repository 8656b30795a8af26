package tinderbox.job;

import java.io.Serial;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import tinderbox.common.ResourceShortage;

/**
 * A refusal or failure for the user to read: a stable code, what happened, what to do next and, if fields of the request
 * are wrong, all of them.
 */
public final class JobException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final Duration SOON = Duration.ofSeconds(2);

    private final ErrorCode code;
    private final String hint;
    private final transient List<FieldProblem> problems;
    private final TextPosition position;
    private final Duration retryAfter;

    private JobException(
            ErrorCode code,
            String message,
            String hint,
            List<FieldProblem> problems,
            TextPosition position,
            Duration retryAfter,
            Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
        this.hint = Objects.requireNonNull(hint, "hint");
        this.problems = List.copyOf(problems);
        this.position = position;
        this.retryAfter = retryAfter;
    }

    /** A refusal with what happened and what to do next (may be empty). */
    public JobException(ErrorCode code, String message, String hint) {
        this(code, message, hint, null, null);
    }

    /** As {@link #JobException(ErrorCode, String, String)}, with the cause for the log. */
    public JobException(ErrorCode code, String message, String hint, Throwable cause) {
        this(code, message, hint, null, cause);
    }

    /**
     * A failure of a job whose reason is in the text of a parameter.
     *
     * @param position where in that text, or null
     * @param cause for the log, or null
     */
    public JobException(ErrorCode code, String message, String hint, TextPosition position, Throwable cause) {
        this(code, message, hint, List.of(), position, ifUnavailable(code), cause);
    }

    /** A refusal of a request with one problem per wrong field. */
    public JobException(ErrorCode code, String message, List<FieldProblem> problems) {
        this(code, message, "", problems, null, ifUnavailable(code), null);
    }

    /** A refusal of a request that may succeed after this time. */
    public static JobException retryAfter(ErrorCode code, String message, String hint, Duration after) {
        return new JobException(code, message, hint, List.of(), null, after, null);
    }

    /** A refusal because the machine has run out of a resource for now; see {@link ResourceShortage}. */
    public static JobException resourceShortage(String resource, Throwable cause) {
        return new JobException(
                ErrorCode.SERVER_BUSY,
                "The server has run out of " + resource,
                "send the request again in a moment; if it stays, have the limit of the server's process raised",
                cause);
    }

    private static Duration ifUnavailable(ErrorCode code) {
        return code.kind() == ErrorCode.Kind.UNAVAILABLE ? SOON : null;
    }

    public ErrorCode code() {
        return code;
    }

    /** What to do next; may be empty. */
    public String hint() {
        return hint;
    }

    /** The problems of single fields; empty if the whole request is refused. */
    public List<FieldProblem> problems() {
        return problems;
    }

    /** The time after which the same request may succeed; null if waiting does not help. */
    public Duration retryAfter() {
        return retryAfter;
    }

    /** This as the failure of a job. */
    public Failure toFailure() {
        return new Failure(code, getMessage(), hint, position);
    }
}
