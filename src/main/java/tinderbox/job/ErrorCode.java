package tinderbox.job;

import java.util.Locale;

/**
 * Every reason for a refusal or for a job's failure. The {@linkplain #code() code} is part of the wire contract and never
 * changes its meaning; its {@link Kind} decides the HTTP status.
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
    RUN_SET_NOT_FOUND(Kind.NOT_FOUND),
    DATASET_NOT_FOUND(Kind.NOT_FOUND),
    TOKEN_NOT_FOUND(Kind.NOT_FOUND),
    PRESET_NOT_FOUND(Kind.NOT_FOUND),
    PATH_NOT_FOUND(Kind.NOT_FOUND),
    METHOD_NOT_ALLOWED(Kind.METHOD_NOT_ALLOWED),
    NOT_ACCEPTABLE(Kind.NOT_ACCEPTABLE),
    WRONG_STATE(Kind.CONFLICT),
    DATASET_EXISTS(Kind.CONFLICT),
    DATASET_IN_USE(Kind.CONFLICT),
    TOKEN_EXISTS(Kind.CONFLICT),
    IDEMPOTENCY_IN_FLIGHT(Kind.CONFLICT),
    IDEMPOTENCY_MISMATCH(Kind.UNPROCESSABLE),
    RESULT_GONE(Kind.GONE),
    PRECONDITION_FAILED(Kind.PRECONDITION_FAILED),
    PRECONDITION_REQUIRED(Kind.PRECONDITION_REQUIRED),
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
    RESULT_TOO_NEW(Kind.NOT_IMPLEMENTED),
    NOT_READY(Kind.UNAVAILABLE),
    QUEUE_FULL(Kind.UNAVAILABLE),
    SHUTTING_DOWN(Kind.UNAVAILABLE),
    SERVER_BUSY(Kind.UNAVAILABLE),
    TOO_MANY_WAITERS(Kind.UNAVAILABLE),
    TOO_MANY_STREAMS(Kind.UNAVAILABLE),
    TOO_MANY_UPLOADS(Kind.UNAVAILABLE),

    // Why a job fails. The kind matters for those that also refuse requests.
    INVALID_INPUT(Kind.UNPROCESSABLE),
    INVALID_QUERY(Kind.UNPROCESSABLE),
    INPUT_NOT_FOUND(Kind.UNPROCESSABLE),
    UNREADABLE_ON_WORKER(Kind.INTERNAL),
    JOB_ERROR(Kind.INTERNAL),
    TIMED_OUT(Kind.INTERNAL),
    OUT_OF_MEMORY(Kind.INTERNAL),
    LIMIT_EXCEEDED(Kind.UNPROCESSABLE),
    DISK_FULL(Kind.DISK_FULL),
    STORAGE_UNAVAILABLE(Kind.UNAVAILABLE),
    SERVER_CRASHED(Kind.INTERNAL),
    CLUSTER_LOST(Kind.INTERNAL),
    INTERNAL(Kind.INTERNAL);

    /** The kind of a refusal; the HTTP layer maps each kind to a status. */
    public enum Kind {
        /** The request cannot be understood. */
        MALFORMED,
        /** The client has not authenticated. */
        UNAUTHENTICATED,
        /** The principal may not do this. */
        FORBIDDEN,
        /** The resource does not exist. */
        NOT_FOUND,
        /** The resource does not have this method. */
        METHOD_NOT_ALLOWED,
        /** The client accepts no format of the response. */
        NOT_ACCEPTABLE,
        /** The state of the resource does not allow it. */
        CONFLICT,
        /** The resource existed, but was deleted. */
        GONE,
        /** Somebody else has changed the resource since the client read it. */
        PRECONDITION_FAILED,
        /** The request does not say which version of the resource it changes. */
        PRECONDITION_REQUIRED,
        /** The body arrived too slowly. */
        TIMED_OUT,
        /** The request does not say how long its body is. */
        LENGTH_REQUIRED,
        /** The body is larger than the limit. */
        TOO_LARGE,
        /** The endpoint does not accept this type of body. */
        UNSUPPORTED_MEDIA_TYPE,
        /** The file has none of the requested bytes. */
        RANGE_NOT_SATISFIABLE,
        /** The server does not support the Expect header of the request. */
        EXPECTATION_FAILED,
        /** This version of the server lacks what the request, or the stored data, needs. */
        NOT_IMPLEMENTED,
        /** The request names a host that this server does not serve. */
        MISDIRECTED,
        /** The request is well-formed, but its content is wrong. */
        UNPROCESSABLE,
        /** The client sends too many requests. */
        TOO_MANY,
        /** Not now; the same request may succeed later. */
        UNAVAILABLE,
        /** The disk has no room. */
        DISK_FULL,
        /** A failure of the server. */
        INTERNAL
    }

    private final Kind kind;

    ErrorCode(Kind kind) {
        this.kind = kind;
    }

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
     * @throws IllegalArgumentException if there is none
     */
    public static ErrorCode of(String code) {
        return valueOf(code.toUpperCase(Locale.ROOT));
    }
}
