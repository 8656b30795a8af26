package tinderbox.spark;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** Writes the states of a session on a cluster to the server's log, each once. Not thread-safe. */
final class SessionLog {
    private static final Logger LOG = LoggerFactory.getLogger(SessionLog.class);

    private String detail = "";
    private boolean warned;

    /**
     * Logs a state that has not been logged yet: as a warning, unless jobs run or soon will.
     *
     * @param settling whether executors that are not there may be on their way; once they may not, it is a warning
     */
    void note(SessionStatus now, boolean settling) {
        boolean harmless = now.state() == SessionState.READY || (now.state() == SessionState.NO_EXECUTORS && settling);
        if (now.detail().equals(detail) && (harmless || warned)) {
            return;
        }
        detail = now.detail();
        warned = !harmless;
        LOG.atLevel(harmless ? Level.INFO : Level.WARN)
                .log("Session {}: {}", now.state().code(), detail);
    }
}
