package tinderbox.http;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobService;
import tinderbox.job.LogLine;
import tinderbox.job.LogPage;

/** Reads a job's log as it grows, in portions that fit into an event. */
final class LogTail {
    /** How many of the last lines a stream begins with. */
    private static final int LAST_LINES = 1000;

    private static final int MOST_LINES = 1000;
    /** An event ends with the line that makes it this long; a client may have 1 MiB of events waiting for it. */
    private static final int MOST_CHARS = 1 << 16;
    /** A log that grows faster than this a look is told with gaps. */
    private static final int MOST_BEHIND = 10_000;

    private static final int MOST_PORTIONS = 16;

    private final JobService jobs;

    LogTail(JobService jobs) {
        this.jobs = jobs;
    }

    /** How many lines there are. */
    long total(JobId id) {
        return page(id, Long.MAX_VALUE, 1).total();
    }

    /** Tells the lines from {@code from}, portion by portion; a job that is gone has none. */
    void after(JobId id, long from, Consumer<EventJson.LogLines> portion) {
        try {
            long next = from;
            for (int portions = 0; portions < MOST_PORTIONS; portions++) {
                LogPage page = page(id, next, MOST_LINES);
                if (page.total() - next > MOST_BEHIND) {
                    page = page(id, page.total() - LAST_LINES, MOST_LINES);
                }
                if (page.lines().isEmpty()) {
                    return;
                }
                EventJson.LogLines lines = fitting(id, page.lines());
                portion.accept(lines);
                next = lines.next();
            }
        } catch (JobException e) {
            if (e.code() != ErrorCode.JOB_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static EventJson.LogLines fitting(JobId id, List<LogLine> lines) {
        List<LogCalls.LineJson> fitting = new ArrayList<>();
        int chars = 0;
        for (LogLine line : lines) {
            fitting.add(LogCalls.LineJson.of(line));
            chars += line.text().length();
            if (chars >= MOST_CHARS) {
                break;
            }
        }
        long first = lines.get(0).n();
        long last = fitting.get(fitting.size() - 1).n();
        return new EventJson.LogLines(id.toString(), first, last + 1, fitting);
    }

    /** The last lines before {@code end}. */
    LogPage before(JobId id, long end) {
        LogPage page;
        int lines = LAST_LINES;
        do {
            page = page(id, Math.max(0, end - lines), lines);
            lines /= 2;
            // A page is bounded in bytes too: long lines leave room for fewer.
        } while (page.next() < end && lines > 0);
        // What was written meanwhile is told by events to come.
        List<LogLine> known =
                page.lines().stream().filter(line -> line.n() < end).toList();
        boolean eof = page.eof() && page.total() == end;
        return new LogPage(known, Math.min(page.from(), end), end, page.total(), page.truncatedBefore(), eof);
    }

    private LogPage page(JobId id, long from, int limit) {
        return jobs.outputs().log(id, from, limit, LogLine.Level.DEBUG);
    }
}
