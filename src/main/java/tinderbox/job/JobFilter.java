package tinderbox.job;

import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Which jobs to list; all conditions must hold.
 *
 * @param states only jobs in one of these; empty for all
 * @param type only jobs of this type; null for all
 * @param text only jobs whose name, id, search text, note or cause of failure contains this, ignoring case; null for all
 * @param submittedBy only jobs of this submitter; null for all
 * @param since only jobs submitted at this time or later; null for all
 * @param until only jobs submitted before this time; null for all
 * @param origin only jobs that come from this; {@link JobOrigin#NONE} for all
 * @param labels only jobs that have all of these
 * @param visibility whose jobs may be listed and counted at all
 */
public record JobFilter(
        Set<JobState> states,
        String type,
        String text,
        String submittedBy,
        Instant since,
        Instant until,
        JobOrigin origin,
        List<Label> labels,
        Visibility visibility) {
    /** All jobs. */
    public static final JobFilter NONE = inStates(Set.of());

    /** A label with this key and, unless it is null, this value. */
    public record Label(String key, String value) {}

    public JobFilter {
        states = states.isEmpty() ? EnumSet.noneOf(JobState.class) : EnumSet.copyOf(states);
        labels = List.copyOf(labels);
    }

    /** Of everybody's jobs. */
    public JobFilter(
            Set<JobState> states,
            String type,
            String text,
            String submittedBy,
            Instant since,
            Instant until,
            JobOrigin origin,
            List<Label> labels) {
        this(states, type, text, submittedBy, since, until, origin, labels, Visibility.ALL);
    }

    /** The same filter among the jobs that somebody sees. */
    public JobFilter among(Visibility visible) {
        return new JobFilter(states, type, text, submittedBy, since, until, origin, labels, visible);
    }

    /** The ended jobs. */
    public static JobFilter ended() {
        Set<JobState> ended = EnumSet.allOf(JobState.class);
        ended.removeIf(state -> !state.isTerminal());
        return inStates(ended);
    }

    /** The jobs in one of these states. */
    public static JobFilter inStates(Set<JobState> states) {
        return new JobFilter(states, null, null, null, null, null, JobOrigin.NONE, List.of());
    }

    /** Whether jobs in this state are listed. */
    public boolean includes(JobState state) {
        return states.isEmpty() || states.contains(state);
    }

    /** Whose jobs match: those of {@link #submittedBy} if they may be seen, or all that may. */
    public Visibility submitters() {
        return submittedBy == null ? visibility : visibility.only(submittedBy);
    }

    /** Whether it looks at nothing but the states and submitters of jobs. */
    public boolean isByStateAndSubmitter() {
        return type == null
                && text == null
                && since == null
                && until == null
                && origin.equals(JobOrigin.NONE)
                && labels.isEmpty();
    }
}
