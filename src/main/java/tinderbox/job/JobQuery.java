package tinderbox.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Which jobs to list, newest first.
 *
 * @param states only jobs in one of these; empty for all
 * @param type only jobs of this type; null for all
 * @param text only jobs whose name, id or search text contains this, ignoring case; null for all
 * @param submittedBy only jobs of this submitter; null for all
 * @param limit the maximum number of jobs
 * @param offset how many of the newest jobs to skip
 * @param visibility whose jobs may be listed and counted at all
 */
public record JobQuery(
        Set<JobState> states,
        String type,
        String text,
        String submittedBy,
        int limit,
        long offset,
        Visibility visibility) {
    public JobQuery {
        states = states.isEmpty() ? EnumSet.noneOf(JobState.class) : EnumSet.copyOf(states);
    }

    /** Of everybody's jobs. */
    public JobQuery(Set<JobState> states, String type, String text, String submittedBy, int limit, long offset) {
        this(states, type, text, submittedBy, limit, offset, Visibility.ALL);
    }

    /** The same query among the jobs that somebody sees. */
    public JobQuery among(Visibility visible) {
        return new JobQuery(states, type, text, submittedBy, limit, offset, visible);
    }

    /** Whose jobs match: those of {@link #submittedBy} if they may be seen, or all that may. */
    public Visibility submitters() {
        return submittedBy == null ? visibility : visibility.only(submittedBy);
    }

    /** The newest {@code limit} jobs. */
    public static JobQuery newest(int limit) {
        return new JobQuery(Set.of(), null, null, null, limit, 0);
    }

    /** The newest {@code limit} ended jobs after the first {@code offset}. */
    public static JobQuery ended(int limit, long offset) {
        Set<JobState> ended = EnumSet.allOf(JobState.class);
        ended.removeIf(state -> !state.isTerminal());
        return new JobQuery(ended, null, null, null, limit, offset);
    }
}
