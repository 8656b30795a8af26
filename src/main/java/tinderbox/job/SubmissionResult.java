package tinderbox.job;

/**
 * What became of a submission.
 *
 * @param view the job
 * @param replayed whether it is the job that an earlier sending of the same submission made
 */
public record SubmissionResult(JobView view, boolean replayed) {}
