package tinderbox.common;

import org.slf4j.Logger;

/** Logging that never throws, for threads that must survive an OutOfMemoryError: without memory, logging fails too. */
public final class OomSafeLog {
    private OomSafeLog() {}

    /** Logs an error with its stack trace, if possible. The message has one {@code {}}, for {@code argument}. */
    public static void error(Logger log, String message, Object argument, Throwable thrown) {
        try {
            log.error(message, argument, thrown);
        } catch (Throwable unloggable) {
            // Nothing else can be done.
        }
    }

    /** Logs a warning without a stack trace, if possible. The message has a second {@code {}}, for the reason. */
    public static void warn(Logger log, String message, Object argument, Throwable thrown) {
        try {
            Throwable reason = thrown.getCause() == null ? thrown : thrown.getCause();
            log.warn(message, argument, reason.toString());
        } catch (Throwable unloggable) {
            // Nothing else can be done.
        }
    }
}
