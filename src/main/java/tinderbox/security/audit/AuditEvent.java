package tinderbox.security.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What somebody did or tried, for the {@link AuditLog}, which adds the time. Every text may come from a hostile
 * caller and be of any length; what the log keeps of each is bounded. Secrets do not belong in here.
 *
 * @param actor the name of the token, {@code local} where no tokens are asked for, or null where nobody is known
 * @param role the role that the actor had, or null
 * @param address the IP address that the request came from, or null
 * @param target a job's id, a dataset's path or a token's name; null where there is none
 * @param params what was asked for, of plain maps, lists and scalars; null for nothing
 * @param status the HTTP status of the answer, or 0
 * @param code the stable code of the error, or null
 * @param requestId the request's name in its answer and in the server's log, or null
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

    /** What the log has to tell of itself. */
    public static AuditEvent ofLog(AuditAction action, String target, Map<String, Object> params) {
        return new AuditEvent(null, null, null, action, target, params, 0, null, null);
    }
}
