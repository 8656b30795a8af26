package tinderbox.job;

/**
 * What Spark has done so far for an attempt; measured, never estimated. A field is null if its value is not known.
 *
 * <p>A skipped stage counts as done with all its tasks. A task that runs more than once counts once. Bytes and rows
 * include running tasks, updated once a second; they never decrease.
 *
 * @param phase the job type's name for its current phase, such as {@code counting}
 * @param stagesDone stages completed or skipped
 * @param stagesTotal stages known so far
 * @param tasksDone tasks completed or skipped
 * @param tasksRunning tasks that run now, including those of a cancelled job that have not stopped yet
 * @param tasksTotal tasks known so far
 * @param bytesRead input bytes read, as compressed on disk; at most {@code bytesTotal}, even if the input is read twice
 * @param bytesTotal size of the input
 * @param rowsRead input rows read, each time they are read; null before the first, and if Spark does not count them
 * @param shuffleReadBytes bytes that tasks read from the output of earlier stages
 * @param shuffleWriteBytes bytes that tasks wrote for later stages
 */
public record Progress(
        String phase,
        int stagesDone,
        int stagesTotal,
        int tasksDone,
        int tasksRunning,
        int tasksTotal,
        Long bytesRead,
        Long bytesTotal,
        Long rowsRead,
        long shuffleReadBytes,
        long shuffleWriteBytes) {

    /** A copy with another number of running tasks. */
    public Progress withTasksRunning(int tasks) {
        return new Progress(
                phase,
                stagesDone,
                stagesTotal,
                tasksDone,
                tasks,
                tasksTotal,
                bytesRead,
                bytesTotal,
                rowsRead,
                shuffleReadBytes,
                shuffleWriteBytes);
    }
}
