package tinderbox.job;

import java.time.Duration;
import java.util.List;

/**
 * A job, with live details that exist only until it has ended.
 *
 * @param job the job
 * @param ran how long its newest attempt has run, or null before the first
 * @param queuePosition the place in the queue, 1 for the first, or null if it is not PENDING
 * @param progress what Spark has done for it so far, or null if no attempt runs
 * @param warnings what a user should know about its newest attempt, as plain sentences
 */
public record JobView(Job job, Duration ran, Integer queuePosition, Progress progress, List<String> warnings) {
    /** How many of its tasks run now. */
    public int tasksRunning() {
        return progress == null ? 0 : progress.tasksRunning();
    }

    /** A copy with other progress. */
    public JobView withProgress(Progress other) {
        return new JobView(job, ran, queuePosition, other, warnings);
    }
}
