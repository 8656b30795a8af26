package tinderbox.job;

import java.time.Duration;
import java.util.List;

/**
 * A job with what is only known while it is unfinished.
 *
 * @param job the job
 * @param ran how long its newest attempt has run, or null before the first
 * @param queuePosition 1 for the job that starts next, or null unless PENDING
 * @param progress what Spark has done for it, or null unless an attempt runs
 * @param warnings what a user should know about its newest attempt, as plain sentences
 */
public record JobView(Job job, Duration ran, Integer queuePosition, Progress progress, List<String> warnings) {
    /** The same with other progress. */
    public JobView withProgress(Progress other) {
        return new JobView(job, ran, queuePosition, other, warnings);
    }
}
