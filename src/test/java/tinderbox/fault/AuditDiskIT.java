package tinderbox.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tinderbox.security.audit.AuditAction;
import tinderbox.security.audit.AuditCheck;
import tinderbox.security.audit.AuditEntry;
import tinderbox.security.audit.AuditEvent;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.audit.AuditQuery;

/** The disk of the audit log fills up. */
class AuditDiskIT {
    private static final int ATTEMPTS = 2000;

    @TempDir
    Path base;

    private static AuditEvent event() {
        return new AuditEvent(
                "ann", "admin", "192.0.2.7", AuditAction.SUBMIT, "job", Map.of("a", "x".repeat(500)), 202, null, "0a");
    }

    @Test
    void lostLinesAreCountedAndTheChainStaysIntact() throws Exception {
        Optional<SmallFileSystem> mounted = SmallFileSystem.mount(base.resolve("disk"), "4m");
        if (mounted.isEmpty()) {
            System.out.println("SKIPPED: AuditDiskIT, this user may not mount a tmpfs");
        }
        assumeTrue(mounted.isPresent());
        try (SmallFileSystem disk = mounted.get()) {
            Path data = disk.folder().resolve("data");
            try (AuditLog log = new AuditLog(data, Clock.systemUTC())) {
                log.append(event());
                disk.fill(64L << 10);
                for (int i = 0; i < ATTEMPTS; i++) {
                    log.append(event());
                }
                assertInstanceOf(AuditCheck.Intact.class, AuditCheck.run(data), "no partial line is left");
                disk.clear();
                log.append(event());
                List<AuditEntry> newest = log.page(AuditQuery.newest(2)).entries();
                assertEquals("submit", newest.get(0).action());
                assertEquals("audit_missed", newest.get(1).action());
                long missed = (Long) newest.get(1).params().get("lines");
                AuditCheck.Intact intact = assertInstanceOf(AuditCheck.Intact.class, AuditCheck.run(data));
                assertTrue(missed > 0 && missed <= ATTEMPTS, () -> missed + " missed");
                // The first line, those that were written, and two afterwards.
                assertEquals(1 + ATTEMPTS - missed + 2, intact.lines());
            }
        }
    }
}
