package tinderbox.executor;

import java.util.List;
import java.util.Map;
import tinderbox.job.log.LogLine;

/**
 * What an executor's tasks have logged and printed.
 *
 * @param leftOut how many lines of each job, by its id, were left out before these
 */
public record LogLines(List<Line> lines, Map<String, Integer> leftOut) implements Request<Void> {
    private static final long serialVersionUID = 1;

    /** One line of a job. */
    public record Line(String job, String level, String text) implements java.io.Serializable {
        private static final long serialVersionUID = 1;

        public LogLine.Level parsedLevel() {
            return LogLine.Level.valueOf(level);
        }
    }
}
