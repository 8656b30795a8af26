package tinderbox.security.audit;

import java.util.List;

/**
 * One page of the audit log.
 *
 * @param entries the newest first; if the search reached its limit, fewer than requested, or none
 * @param more whether older lines have not been searched
 * @param before where the next page continues, for {@link AuditQuery#before(long)}; null if there are no more
 */
public record AuditPage(List<AuditEntry> entries, boolean more, Long before) {
    public AuditPage {
        entries = List.copyOf(entries);
    }
}
