package tinderbox.job;

import java.util.Map;

/** Port: the job types. The domain checks every submission with it. */
public interface JobCatalog {
    /**
     * Checks the parameters of a submission.
     *
     * @return every parameter of the type, with defaults: String, Long or Boolean
     * @throws JobException {@link ErrorCode#INVALID_JOB} with all problems at once, including an unknown type
     */
    Map<String, Object> check(String type, Map<String, Object> params);
}
