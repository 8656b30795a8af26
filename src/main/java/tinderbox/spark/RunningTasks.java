package tinderbox.spark;

import java.util.SortedSet;
import java.util.TreeSet;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.TaskSchedulerImpl;
import org.apache.spark.scheduler.TaskSetManager;

/**
 * The running tasks of a job group, from Spark's scheduler. The listener bus lags and may drop events; the
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
            if (isOf(group, manager)) {
                running++;
            }
        }
        return running;
    }

    /** The ids of the executors on which they run. */
    static SortedSet<String> executors(SparkContext context, String group) {
        SortedSet<String> ids = new TreeSet<>();
        if (context.isStopped() || !(context.taskScheduler() instanceof TaskSchedulerImpl scheduler)) {
            return ids;
        }
        // The lock under which the scheduler changes its map of executors.
        synchronized (scheduler) {
            scheduler.taskIdToTaskSetManager().forEach((task, manager) -> {
                var executor = scheduler.taskIdToExecutorId().get(task);
                if (executor.isDefined() && isOf(group, manager)) {
                    ids.add(executor.get());
                }
            });
        }
        return ids;
    }

    private static boolean isOf(String group, TaskSetManager manager) {
        return group.equals(manager.taskSet().properties().getProperty(ProgressListener.GROUP));
    }
}
