package tinderbox.job;

/**
 * What Spark has done so far for an attempt; measured, never estimated. A field is null where it is not known.
 *
 * <p>A skipped stage counts as done with all its tasks. A task that is run again, or twice at the same time, counts
 * once. Bytes and rows are those of finished tasks and, once a second, of running ones; they never go down.
 *
 * @param phase what the job type says it is doing, such as {@code counting}
 * @param stagesDone stages completed or skipped
 * @param stagesTotal stages known so far
 * @param tasksDone tasks completed or skipped
 * @param tasksRunning tasks at work now; also while a cancelled job's tasks stop
 * @param tasksTotal tasks known so far
 * @param bytesRead input bytes read, packed as they are on disk; no more than {@code bytesTotal}, so that an input that
 *     is read a second time counts once
 * @param bytesTotal size of the input
 * @param rowsRead input rows read, each time they are read; null before the first, and where Spark does not count them
 * @param shuffleReadBytes bytes that tasks read of what tasks before them wrote
 * @param shuffleWriteBytes bytes that tasks wrote for tasks after them
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

    /** The same with another number of tasks at work. */
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
