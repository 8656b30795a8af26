package tinderbox.spark;

import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Which accumulators of a stage attempt count what. The heartbeats of running tasks name them by id alone; all tasks of
 * the attempt share the ids.
 */
record AccumulatorIds(long bytes, long rows, long localRead, long remoteRead, long written) {
    /** Those of a stage attempt, or null where Spark does not know them. */
    static AccumulatorIds of(TaskMetrics metrics) {
        return metrics == null
                ? null
                : new AccumulatorIds(
                        metrics.inputMetrics()._bytesRead().id(),
                        metrics.inputMetrics()._recordsRead().id(),
                        metrics.shuffleReadMetrics()._localBytesRead().id(),
                        metrics.shuffleReadMetrics()._remoteBytesRead().id(),
                        metrics.shuffleWriteMetrics()._bytesWritten().id());
    }

    /** What a running task says that it has counted so far; a number that is not told is 0. */
    TaskMetricsSum read(Seq<AccumulableInfo> told) {
        TaskMetricsSum taskMetricsSum = TaskMetricsSum.NONE;
        for (AccumulableInfo number : CollectionConverters.asJava(told)) {
            if (number.update().isDefined() && number.update().get() instanceof Long value) {
                taskMetricsSum = taskMetricsSum.plus(counts(number.id(), value));
            }
        }
        return taskMetricsSum;
    }

    private TaskMetricsSum counts(long id, long value) {
        return new TaskMetricsSum(
                id == bytes ? value : 0,
                id == rows ? value : 0,
                id == localRead || id == remoteRead ? value : 0,
                id == written ? value : 0);
    }
}
