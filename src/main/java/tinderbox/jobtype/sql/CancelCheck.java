package tinderbox.jobtype.sql;

import org.apache.spark.TaskContext;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Called by what Spark compiles for a query, in its inner loops; public for that reason only. */
public final class CancelCheck {
    private CancelCheck() {}

    /**
     * Whether the task goes on: always true, or it is stopped.
     *
     * @throws org.apache.spark.TaskKilledException if the task was cancelled
     */
    public static boolean proceed() {
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.killTaskIfInterrupted();
        }
        return true;
    }

    /**
     * As {@link #proceed}, where values may be kept in memory.
     *
     * @throws JobException {@link ErrorCode#OUT_OF_MEMORY} if there is hardly any left
     */
    public static boolean proceedIfMemory() {
        TaskContext task = TaskContext.get();
        if (task != null) {
            task.killTaskIfInterrupted();
            if (HeapWatch.of(task).isNearlyFull()) {
                throw new JobException(
                        ErrorCode.OUT_OF_MEMORY,
                        "The query collects more values than there is memory for",
                        "collect fewer or shorter values, for example after a filter or in smaller groups, or use count,"
                                + " approx_percentile and the like, which keep no values");
            }
        }
        return true;
    }
}
