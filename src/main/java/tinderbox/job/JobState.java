package tinderbox.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * The state of a job. Terminal states are final. A job returns from {@code RUNNING} to {@code PENDING} only if its attempt
 * was lost or did not start: the server or Spark died, the machine ran out of something, or the server stops. A job that
 * was asked to stop is never queued again.
 */
public enum JobState {
    /** Accepted and stored; waits for a free slot. */
    PENDING,
    /** An attempt runs. */
    RUNNING,
    /** Its attempt has been asked to stop; tasks may still run. */
    CANCELLING,
    /** Ended with a published result. */
    SUCCEEDED,
    /** Ended with a {@link Failure}. */
    FAILED,
    /** Ended on request; none of its tasks runs any more. */
    CANCELLED;

    /** Whether a job in this state may become {@code next}; the only place that decides this. */
    public boolean canBecome(JobState next) {
        return successors().contains(next);
    }

    private Set<JobState> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(RUNNING, CANCELLED);
            case RUNNING -> EnumSet.of(CANCELLING, SUCCEEDED, FAILED, PENDING);
            case CANCELLING -> EnumSet.of(CANCELLED, SUCCEEDED, FAILED);
            case SUCCEEDED, FAILED, CANCELLED -> EnumSet.noneOf(JobState.class);
        };
    }

    /** Whether the job has ended for good. */
    public boolean isTerminal() {
        return successors().isEmpty();
    }

    /** Whether an attempt of the job holds a slot. */
    public boolean isRunning() {
        return this == RUNNING || this == CANCELLING;
    }
}
