package tinderbox.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import tinderbox.security.audit.AuditLog;
import tinderbox.security.auth.Authenticator;
import tinderbox.security.auth.BrowserSessions;
import tinderbox.security.auth.RateLimits;
import tinderbox.security.auth.Tokens;

/** Doors, and what is written down there, for servers that a test puts together itself. */
public final class TestAuthenticators {
    private TestAuthenticators() {}

    /** One that lets everybody in until a token is made for the data dir. */
    public static Authenticator of(Path dataDir) {
        Tokens tokens = new Tokens(dataDir, false, Clock.systemUTC());
        return new Authenticator(tokens, new BrowserSessions(tokens), new RateLimits(100_000, 1_000_000));
    }

    /** An audit log; close it before its folder goes, for it puts back what others delete. */
    public static AuditLog audit(Path dataDir) throws IOException {
        return new AuditLog(dataDir, Clock.systemUTC());
    }
}
