package tinderbox.security;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether a query asks for a line. Most lines are told apart without being parsed: what a fitting one must contain is
 * looked for in its bytes, as there is one way only to write a text.
 */
final class AuditFilter {
    private final AuditQuery query;
    private final List<byte[]> needles = new ArrayList<>();

    AuditFilter(AuditQuery query) {
        this.query = query;
        if (query.actor() != null) {
            needles.add(inner(Map.of("actor", AuditParams.whole(query.actor()))));
        }
        if (query.action() != null) {
            needles.add(inner(Map.of("action", query.action().word())));
        }
        if (query.target() != null) {
            needles.add(inner(AuditParams.whole(query.target())));
        }
    }

    /** As in a line, without the braces or quotes around it. */
    private static byte[] inner(Object value) {
        byte[] json = VisibleJson.write(value);
        return Arrays.copyOfRange(json, 1, json.length - 1);
    }

    /** What the line says, if it is asked for. */
    Optional<AuditEntry> match(byte[] line) {
        for (byte[] needle : needles) {
            if (!contains(line, needle)) {
                return Optional.empty();
            }
        }
        try {
            return Optional.of(AuditLine.read(line).entry()).filter(this::fits);
        } catch (AuditLine.DamagedException e) {
            // For the check to tell of.
            return Optional.empty();
        }
    }

    private boolean fits(AuditEntry entry) {
        return (query.actor() == null || query.actor().equals(entry.actor()))
                && (query.action() == null || query.action().word().equals(entry.action()))
                && (query.target() == null
                        || (entry.target() != null && entry.target().contains(query.target())))
                && (query.since() == null || !entry.time().isBefore(query.since()))
                && (query.until() == null || entry.time().isBefore(query.until()));
    }

    private static boolean contains(byte[] line, byte[] needle) {
        for (int i = 0; i <= line.length - needle.length; i++) {
            if (Arrays.equals(line, i, i + needle.length, needle, 0, needle.length)) {
                return true;
            }
        }
        return false;
    }
}
