package tinderbox.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSetManager;

/**
 * How many tasks of a job group run at this moment, as Spark's scheduler knows it. The listener bus lags and
 * may drop events; the scheduler forgets a task only when its executor has reported that it ended.
 */
final class RunningTasks {
    private RunningTasks() {}

    static int of(SparkContext context, String group) {
        if (context.isStopped() || !(context.taskScheduler() instanceof TaskSchedulerImpl scheduler)) {
            return 0;
        }
        int live = 0;
        for (TaskSetManager manager : scheduler.taskIdToTaskSetManager().values()) {
            if (group.equals(manager.taskSet().properties().getProperty("spark.jobGroup.id"))) {
                live++;
            }
        }
        return live;
    }
}
