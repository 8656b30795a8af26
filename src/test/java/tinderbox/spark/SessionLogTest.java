package tinderbox.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import org.apache.logging.log4j.Level;
import org.junit.jupiter.api.Test;
import tinderbox.support.ServerLog;

/** How loudly the server's log tells of the states of a session on a cluster. */
class SessionLogTest {
    private static SessionStatus status(SessionState state, String detail) {
        return new SessionStatus(state, detail, Instant.EPOCH);
    }

    @Test
    void aHealthyStartWarnsOfNothing() {
        try (ServerLog server = new ServerLog()) {
            SessionLog log = new SessionLog();
            log.note(status(SessionState.NO_EXECUTORS, "not yet"), true);
            log.note(status(SessionState.NO_EXECUTORS, "not yet"), true);
            log.note(status(SessionState.READY, "1 executor"), true);

            assertEquals(
                    List.of("Session no_executors: not yet", "Session ready: 1 executor"), server.lines("Session"));
            assertEquals(List.of(), server.lines(Level.WARN));
        }
    }

    @Test
    void itWarnsOnceIfExecutorsDoNotCome() {
        try (ServerLog server = new ServerLog()) {
            SessionLog log = new SessionLog();
            log.note(status(SessionState.NO_EXECUTORS, "no worker"), true);
            log.note(status(SessionState.NO_EXECUTORS, "no worker"), false);
            log.note(status(SessionState.NO_EXECUTORS, "no worker"), false);

            assertEquals(List.of("Session no_executors: no worker"), server.lines(Level.WARN));
        }
    }

    @Test
    void itWarnsOfALostMasterAtOnce() {
        try (ServerLog server = new ServerLog()) {
            SessionLog log = new SessionLog();
            log.note(status(SessionState.DEGRADED, "away"), true);
            log.note(status(SessionState.DEGRADED, "still away"), true);
            log.note(status(SessionState.READY, "there"), true);
            log.note(status(SessionState.DEGRADED, "away"), true);

            assertEquals(
                    List.of("Session degraded: away", "Session degraded: still away", "Session degraded: away"),
                    server.lines(Level.WARN));
        }
    }
}
