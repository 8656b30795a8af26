package tinderbox.jobtype.sql;

import org.apache.spark.TaskContext;

/** Called by what Spark compiles for a query, in its inner loops; public for that reason only. */
public final class Interrupts {
    private Interrupts() {}

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
}
