package tinderbox.job.log;

import java.time.Instant;

/**
 * One line of a job's log.
 *
 * @param n its number, from 0, never reused
 * @param time when it was written
 * @param level how serious it is
 * @param text one line without control characters
 */
public record LogLine(long n, Instant time, Level level, String text) {
    /** How serious a line is, least first. */
    public enum Level {
        /** For whoever hunts a fault. */
        DEBUG,
        /** What happens. */
        INFO,
        /** Something was passed over or is odd. */
        WARN,
        /** Why the job fails. */
        ERROR
    }
}
