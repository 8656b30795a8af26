package tinderbox.job;

import java.time.Duration;
import java.time.Instant;

/**
 * What Spark has done for one stage. A stage whose output is used again by a later Spark job of the attempt is there
 * once. The numbers are the stage's own: an input that is read by two stages counts in both.
 *
 * @param id Spark's number of the stage
 * @param attempts how often it was submitted; more than once where output was lost
 * @param name what it belongs to, as Spark names it; no path of this machine
 * @param state where it stands
 * @param tasks how many tasks it has
 * @param tasksDone tasks completed, each counted once
 * @param tasksRunning tasks at work now
 * @param tasksFailed tasks that failed, each time they did
 * @param bytesRead input bytes read; readers of a part of a file read up to a buffer beyond its end
 * @param rowsRead input rows read, or null before the first, and where Spark does not count them
 * @param shuffleReadBytes bytes read of what earlier stages wrote
 * @param shuffleWriteBytes bytes written for later stages
 * @param submittedAt when its first task could run, or null where that is not known
 * @param completedAt when it ended, well or not, or null where that is not known
 * @param incomplete whether Spark dropped events of this stage, so that its bytes and rows may be too few
 */
public record StageProgress(
        int id,
        int attempts,
        String name,
        State state,
        int tasks,
        int tasksDone,
        int tasksRunning,
        int tasksFailed,
        long bytesRead,
        Long rowsRead,
        long shuffleReadBytes,
        long shuffleWriteBytes,
        Instant submittedAt,
        Instant completedAt,
        boolean incomplete) {

    /** Where a stage stands. */
    public enum State {
        /** It waits for other stages. */
        PENDING,
        /** Its tasks run, or can. */
        RUNNING,
        /** It has done its work. */
        COMPLETE,
        /** It need not run, or not to its end. */
        SKIPPED,
        /** It was given up: a task failed too often, or the job was stopped. */
        FAILED
    }

    /** From its submission to its end, or null where one of them is not known. */
    public Duration duration() {
        return submittedAt == null || completedAt == null ? null : Duration.between(submittedAt, completedAt);
    }
}
