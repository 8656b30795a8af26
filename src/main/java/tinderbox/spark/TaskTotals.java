package tinderbox.spark;

import java.util.concurrent.atomic.LongAdder;
import org.apache.spark.Success$;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/** Counts the tasks of all sessions since the start. Spark may drop events under load, so the totals may be a little low. */
public final class TaskTotals extends SparkListener {
    private final LongAdder succeeded = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder killed = new LongAdder();
    private final LongAdder millis = new LongAdder();
    private final LongAdder inputBytes = new LongAdder();
    private final LongAdder shuffleReadBytes = new LongAdder();
    private final LongAdder shuffleWrittenBytes = new LongAdder();
    private final LongAdder removedExecutors = new LongAdder();

    TaskTotals() {}

    @Override
    public void onTaskEnd(SparkListenerTaskEnd event) {
        counter(event.reason()).increment();
        millis.add(event.taskInfo().duration());
        TaskMetricsSum sum = TaskMetricsSum.of(event.taskMetrics());
        inputBytes.add(sum.bytes());
        shuffleReadBytes.add(sum.shuffleRead());
        shuffleWrittenBytes.add(sum.shuffleWritten());
    }

    private LongAdder counter(TaskEndReason reason) {
        if (reason == Success$.MODULE$) {
            return succeeded;
        }
        return reason instanceof TaskKilled ? killed : failed;
    }

    @Override
    public void onExecutorRemoved(SparkListenerExecutorRemoved event) {
        removedExecutors.increment();
    }

    public long succeeded() {
        return succeeded.sum();
    }

    public long failed() {
        return failed.sum();
    }

    /** How many tasks were stopped, for example because their job was cancelled. */
    public long killed() {
        return killed.sum();
    }

    /** How long all tasks have run together. */
    public long millis() {
        return millis.sum();
    }

    public long inputBytes() {
        return inputBytes.sum();
    }

    public long shuffleReadBytes() {
        return shuffleReadBytes.sum();
    }

    public long shuffleWrittenBytes() {
        return shuffleWrittenBytes.sum();
    }

    /** How many executors have ended, or were lost. */
    public long removedExecutors() {
        return removedExecutors.sum();
    }
}
