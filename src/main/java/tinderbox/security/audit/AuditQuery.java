package tinderbox.security.audit;

import java.time.Instant;

/**
 * Which lines of the audit log to list, the newest first. What is null does not matter.
 *
 * @param actor only what exactly this one did
 * @param action only this
 * @param target only where the target contains this text, upper and lower case told apart
 * @param since only what was then or later
 * @param until only what was before
 * @param before only lines with a lower seq: {@link AuditPage#before()} of the page before
 * @param limit how many at the most, 1 to {@value #MOST}
 */
public record AuditQuery(
        String actor, AuditAction action, String target, Instant since, Instant until, Long before, int limit) {
    /** The most that a page can have. */
    public static final int MOST = 500;

    public AuditQuery {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be from 1 to " + MOST);
        }
    }

    /** The newest {@code limit} lines of all. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(null, null, null, null, null, null, limit);
    }

    /** The same, of older lines. */
    public AuditQuery before(long seq) {
        return new AuditQuery(actor, action, target, since, until, seq, limit);
    }
}
