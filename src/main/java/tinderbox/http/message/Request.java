package tinderbox.http.message;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.Visibility;
import tinderbox.security.auth.Principal;

/**
 * A request as handlers see it.
 *
 * @param id its id in the log
 * @param captured the segments that match the braces of the route, by name
 * @param query its query parameters
 * @param accept its Accept header, or null
 * @param acceptEncoding its Accept-Encoding header, or null
 * @param range its Range header, or null, also if it is not a GET, for which alone ranges have a meaning
 * @param idempotencyKey its Idempotency-Key header, or null
 * @param ifMatchTags its If-Match header, or null
 * @param lastEventId its Last-Event-ID header, or null
 * @param body its body; empty if the handler reads it as it arrives
 * @param streamingBody its body if the handler reads it as it arrives, otherwise null
 * @param requestOrigin where it comes from
 * @param clientConnection the connection of the client
 * @param auditDetails what the handler reports to the audit log
 */
public record Request(
        String id,
        Map<String, String> captured,
        QueryParameters query,
        String accept,
        String acceptEncoding,
        String range,
        String idempotencyKey,
        String ifMatchTags,
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

    /** Who sent it, or null if the route is open and it is not known. */
    public Principal principal() {
        return requestOrigin.principal();
    }

    /** Whose jobs and uploads the principal sees. */
    public Visibility visibility() {
        return principal().visibility();
    }

    /** The name of the principal. */
    public String submitter() {
        return principal().name();
    }

    /**
     * Checks that the principal may change what {@code owner} submitted.
     *
     * @throws JobException {@link ErrorCode#FORBIDDEN}
     */
    public void checkMayChange(String owner, String advice) {
        if (!principal().mayChange(owner)) {
            throw new JobException(
                    ErrorCode.FORBIDDEN, "This belongs to " + owner + ", and you are " + submitter(), advice);
        }
    }

    /**
     * The version of the resource that the client has read and means to change.
     *
     * @throws JobException {@link ErrorCode#PRECONDITION_REQUIRED} if it does not say
     */
    public IfMatch ifMatch() {
        return IfMatch.parse(ifMatchTags);
    }

    /** The media type that the Accept header prefers, or empty if it allows none of these. */
    public Optional<String> preferred(List<String> offered) {
        return AcceptHeader.best(accept, offered);
    }
}
