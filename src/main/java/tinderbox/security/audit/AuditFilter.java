package tinderbox.security.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a query asks for a line. Most lines are passed over without being parsed: there is one way only to write a
 * text or a time, so what is asked for is first looked for in the line as it stands, a character for each byte.
 */
final class AuditFilter {
    private static final String BEFORE_TIME = ",\"time\":\"";
    private static final int TIME = "1970-01-01T00:00:00.000Z".length();
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final AuditQuery query;
    private final List<String> parts = new ArrayList<>();
    private final String since;
    private final String until;

    AuditFilter(AuditQuery query) {
        this.query = query;
        if (query.actor() != null) {
            parts.add(inner(Map.of("actor", AuditParams.whole(query.actor()))));
        }
        if (query.action() != null) {
            parts.add(inner(Map.of("action", query.action().word())));
        }
        if (query.target() != null) {
            parts.add(inner(AuditParams.whole(query.target())));
        }
        this.since = written(query.since());
        this.until = written(query.until());
    }

    /** As in a line, without the braces or quotes around it. */
    private static String inner(Object value) {
        String json = new String(EscapedJson.write(value), StandardCharsets.ISO_8859_1);
        return json.substring(1, json.length() - 1);
    }

    /** As in a line; null where there is none, or none that can be compared with those in lines as text. */
    private static String written(Instant time) {
        boolean isPlain = time != null && !time.isBefore(Instant.EPOCH) && time.isBefore(YEAR_10000);
        return isPlain ? AuditLine.written(time) : null;
    }

    /** What the line says, if it is asked for. */
    Optional<AuditEntry> match(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (!parts.stream().allMatch(text::contains) || !mayBeInTime(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(AuditLine.read(line).entry()).filter(this::fits);
        } catch (AuditLine.DamagedException e) {
            // For the check to tell of.
            return Optional.empty();
        }
    }

    private boolean mayBeInTime(String line) {
        int at = line.indexOf(BEFORE_TIME) + BEFORE_TIME.length();
        if (at + TIME > line.length()) {
            return false;
        }
        String time = line.substring(at, at + TIME);
        return (since == null || time.compareTo(since) >= 0) && (until == null || time.compareTo(until) <= 0);
    }

    private boolean fits(AuditEntry entry) {
        return (query.actor() == null || query.actor().equals(entry.actor()))
                && (query.action() == null || query.action().word().equals(entry.action()))
                && (query.target() == null
                        || (entry.target() != null && entry.target().contains(query.target())))
                && (query.since() == null || !entry.time().isBefore(query.since()))
                && (query.until() == null || entry.time().isBefore(query.until()));
    }
}
