package tinderbox.spark;

import java.util.Locale;

/** What there is of the session that jobs run on. */
public enum SessionState {
    /** There is no session: Spark starts, or the cluster's master does not answer. */
    CONNECTING,
    /** The cluster's master knows the session, but there is no executor. */
    NO_EXECUTORS,
    /** Jobs run. */
    READY,
    /** Jobs run on the executors that there are, while the master does not answer. */
    DEGRADED,
    /** The master does not know the session any more, which is replaced by a new one. */
    FORGOTTEN;

    /** Whether this state may follow. A session can be given up in every state; only a connected one has executors. */
    boolean canBecome(SessionState next) {
        return switch (this) {
            case CONNECTING -> next == NO_EXECUTORS || next == READY;
            case NO_EXECUTORS, READY, DEGRADED -> next != this;
            case FORGOTTEN -> next == CONNECTING;
        };
    }

    /** Whether attempts can start. */
    public boolean runsJobs() {
        return this == READY || this == DEGRADED;
    }

    /** The name on the wire, such as {@code no_executors}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
