package tinderbox.security.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What somebody did or tried, for the {@link AuditLog}, which adds the time. Texts may come from a hostile client and
 * have any length; the log cuts them. Secrets do not belong here.
 *
 * @param actor the name of the token, {@code local} without authentication, or null if the actor is unknown
 * @param role the role that the actor had, or null
 * @param address the IP address that the request came from, or null
 * @param target a job's id, a dataset's path or a token's name; null if there is none
 * @param params the parameters of the request: maps, lists and scalars; null for none
 * @param status the HTTP status of the response, or 0
 * @param code the stable code of the error, or null
 * @param requestId the request's id in its response and in the server's log, or null
 */
public record AuditEvent(
        String actor,
        String role,
        String address,
        AuditAction action,
        String target,
        Map<String, Object> params,
        int status,
        String code,
        String requestId) {
    public AuditEvent {
        Objects.requireNonNull(action);
        params = params == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }

    /** An event that the log records about itself. */
    public static AuditEvent ofLog(AuditAction action, String target, Map<String, Object> params) {
        return new AuditEvent(null, null, null, action, target, params, 0, null, null);
    }
}
