package tinderbox.http.events;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import tinderbox.http.json.LogLineJson;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.dispatch.JobService;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.LogPage;

/** Reads a job's log as it grows, in portions that fit into an event. */
final class LogTail {
    /** How many of the last lines a stream begins with. */
    private static final int MAX_LAST_LINES = 1000;

    private static final int MAX_PAGE_LINES = 1000;
    /** An event ends with the line that makes it this long; a client may have 1 MiB of events waiting for it. */
    private static final int MAX_EVENT_CHARS = 1 << 16;
    /** A log that grows faster than this a look is told with gaps. */
    private static final int MAX_LINES_BEHIND = 10_000;

    /** Of so many at once, and of twice as many where the end comes right after a look, none makes a client late. */
    private static final int MAX_POLL_CHARS = 1 << 17;
    /** What a line takes beside its text. */
    private static final int LINE_OVERHEAD_CHARS = 100;

    private final JobService jobs;

    LogTail(JobService jobs) {
        this.jobs = jobs;
    }

    /** How many lines there are. */
    long total(JobId id) {
        return page(id, Long.MAX_VALUE, 1).total();
    }

    /**
     * Tells the lines from {@code from}, portion by portion, as many as fit into one look; a job that is gone has none.
     *
     * @param toTheEnd whether there is no next look: then what does not fit is left out but for the last lines, which
     *     say how the job ended
     */
    void readFrom(JobId id, long from, boolean toTheEnd, Consumer<EventJson.LogLines> portion) {
        try {
            LogPage page = page(id, from, MAX_PAGE_LINES);
            if (page.total() - from > MAX_LINES_BEHIND) {
                page = page(id, page.total() - MAX_LAST_LINES, MAX_PAGE_LINES);
            }
            long next = page.from();
            long chars = 0;
            while (!page.lines().isEmpty() && chars < MAX_POLL_CHARS) {
                for (List<LogLine> lines : portions(page.lines())) {
                    if (chars < MAX_POLL_CHARS) {
                        chars += chars(lines);
                        portion.accept(event(id, lines));
                        next = lines.get(lines.size() - 1).n() + 1;
                    }
                }
                page = page(id, next, MAX_PAGE_LINES);
            }
            if (toTheEnd && next < page.total()) {
                List<List<LogLine>> last =
                        portions(lastLinesBefore(id, page.total()).lines());
                portion.accept(event(id, last.get(last.size() - 1)));
            }
        } catch (JobException e) {
            if (e.code() != ErrorCode.JOB_NOT_FOUND) {
                throw e;
            }
        }
    }

    private static List<List<LogLine>> portions(List<LogLine> lines) {
        List<List<LogLine>> portions = new ArrayList<>();
        int first = 0;
        int chars = 0;
        for (int i = 0; i < lines.size(); i++) {
            chars += LINE_OVERHEAD_CHARS + lines.get(i).text().length();
            if (chars >= MAX_EVENT_CHARS || i == lines.size() - 1) {
                portions.add(lines.subList(first, i + 1));
                first = i + 1;
                chars = 0;
            }
        }
        return portions;
    }

    private static long chars(List<LogLine> lines) {
        return lines.stream()
                .mapToLong(line -> LINE_OVERHEAD_CHARS + line.text().length())
                .sum();
    }

    private static EventJson.LogLines event(JobId id, List<LogLine> lines) {
        return new EventJson.LogLines(
                id.toString(),
                lines.get(0).n(),
                lines.get(lines.size() - 1).n() + 1,
                lines.stream().map(LogLineJson::of).toList());
    }

    /** The last lines before {@code end}. */
    LogPage lastLinesBefore(JobId id, long end) {
        LogPage page;
        int lines = MAX_LAST_LINES;
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
        return jobs.artifacts().log(id, from, limit, LogLine.Level.DEBUG);
    }
}
