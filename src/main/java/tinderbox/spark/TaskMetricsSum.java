package tinderbox.spark;

import org.apache.spark.executor.TaskMetrics;

/** What tasks have read and written: input bytes and rows, shuffle bytes. */
record TaskMetricsSum(long bytes, long rows, long shuffleRead, long shuffleWritten) {
    static final TaskMetricsSum NONE = new TaskMetricsSum(0, 0, 0, 0);

    /** The metrics of an ended task or of a stage attempt; {@link #NONE} if Spark does not know them. */
    static TaskMetricsSum of(TaskMetrics metrics) {
        return metrics == null
                ? NONE
                : new TaskMetricsSum(
                        metrics.inputMetrics().bytesRead(),
                        metrics.inputMetrics().recordsRead(),
                        metrics.shuffleReadMetrics().totalBytesRead(),
                        metrics.shuffleWriteMetrics().bytesWritten());
    }

    TaskMetricsSum plus(TaskMetricsSum other) {
        return new TaskMetricsSum(
                bytes + other.bytes,
                rows + other.rows,
                shuffleRead + other.shuffleRead,
                shuffleWritten + other.shuffleWritten);
    }

    /** The maximum of each number. */
    TaskMetricsSum max(TaskMetricsSum other) {
        return new TaskMetricsSum(
                Math.max(bytes, other.bytes),
                Math.max(rows, other.rows),
                Math.max(shuffleRead, other.shuffleRead),
                Math.max(shuffleWritten, other.shuffleWritten));
    }

    /** The rows, or null if there are none, because some readers do not count rows. */
    Long rowsIfAny() {
        return rows == 0 ? null : rows;
    }
}
