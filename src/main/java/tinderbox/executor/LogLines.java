package tinderbox.executor;

import java.io.Serializable;
import java.util.List;
import java.util.Objects;
import tinderbox.job.log.LogLine;

/**
 * What an executor's tasks have logged and printed.
 *
 * @param lines at most {@link #MAX_LINES}
 * @param leftOut how many lines of jobs were left out before these
 */
public record LogLines(List<Line> lines, List<LeftOut> leftOut) implements Request<Void> {
    private static final long serialVersionUID = 1;

    static final int MAX_LINES = 1_000;

    /** Of each line, in characters. */
    static final int MAX_TEXT = 4_001;

    /** How many jobs can have lines at the same time, at least. */
    static final int MAX_JOBS = 1_024;

    private static final int MAX_JOB = 100;

    public LogLines {
        lines = MessageCodec.listOf(Line.class, lines, MAX_LINES);
        leftOut = MessageCodec.listOf(LeftOut.class, leftOut, MAX_JOBS);
    }

    /** One line of a job. */
    public record Line(String job, LogLine.Level level, String text) implements Serializable {
        private static final long serialVersionUID = 1;

        public Line {
            Objects.requireNonNull(level);
            require(job.length() <= MAX_JOB && text.length() <= MAX_TEXT);
        }
    }

    /** How many lines of a job were left out. */
    public record LeftOut(String job, int lines) implements Serializable {
        private static final long serialVersionUID = 1;

        public LeftOut {
            require(job.length() <= MAX_JOB && lines > 0);
        }
    }

    private static void require(boolean valid) {
        if (!valid) {
            throw new IllegalArgumentException("not a line of a job");
        }
    }
}
