package tinderbox.job.dispatch;

/** The state of an {@link Attempt}. */
enum AttemptState {
    /** The runner does not know it yet. */
    STARTING,
    /** The runner runs it. */
    RUNNING,
    /** It was asked to stop, and has not ended. */
    STOPPING,
    /** It has ended, or could not start. Its end is not written, so it keeps its slot. */
    REPORTING,
    /** Its end is written, and its slot is free. */
    COMMITTED;

    /**
     * Whether an attempt in this state may become {@code next}; the only place that decides this. Allocates nothing, because
     * an attempt may end for want of memory.
     */
    boolean canBecome(AttemptState next) {
        return switch (this) {
            case STARTING -> next == RUNNING || next == STOPPING || next == REPORTING;
            case RUNNING -> next == STOPPING || next == REPORTING;
            case STOPPING -> next == REPORTING;
            case REPORTING -> next == COMMITTED;
            case COMMITTED -> false;
        };
    }
}
