package tinderbox.spark;

import org.apache.spark.executor.TaskMetrics;

/** What tasks have read and written: input bytes and rows, shuffle bytes. */
record Counts(long bytes, long rows, long shuffleRead, long shuffleWritten) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    /** Of a task that has ended, or of all tasks of a stage attempt; none where Spark does not know. */
    static Counts of(TaskMetrics metrics) {
        return metrics == null
                ? NONE
                : new Counts(
                        metrics.inputMetrics().bytesRead(),
                        metrics.inputMetrics().recordsRead(),
                        metrics.shuffleReadMetrics().totalBytesRead(),
                        metrics.shuffleWriteMetrics().bytesWritten());
    }

    Counts plus(Counts other) {
        return new Counts(
                bytes + other.bytes,
                rows + other.rows,
                shuffleRead + other.shuffleRead,
                shuffleWritten + other.shuffleWritten);
    }

    /** The greater of each. */
    Counts max(Counts other) {
        return new Counts(
                Math.max(bytes, other.bytes),
                Math.max(rows, other.rows),
                Math.max(shuffleRead, other.shuffleRead),
                Math.max(shuffleWritten, other.shuffleWritten));
    }

    /** The rows, or null where none has been counted: a reader that counts none cannot be told from an empty input. */
    Long rowsIfAny() {
        return rows == 0 ? null : rows;
    }
}
