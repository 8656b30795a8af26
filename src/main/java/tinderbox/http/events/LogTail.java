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

/** Reads the log of a job as it grows, in portions that fit into an event. */
final class LogTail {
    /** The number of last lines that a stream starts with. */
    private static final int MAX_LAST_LINES = 1000;

    private static final int MAX_PAGE_LINES = 1000;
    /** The line that reaches this length ends the event. A client may have 1 MiB of events queued. */
    private static final int MAX_EVENT_CHARS = 1 << 16;
    /** If the log grows by more lines than this between two polls, lines are left out. */
    private static final int MAX_LINES_BEHIND = 10_000;

    /** A client keeps up with this many at once, and with twice as many if the end follows right after a poll. */
    private static final int MAX_POLL_CHARS = 1 << 17;
    /** The size of a line without its text. */
    private static final int LINE_OVERHEAD_CHARS = 100;

    private final JobService jobs;

    LogTail(JobService jobs) {
        this.jobs = jobs;
    }

    /** The number of lines. */
    long total(JobId id) {
        return page(id, Long.MAX_VALUE, 1).total();
    }

    /**
     * Passes the lines from {@code from} to {@code portion}, as many as fit into one poll. A deleted job has none.
     *
     * @param toTheEnd true if there is no next poll: then lines that do not fit are left out, except for the last ones,
     *     which say how the job ended
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
            // A page is bounded in bytes too, so it has fewer lines if they are long.
        } while (page.next() < end && lines > 0);
        // Lines written since then follow in later events.
        List<LogLine> known =
                page.lines().stream().filter(line -> line.n() < end).toList();
        boolean eof = page.eof() && page.total() == end;
        return new LogPage(known, Math.min(page.from(), end), end, page.total(), page.truncatedBefore(), eof);
    }

    private LogPage page(JobId id, long from, int limit) {
        return jobs.artifacts().log(id, from, limit, LogLine.Level.DEBUG);
    }
}
