package tinderbox.job.log;

import java.util.List;

/**
 * Some lines of a job's log.
 *
 * @param lines in order
 * @param from the number of the first line that was read
 * @param next the number to request next
 * @param total how many lines have been written, including deleted ones
 * @param truncatedBefore the number of the oldest line that still exists
 * @param eof whether the job has ended and these are its last lines
 */
public record LogPage(List<LogLine> lines, long from, long next, long total, long truncatedBefore, boolean eof) {
    public LogPage {
        lines = List.copyOf(lines);
    }
}
