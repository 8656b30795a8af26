package tinderbox.security.audit;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** How many lines were not written because there were too many of their kind, since when, and from where. */
final class SkippedLines {
    private static final int MOST_PLACES = 10;
    private static final String OTHERS = "others";

    private final Map<String, Long> from = new LinkedHashMap<>();
    private long count;
    private Instant since;

    void add(String network, Instant now) {
        if (count == 0) {
            since = now;
        }
        count++;
        from.merge(from.containsKey(network) || from.size() < MOST_PLACES ? network : OTHERS, 1L, Long::sum);
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** The line that stands for them. */
    AuditEvent event() {
        return AuditEvent.ofLog(
                AuditAction.AUDIT_SKIPPED,
                null,
                Map.of("lines", count, "since", since, "from", new LinkedHashMap<>(from)));
    }

    void clear() {
        from.clear();
        count = 0;
    }
}
