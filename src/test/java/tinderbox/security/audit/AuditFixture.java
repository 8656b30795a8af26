package tinderbox.security.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Audit logs for tests. */
final class AuditFixture {
    static final Instant NOON = Instant.parse("2026-01-05T12:00:00Z");
    static final Clock AT_NOON = Clock.fixed(NOON, ZoneOffset.UTC);

    /** A size that a few lines reach. */
    static final long SMALL_FILE = 2000;

    private AuditFixture() {}

    static AuditEvent event(String actor, AuditAction action, String target) {
        return new AuditEvent(
                actor, "admin", "192.0.2.7", action, target, Map.of("input", "samples/x.txt"), 202, null, "0a1b");
    }

    /** Writes a log with this many lines; the target of each is its number. */
    static void write(Path dataDir, int lines, long fileBytes) throws IOException {
        try (AuditLog log = new AuditLog(dataDir, AT_NOON, fileBytes)) {
            for (int i = 1; i <= lines; i++) {
                log.append(event("ann", AuditAction.SUBMIT, "job-" + i));
            }
        }
    }

    static Path file(Path dataDir) {
        return AuditFolder.of(dataDir).current();
    }

    static List<String> lines(Path dataDir) throws IOException {
        return Files.readAllLines(file(dataDir), StandardCharsets.UTF_8);
    }

    /** Checks a log that no server is writing. */
    static AuditCheck.Verdict check(Path dataDir) throws IOException, InterruptedException {
        return AuditCheck.run(dataDir, () -> {});
    }
}
