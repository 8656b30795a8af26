package tinderbox.job.log;

import java.util.List;

/**
 * Some lines of a job's log.
 *
 * @param lines in order
 * @param from the number of the first line that was looked at
 * @param next the number to ask for next
 * @param total how many lines have been written, those included that are gone
 * @param truncatedBefore the number of the oldest line that is still there; those before it are gone
 * @param eof whether the job has ended and no line comes after these
 */
public record LogPage(List<LogLine> lines, long from, long next, long total, long truncatedBefore, boolean eof) {
    public LogPage {
        lines = List.copyOf(lines);
    }
}
