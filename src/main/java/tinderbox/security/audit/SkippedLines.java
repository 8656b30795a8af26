package tinderbox.security.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts the lines that were not written because there were too many of their kind, by network. */
final class SkippedLines {
    private static final int MAX_NETWORKS = 10;
    private static final String OTHERS = "others";

    private final Map<String, Long> byNetwork = new LinkedHashMap<>();
    private long count;
    private Instant since;

    void add(String network, Instant now) {
        if (count == 0) {
            since = now;
        }
        count++;
        byNetwork.merge(
                byNetwork.containsKey(network) || byNetwork.size() < MAX_NETWORKS ? network : OTHERS, 1L, Long::sum);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The event that reports them. */
    AuditEvent event() {
        return AuditEvent.ofLog(
                AuditAction.AUDIT_SKIPPED,
                null,
                Map.of("lines", count, "since", since, "from", new LinkedHashMap<>(byNetwork)));
    }

    void clear() {
        byNetwork.clear();
        count = 0;
    }
}
