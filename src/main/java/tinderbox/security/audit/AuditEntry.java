package tinderbox.security.audit;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A line of the audit log: an {@link AuditEvent} with what the log has added. Long texts have been cut, and say so at
 * their end.
 *
 * @param seq from 1, one more with each line
 * @param action the word of an {@link AuditAction}; another version may know more of them
 * @param params the parameters of the request; if they were too long, {@code begins}, the first part of their JSON, and
 *     {@code bytes}, its length
 * @param paramsCut whether {@code params} was too long
 * @param hash the hash that the next line is chained to
 */
public record AuditEntry(
        long seq,
        Instant time,
        String actor,
        String role,
        String address,
        String action,
        String target,
        Map<String, Object> params,
        boolean paramsCut,
        int status,
        String code,
        String requestId,
        String hash) {
    public AuditEntry {
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
    }
}
