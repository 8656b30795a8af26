package tinderbox.job;

/**
 * The result of a submission.
 *
 * @param view the job
 * @param replayed whether an earlier submission with the same key created it
 */
public record SubmissionResult(JobView view, boolean replayed) {}
