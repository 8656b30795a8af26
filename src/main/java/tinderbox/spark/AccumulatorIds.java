package tinderbox.spark;

import org.apache.spark.executor.TaskMetrics;
import org.apache.spark.scheduler.AccumulableInfo;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * The ids of a stage attempt's accumulators. Heartbeats of running tasks identify accumulators by id only; all tasks of the
 * attempt share the ids.
 */
record AccumulatorIds(long bytes, long rows, long localRead, long remoteRead, long written) {
    /** The ids of a stage attempt, or null if Spark does not know them. */
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

    /** The metrics in a heartbeat of a running task; a missing one is 0. */
    TaskMetricsSum sum(Seq<AccumulableInfo> updates) {
        TaskMetricsSum sum = TaskMetricsSum.NONE;
        for (AccumulableInfo update : CollectionConverters.asJava(updates)) {
            if (update.update().isDefined() && update.update().get() instanceof Long value) {
                sum = sum.plus(single(update.id(), value));
            }
        }
        return sum;
    }

    private TaskMetricsSum single(long id, long value) {
        return new TaskMetricsSum(
                id == bytes ? value : 0,
                id == rows ? value : 0,
                id == localRead || id == remoteRead ? value : 0,
                id == written ? value : 0);
    }
}
