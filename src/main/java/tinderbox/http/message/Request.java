package tinderbox.http.message;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.security.auth.Principal;

/**
 * A request as handlers see it.
 *
 * @param id its name in the log
 * @param captured what the braces in the route stand for
 * @param query its query parameters
 * @param accept its Accept header, or null
 * @param acceptEncoding its Accept-Encoding header, or null
 * @param idempotencyKey its Idempotency-Key header, or null
 * @param lastEventId its Last-Event-ID header, or null
 * @param body its body; empty where the call reads it as it comes in
 * @param streamingBody its body where the call reads it as it comes in, or null
 * @param requestOrigin where it comes from
 * @param clientConnection who waits for the answer
 * @param auditDetails for what it turns out to be about
 */
public record Request(
        String id,
        Map<String, String> captured,
        QueryParameters query,
        String accept,
        String acceptEncoding,
        String idempotencyKey,
        String lastEventId,
        RequestBody body,
        StreamingBody streamingBody,
        RequestOrigin requestOrigin,
        ClientConnection clientConnection,
        AuditDetails auditDetails) {
    /** The job that the path names. */
    public JobId jobId() {
        return JobId.parse(captured.get("id"));
    }

    /** Who sent it; null where anybody may call and it is not known. */
    public Principal principal() {
        return requestOrigin.principal();
    }

    /** The name of who sent it. */
    public String submitter() {
        return principal().name();
    }

    /**
     * Sees to it that the caller may change what somebody sent.
     *
     * @throws JobException {@link ErrorCode#FORBIDDEN}
     */
    public void checkMayChange(String owner, String advice) {
        if (!principal().mayChange(owner)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN, "This belongs to " + owner + ", and you are " + submitter(), advice);
        }
    }

    /** The one of these media types that the Accept header likes best; empty where it likes none. */
    public Optional<String> preferred(List<String> offered) {
        return AcceptHeader.best(accept, offered);
    }
}
