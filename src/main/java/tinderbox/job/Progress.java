package tinderbox.job;

/**
 * What Spark has done so far for a running attempt; measured, never estimated. A field is null where it is
 * not known.
 *
 * @param phase what the job type says it is doing, such as {@code counting}
 * @param stagesDone stages completed
 * @param stagesTotal stages known so far
 * @param tasksDone tasks completed
 * @param tasksRunning tasks at work now; also while a cancelled job's tasks stop
 * @param tasksTotal tasks known so far
 * @param bytesRead input bytes read by completed tasks
 * @param bytesTotal size of the input
 */
public record Progress(
        String phase,
        int stagesDone,
        int stagesTotal,
        int tasksDone,
        int tasksRunning,
        int tasksTotal,
        Long bytesRead,
        Long bytesTotal) {

    /** The same with another number of tasks at work. */
    public Progress withTasksRunning(int tasks) {
        return new Progress(phase, stagesDone, stagesTotal, tasksDone, tasks, tasksTotal, bytesRead, bytesTotal);
    }
}
