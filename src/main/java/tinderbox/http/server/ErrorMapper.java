package tinderbox.http.server;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import io.undertow.util.Headers;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.ResourceShortage;
import tinderbox.http.json.CheckJson;
import tinderbox.http.json.PositionJson;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.StorageFailure;

/**
 * Turns everything that is thrown into a problem document. Unexpected errors are logged, and the client gets only the id
 * of the request in the log.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457: Problem Details for HTTP APIs</a>
 */
public final class ErrorMapper {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);
    private static final String NOT_READY_RETRY_AFTER = "2";
    /** The page that explains the codes; it needs no log-in. */
    private static final String EXPLANATIONS = "/errors.html#";

    private static final String CHALLENGE = "Bearer realm=\"Tinderbox\"";

    /** One more entry says how many are left out. */
    private static final int MAX_ERRORS = 20;

    /** A field name may be as long as the request. */
    private static final int MAX_FIELD_CHARS = 200;

    private ErrorMapper() {}

    /**
     * A problem document.
     *
     * @param type the path of the code's explanation on this server
     * @param code the error code
     * @param requestId the id of the request in the log
     * @param checks the checks of the server, or null, which is left out, if they were not requested
     */
    @CompiledJson(objectFormatPolicy = CompiledJson.ObjectFormatPolicy.MINIMAL)
    record ProblemJson(
            String type,
            String title,
            int status,
            String detail,
            String code,
            @JsonAttribute(name = "request_id") String requestId,

            @JsonAttribute(includeToMinimal = JsonAttribute.IncludePolicy.ALWAYS)
            List<FieldErrorJson> errors,

            List<CheckJson> checks) {}

    /** A problem with one field; {@code position} is left out if there is none. */
    @CompiledJson(objectFormatPolicy = CompiledJson.ObjectFormatPolicy.MINIMAL)
    record FieldErrorJson(String field, String message, PositionJson position) {}

    /** The status line of a response. */
    record Status(int code, String title) {}

    /** The status of a kind of error. */
    static Status status(ErrorCode.Kind kind) {
        return switch (kind) {
            case MALFORMED -> new Status(400, "Bad Request");
            case UNAUTHENTICATED -> new Status(401, "Unauthorized");
            case FORBIDDEN -> new Status(403, "Forbidden");
            case NOT_FOUND -> new Status(404, "Not Found");
            case METHOD_NOT_ALLOWED -> new Status(405, "Method Not Allowed");
            case NOT_ACCEPTABLE -> new Status(406, "Not Acceptable");
            case CONFLICT -> new Status(409, "Conflict");
            case TIMED_OUT -> new Status(408, "Request Timeout");
            case LENGTH_REQUIRED -> new Status(411, "Length Required");
            case GONE -> new Status(410, "Gone");
            case PRECONDITION_FAILED -> new Status(412, "Precondition Failed");
            case TOO_LARGE -> new Status(413, "Content Too Large");
            case UNSUPPORTED_MEDIA_TYPE -> new Status(415, "Unsupported Media Type");
            case EXPECTATION_FAILED -> new Status(417, "Expectation Failed");
            case NOT_IMPLEMENTED -> new Status(501, "Not Implemented");
            case RANGE_NOT_SATISFIABLE -> new Status(416, "Range Not Satisfiable");
            case MISDIRECTED -> new Status(421, "Misdirected Request");
            case UNPROCESSABLE -> new Status(422, "Unprocessable Content");
            case PRECONDITION_REQUIRED -> new Status(428, "Precondition Required");
            case TOO_MANY -> new Status(429, "Too Many Requests");
            case INTERNAL -> new Status(500, "Internal Server Error");
            case UNAVAILABLE -> new Status(503, "Service Unavailable");
            case DISK_FULL -> new Status(507, "Insufficient Storage");
        };
    }

    /** The status of a code. */
    public static int status(ErrorCode code) {
        return status(code.kind()).code();
    }

    /** The refusal that anything thrown means for the client. */
    public static JobException refusal(Throwable thrown) {
        // The message of a refusal may quote the client, such as a file name, so only its cause is checked.
        Optional<String> missing = ResourceShortage.of(thrown instanceof JobException ? thrown.getCause() : thrown);
        if (missing.isPresent()) {
            LOG.warn("The request found the machine out of {}", missing.get());
            return JobException.resourceShortage(missing.get(), null);
        }
        if (thrown instanceof JobException refused && refused.code().kind() != ErrorCode.Kind.INTERNAL) {
            return refused;
        }
        LOG.error("The request failed", thrown);
        if (thrown instanceof JobException failed) {
            return failed;
        }
        return thrown instanceof UncheckedIOException unwritable
                ? StorageFailure.of(unwritable.getCause())
                : new JobException(
                        ErrorCode.INTERNAL,
                        "The server failed to answer. Its log has the reason, with the id of this request.",
                        "");
    }

    /** The response to anything thrown. */
    static Response.Complete response(Throwable thrown, String requestId) {
        JobException refused = refusal(thrown);
        Response.Complete response = response(refused.code(), detail(refused), refused.problems(), null, requestId);
        if (refused.code().kind() == ErrorCode.Kind.UNAUTHENTICATED) {
            response = response.with(Headers.WWW_AUTHENTICATE, CHALLENGE);
        }
        return refused.retryAfter() == null
                ? response
                : response.with(
                        Headers.RETRY_AFTER, Long.toString(refused.retryAfter().toSeconds()));
    }

    /** The response of {@code /readyz} if jobs cannot run now. */
    public static Response.Complete notReady(List<FieldProblem> failing, List<CheckJson> checks, String requestId) {
        String detail = "The server cannot run jobs now; errors lists the checks that fail";
        return response(ErrorCode.NOT_READY, detail, failing, checks, requestId)
                .with(Headers.RETRY_AFTER, NOT_READY_RETRY_AFTER);
    }

    private static Response.Complete response(
            ErrorCode code, String detail, List<FieldProblem> problems, List<CheckJson> checks, String requestId) {
        Status status = status(code.kind());
        var problemJson = new ProblemJson(
                EXPLANATIONS + code.code(),
                status.title(),
                status.code(),
                detail,
                code.code(),
                requestId,
                errors(problems),
                checks);
        return Response.json(status.code(), problemJson).with(Headers.CONTENT_TYPE, "application/problem+json");
    }

    /** Bounded, because a request of a few bytes for each wrong field must not cause a response many times its size. */
    private static List<FieldErrorJson> errors(List<FieldProblem> problems) {
        List<FieldErrorJson> errors = new ArrayList<>();
        problems.stream()
                .limit(MAX_ERRORS)
                .forEach(problem -> errors.add(new FieldErrorJson(
                        shortened(problem.field()), problem.message(), PositionJson.of(problem.position()))));
        if (problems.size() > MAX_ERRORS) {
            errors.add(new FieldErrorJson("", (problems.size() - MAX_ERRORS) + " more problems are not listed", null));
        }
        return errors;
    }

    private static String shortened(String field) {
        return field.codePointCount(0, field.length()) <= MAX_FIELD_CHARS
                ? field
                : field.substring(0, field.offsetByCodePoints(0, MAX_FIELD_CHARS)) + "…";
    }

    /** What happened, then what to do, as sentences. */
    public static String detail(JobException refused) {
        String message = refused.getMessage();
        String hint = refused.hint();
        return hint.isEmpty()
                ? message
                : message + ". " + hint.substring(0, 1).toUpperCase(Locale.ROOT) + hint.substring(1);
    }
}
