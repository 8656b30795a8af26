package tinderbox.job;

import java.util.Locale;

/**
 * Every reason that Tinderbox gives for saying no, or for a job's failure. The {@linkplain #code() code}
 * is part of the wire contract and never changes its meaning; its {@link Kind} decides the HTTP status.
 */
public enum ErrorCode {
    // Why a request is refused.
    MALFORMED_JSON(Kind.MALFORMED),
    UNKNOWN_FIELD(Kind.MALFORMED),
    WRONG_TYPE(Kind.MALFORMED),
    BAD_QUERY(Kind.MALFORMED),
    MALFORMED_REQUEST(Kind.MALFORMED),
    UNAUTHENTICATED(Kind.UNAUTHENTICATED),
    BAD_TOKEN(Kind.UNAUTHENTICATED),
    FORBIDDEN(Kind.FORBIDDEN),
    FORBIDDEN_ORIGIN(Kind.FORBIDDEN),
    JOB_NOT_FOUND(Kind.NOT_FOUND),
    DATASET_NOT_FOUND(Kind.NOT_FOUND),
    PATH_NOT_FOUND(Kind.NOT_FOUND),
    METHOD_NOT_ALLOWED(Kind.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(Kind.NOT_ACCEPTABLE),
    WRONG_STATE(Kind.CONFLICT),
    DATASET_EXISTS(Kind.CONFLICT),
    DATASET_IN_USE(Kind.CONFLICT),
    IDEMPOTENCY_IN_FLIGHT(Kind.CONFLICT),
    IDEMPOTENCY_MISMATCH(Kind.UNPROCESSABLE),
    RESULT_GONE(Kind.GONE),
    RESULT_DAMAGED(Kind.INTERNAL),
    TOO_SLOW(Kind.TIMED_OUT),
    LENGTH_REQUIRED(Kind.LENGTH_REQUIRED),
    TOO_LARGE(Kind.TOO_LARGE),
    UNSUPPORTED_MEDIA_TYPE(Kind.UNSUPPORTED_MEDIA_TYPE),
    RANGE_NOT_SATISFIABLE(Kind.RANGE_NOT_SATISFIABLE),
    EXPECTATION_FAILED(Kind.EXPECTATION_FAILED),
    FOREIGN_HOST(Kind.MISDIRECTED),
    INVALID_JOB(Kind.UNPROCESSABLE),
    INVALID_NAME(Kind.UNPROCESSABLE),
    TOO_MANY_REQUESTS(Kind.TOO_MANY),
    NOT_IMPLEMENTED(Kind.NOT_IMPLEMENTED),
    NOT_READY(Kind.UNAVAILABLE),
    QUEUE_FULL(Kind.UNAVAILABLE),
    SHUTTING_DOWN(Kind.UNAVAILABLE),
    SERVER_BUSY(Kind.UNAVAILABLE),
    TOO_MANY_WAITERS(Kind.UNAVAILABLE),
    TOO_MANY_STREAMS(Kind.UNAVAILABLE),
    TOO_MANY_UPLOADS(Kind.UNAVAILABLE),
    STORAGE_UNAVAILABLE(Kind.UNAVAILABLE),

    // Why a job fails; those that can also answer a request have the kind that fits there.
    INVALID_INPUT(Kind.UNPROCESSABLE),
    INPUT_NOT_FOUND(Kind.UNPROCESSABLE),
    JOB_ERROR(Kind.INTERNAL),
    TIMED_OUT(Kind.INTERNAL),
    OUT_OF_MEMORY(Kind.INTERNAL),
    LIMIT_EXCEEDED(Kind.UNPROCESSABLE),
    DISK_FULL(Kind.DISK_FULL),
    SERVER_CRASHED(Kind.INTERNAL),
    INTERNAL(Kind.INTERNAL);

    /** What sort of refusal a code is; the HTTP layer gives each kind one status. */
    public enum Kind {
        /** The request cannot be understood. */
        MALFORMED,
        /** Who calls is not known. */
        UNAUTHENTICATED,
        /** The caller may not do this. */
        FORBIDDEN,
        /** There is no such thing. */
        NOT_FOUND,
        /** The thing is there, but not with this method. */
        METHOD_NOT_ALLOWED,
        /** The answer cannot be given in a form that the caller accepts. */
        NOT_ACCEPTABLE,
        /** The state of what it is about does not allow it. */
        CONFLICT,
        /** It was there, but is no longer kept. */
        GONE,
        /** The body came too slowly. */
        TIMED_OUT,
        /** The request does not say how long its body is. */
        LENGTH_REQUIRED,
        /** The body is larger than the limit. */
        TOO_LARGE,
        /** The body is of another type than the call takes. */
        UNSUPPORTED_MEDIA_TYPE,
        /** The file has none of the bytes that were asked for. */
        RANGE_NOT_SATISFIABLE,
        /** The request expects what this server does not do. */
        EXPECTATION_FAILED,
        /** The method, or how the body is sent, is none that this server knows. */
        NOT_IMPLEMENTED,
        /** The request names a host that this server does not serve. */
        MISDIRECTED,
        /** Understood, but its content is wrong. */
        UNPROCESSABLE,
        /** The caller asks too often. */
        TOO_MANY,
        /** Not now; the same request may succeed later. */
        UNAVAILABLE,
        /** The disk has no room. */
        DISK_FULL,
        /** Our own fault. */
        INTERNAL
    }

    private final Kind kind;

    ErrorCode(Kind kind) {
        this.kind = kind;
    }

    /** What sort of refusal this is. */
    public Kind kind() {
        return kind;
    }

    /** The stable name on the wire and on disk, such as {@code input_not_found}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The code whose {@link #code()} is {@code code}.
     *
     * @throws IllegalArgumentException where there is none
     */
    public static ErrorCode of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
