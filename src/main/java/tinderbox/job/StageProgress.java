package tinderbox.job;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What Spark has done for one stage. A stage whose output a later Spark job of the attempt uses again is listed once. An
 * input that two stages read counts in both.
 *
 * @param id Spark's number of the stage
 * @param attempts how often it was submitted; more than once if output was lost
 * @param name Spark's name for it, without paths of this machine
 * @param state its state
 * @param tasks how many tasks it has
 * @param tasksDone tasks completed, each counted once
 * @param tasksRunning tasks that run now
 * @param tasksFailed failures of tasks
 * @param bytesRead input bytes read; a reader of a part of a file may read up to a buffer beyond the part's end
 * @param rowsRead input rows read, or null before the first, and if Spark does not count them
 * @param shuffleReadBytes bytes read from the output of earlier stages
 * @param shuffleWriteBytes bytes written for later stages
 * @param submittedAt when its first task could run, or null if that is not known
 * @param completedAt when it completed or failed, or null if that is not known
 * @param incomplete whether Spark dropped events of this stage, so that its bytes and rows may be too few
 * @param hosts on which hosts of a cluster how many of its tasks have started, those with the most first, at most
 *     {@link #MAX_HOSTS}; empty with a local master
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
        boolean incomplete,
        List<HostTasks> hosts) {
    /** The largest number of hosts that are listed. */
    public static final int MAX_HOSTS = 100;

    public StageProgress {
        hosts = List.copyOf(hosts);
    }

    /** How many tasks have started on a host. */
    public record HostTasks(String host, int tasks) {}

    /** The state of a stage. */
    public enum State {
        /** It waits for other stages. */
        PENDING,
        /** Its tasks run or can run. */
        RUNNING,
        /** All its tasks have completed. */
        COMPLETE,
        /** Its output was already there, or the job ended without it. */
        SKIPPED,
        /** A task failed too often, or the job was stopped. */
        FAILED
    }

    /** From its submission to its completion, or null if one of them is not known. */
    public Duration duration() {
        return submittedAt == null || completedAt == null ? null : Duration.between(submittedAt, completedAt);
    }
}
