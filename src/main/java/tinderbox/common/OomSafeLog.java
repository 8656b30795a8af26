package tinderbox.common;

import org.slf4j.Logger;

/** Logs for those who must go on whatever happens: where there is no memory left, to log fails as well. */
public final class OomSafeLog {
    private OomSafeLog() {}

    /** Logs an error as far as that can be done; never throws. The message has one {@code {}}, for {@code about}. */
    public static void error(Logger log, String message, Object about, Throwable thrown) {
        try {
            log.error(message, about, thrown);
        } catch (Throwable untold) {
            // There is nobody left to tell.
        }
    }

    /** The same as a warning in one line, without a stack trace. The message has a second {@code {}}, for the reason. */
    public static void warn(Logger log, String message, Object about, Throwable thrown) {
        try {
            Throwable reason = thrown.getCause() == null ? thrown : thrown.getCause();
            log.warn(message, about, reason.toString());
        } catch (Throwable untold) {
            // There is nobody left to tell.
        }
    }
}
