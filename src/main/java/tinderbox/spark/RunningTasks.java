package tinderbox.spark;

import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSetManager;

/**
 * The number of running tasks of a job group, from Spark's scheduler. The listener bus lags and may drop events; the
 * scheduler removes a task only when its executor has reported its end.
 */
final class RunningTasks {
    private RunningTasks() {}

    static int of(SparkContext context, String group) {
        if (context.isStopped() || !(context.taskScheduler() instanceof TaskSchedulerImpl scheduler)) {
            return 0;
        }
        int running = 0;
        for (TaskSetManager manager : scheduler.taskIdToTaskSetManager().values()) {
            if (group.equals(manager.taskSet().properties().getProperty("spark.jobGroup.id"))) {
                running++;
            }
        }
        return running;
    }
}
