package tinderbox.security.audit;

import java.util.List;

/**
 * One page of the audit log.
 *
 * @param entries the newest first; fewer than were asked for, or none, also where the search was long enough for once
 * @param more whether older lines have not been looked at
 * @param before where the next page goes on, for {@link AuditQuery#before(long)}; null where there is no more
 */
public record AuditPage(List<AuditEntry> entries, boolean more, Long before) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}
