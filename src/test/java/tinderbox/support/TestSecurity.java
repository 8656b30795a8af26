package tinderbox.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.BrowserSessions;
import tinderbox.security.auth.RateLimits;
import tinderbox.security.auth.Tokens;

/** Authentication and audit log for servers that a test assembles itself. */
public final class TestSecurity {
    private TestSecurity() {}

    /** Requires no authentication until a token exists in the data dir. */
    public static Authenticator authenticator(Path dataDir) {
        Tokens tokens = new Tokens(dataDir, false, Clock.systemUTC());
        return new Authenticator(tokens, new BrowserSessions(tokens), new RateLimits(100_000, 1_000_000));
    }

    /** An audit log. Close it before deleting the folder, because it re-creates deleted files. */
    public static AuditLog auditLog(Path dataDir) throws IOException {
        return new AuditLog(dataDir, Clock.systemUTC());
    }
}
