package tinderbox.security.audit;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tinderbox.json.EscapedJson;

/**
 * Decides whether a line matches a query. Most lines are skipped without parsing: there is only one way to write a text
 * or a time, so it is first searched in the bytes of the line.
 */
final class AuditFilter {
    private static final String BEFORE_TIME = ",\"time\":\"";
    private static final int TIME_LENGTH = "1970-01-01T00:00:00.000Z".length();
    private static final Instant YEAR_10000 = Instant.parse("+10000-01-01T00:00:00Z");

    private final AuditQuery query;
    private final List<String> parts = new ArrayList<>();
    private final String since;
    private final String until;

    AuditFilter(AuditQuery query) {
        this.query = query;
        if (query.actor() != null) {
            parts.add(inner(Map.of("actor", AuditParams.encodable(query.actor()))));
        }
        if (query.action() != null) {
            parts.add(inner(Map.of("action", query.action().word())));
        }
        if (query.target() != null) {
            parts.add(inner(AuditParams.encodable(query.target())));
        }
        this.since = written(query.since());
        this.until = written(query.until());
    }

    /** A value as a line has it, without the braces or quotes around it. */
    private static String inner(Object value) {
        String json = new String(EscapedJson.write(value), StandardCharsets.ISO_8859_1);
        return json.substring(1, json.length() - 1);
    }

    /** A time as a line has it; null if there is none, or if it cannot be compared as text. */
    private static String written(Instant time) {
        boolean isPlain = time != null && !time.isBefore(Instant.EPOCH) && time.isBefore(YEAR_10000);
        return isPlain ? AuditLine.written(time) : null;
    }

    /** The entry of the line, if it matches. */
    Optional<AuditEntry> match(byte[] line) {
        String text = new String(line, StandardCharsets.ISO_8859_1);
        if (!parts.stream().allMatch(text::contains) || !mayBeInRange(text)) {
            return Optional.empty();
        }
        try {
            return Optional.of(AuditLine.read(line).entry()).filter(this::fits);
        } catch (AuditLine.DamagedException e) {
            // The check reports it.
            return Optional.empty();
        }
    }

    private boolean mayBeInRange(String line) {
        int at = line.indexOf(BEFORE_TIME) + BEFORE_TIME.length();
        if (at + TIME_LENGTH > line.length()) {
            return false;
        }
        String time = line.substring(at, at + TIME_LENGTH);
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
