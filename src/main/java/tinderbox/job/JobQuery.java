package tinderbox.job;

import java.util.List;
import java.util.Set;

/**
 * A page of a list of jobs, newest first unless it is sorted. At most one of {@code sort}, {@code before} and {@code
 * after} is not null, and only without the last two may {@code offset} be greater than 0.
 *
 * @param filter which jobs
 * @param sort another order, or null
 * @param before only jobs whose sequence number is smaller, or null
 * @param after only jobs whose sequence number is greater, or null; the page has those next to it
 * @param limit the maximum number of jobs
 * @param offset how many of the first jobs to skip
 */
public record JobQuery(JobFilter filter, JobSort sort, Long before, Long after, int limit, long offset) {
    /** A page in the default order. */
    public JobQuery(Set<JobState> states, String type, String text, String submittedBy, int limit, long offset) {
        this(new JobFilter(states, type, text, submittedBy, null, null, JobOrigin.NONE, List.of()), limit, offset);
    }

    /** A page in the default order. */
    public JobQuery(JobFilter filter, int limit, long offset) {
        this(filter, null, null, null, limit, offset);
    }

    /** The same query among the jobs that somebody sees. */
    public JobQuery among(Visibility visible) {
        return new JobQuery(filter.among(visible), sort, before, after, limit, offset);
    }

    /** The same query with another limit. */
    public JobQuery limitedTo(int most) {
        return new JobQuery(filter, sort, before, after, most, offset);
    }

    /** The newest {@code limit} jobs. */
    public static JobQuery newest(int limit) {
        return new JobQuery(JobFilter.NONE, limit, 0);
    }

    /** None of the jobs of a run set, only their counts. */
    public static JobQuery countOf(String runSet) {
        return new JobQuery(ofRunSet(runSet), 0, 0);
    }

    private static JobFilter ofRunSet(String id) {
        return new JobFilter(Set.of(), null, null, null, null, null, new JobOrigin(null, id, null), List.of());
    }

    /** The next jobs of a run set, newest first, before a sequence number if it is not null. */
    public static JobQuery ofRunSet(String id, Long before, int limit) {
        return new JobQuery(ofRunSet(id), null, before, null, limit, 0);
    }

    /** The newest {@code limit} ended jobs after the first {@code offset}. */
    public static JobQuery ended(int limit, long offset) {
        return new JobQuery(JobFilter.ended(), limit, offset);
    }
}
