package tinderbox.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a job stands. The terminal states are final. {@code RUNNING} returns to {@code PENDING} only when the attempt
 * was taken from the job: its process is gone, Spark died, or the server was asked to stop. A job that was asked to
 * stop never waits again.
 */
public enum JobState {
    /** Accepted and durable; waits for a free slot. */
    PENDING,
    /** An attempt runs. */
    RUNNING,
    /** An attempt has been asked to stop; its tasks may still run. */
    CANCELLING,
    /** Ended with a published result. */
    SUCCEEDED,
    /** Ended with a {@link Failure}. */
    FAILED,
    /** Ended because somebody asked for it; no task of it runs any more. */
    CANCELLED;

    /** Whether a job in this state may become {@code next}: the one place that decides legality. */
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
