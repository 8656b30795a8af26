package tinderbox.job;

/**
 * An order of a list other than the default, newest first. Jobs without a value come last in both directions, and jobs
 * with equal values in the default order.
 *
 * @param column what the jobs are sorted by
 * @param descending whether the greatest value comes first
 */
public record JobSort(Column column, boolean descending) {
    /** A sorted page begins after at most this many jobs, because finding it needs memory for all of them. */
    public static final int MAX_OFFSET = 10_000;

    /** What a list can be sorted by. */
    public enum Column {
        SUBMITTED_AT,
        FINISHED_AT,
        DURATION_MS,
        /** Ignoring case. */
        NAME,
        TYPE,
        /** In the order of {@link JobState}. */
        STATUS,
        SUBMITTED_BY
    }
}
