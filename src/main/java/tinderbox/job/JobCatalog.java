package tinderbox.job;

import java.util.Map;

/** Port: the job types. The domain checks every submission with it. */
public interface JobCatalog {
    /**
     * Checks the parameters of a submission.
     *
     * @param visibility whose uploads and results its job may read
     * @throws JobException {@link ErrorCode#INVALID_JOB} with all problems at once, including an unknown type
     */
    CheckedSubmission check(String type, Map<String, Object> params, Visibility visibility);
}
