package tinderbox.http.events;

import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tinderbox.job.JobId;

/**
 * The id of an event: {@code <boot>-<seq>}, or {@code <boot>-<seq>-<job>} of the last event of a job.
 *
 * @param boot names the period in which events were numbered from one; changes with every start
 * @param seq the number of the event; it increases, but a stream may skip numbers
 * @param endOf the short form of the job's id if the job has ended and nothing follows; otherwise null. So the server knows
 *     also after a restart that a client has everything
 */
record EventId(String boot, long seq, String endOf) {
    /** Before the first event of any boot; nothing can be replayed from it. */
    static final long BEFORE_FIRST = 0;

    private static final Pattern FORM = Pattern.compile("([0-9a-f]{8})-([0-9]{1,18})(?:-([0-9a-f]{8}))?");

    /** The id of an event that others may follow. */
    EventId(String boot, long seq) {
        this(boot, seq, null);
    }

    static String newBoot() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    /** Parses a Last-Event-ID header; empty if it is null or has another form. */
    static Optional<EventId> parse(String text) {
        Matcher matcher = FORM.matcher(text == null ? "" : text);
        return matcher.matches()
                ? Optional.of(new EventId(matcher.group(1), Long.parseLong(matcher.group(2)), matcher.group(3)))
                : Optional.empty();
    }

    /** Whether it is the id of the last event of this job. */
    boolean isEndOf(JobId job) {
        return job.shortForm().equals(endOf);
    }

    @Override
    public String toString() {
        return boot + "-" + seq + (endOf == null ? "" : "-" + endOf);
    }
}
