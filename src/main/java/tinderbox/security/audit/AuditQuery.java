package tinderbox.security.audit;

import java.time.Instant;

/**
 * Selects lines of the audit log, newest first. A condition that is null does not apply.
 *
 * @param actor the exact name
 * @param target a part of the target; case matters
 * @param since the earliest time
 * @param until the time before which lines must be
 * @param before only lines with a lower seq: {@link AuditPage#before()} of the previous page
 * @param limit the maximum number of lines, 1 to {@value #MAX_LIMIT}
 */
public record AuditQuery(
        String actor, AuditAction action, String target, Instant since, Instant until, Long before, int limit) {
    public static final int MAX_LIMIT = 500;

    public AuditQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit must be from 1 to " + MAX_LIMIT);
        }
    }

    /** The newest {@code limit} lines of all. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(null, null, null, null, null, null, limit);
    }

    /** This query, limited to lines before {@code seq}. */
    public AuditQuery before(long seq) {
        return new AuditQuery(actor, action, target, since, until, seq, limit);
    }
}
