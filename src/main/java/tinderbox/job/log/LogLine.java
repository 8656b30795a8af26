package tinderbox.job.log;

import java.time.Instant;

/**
 * One line of a job's log.
 *
 * @param n its number, from 0, never reused
 * @param time when it was written
 * @param text one line without control characters
 */
public record LogLine(long n, Instant time, Level level, String text) {
    /** The severity of a line, lowest first. */
    public enum Level {
        /** Details for debugging. */
        DEBUG,
        /** Normal events. */
        INFO,
        /** Something was skipped or is unexpected. */
        WARN,
        /** Why the job fails. */
        ERROR
    }
}
