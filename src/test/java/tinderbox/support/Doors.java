package tinderbox.support;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import tinderbox.security.AuditLog;
import tinderbox.security.Door;
import tinderbox.security.Sessions;
import tinderbox.security.Tokens;

/** Doors, and what is written down there, for servers that a test puts together itself. */
public final class Doors {
    private Doors() {}

    /** One that lets everybody in until a token is made for the data dir. */
    public static Door of(Path dataDir) {
        Tokens tokens = new Tokens(dataDir, false, Clock.systemUTC());
        return new Door(tokens, new Sessions(tokens), new Door.Rates(100_000, 1_000_000));
    }

    /** An audit log; close it before its folder goes, for it puts back what others delete. */
    public static AuditLog audit(Path dataDir) throws IOException {
        return new AuditLog(dataDir, Clock.systemUTC());
    }
}
