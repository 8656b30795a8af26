package tinderbox.executor;

import tinderbox.job.log.LogLine;

/** Takes what is logged and printed for one job. Thread-safe. */
public interface LineSink {
    void write(LogLine.Level level, String text);

    /** Adds the stack trace of {@code thrown}, which may be null. */
    void write(LogLine.Level level, String text, Throwable thrown);

    /** Tracks an incomplete line; returns false if there are too many. */
    boolean addOpenLine(LineBuffer line);

    void removeOpenLine(LineBuffer line);
}
