package tinderbox.job;

import java.util.List;
import java.util.Map;

/**
 * A run set to submit.
 *
 * @param type the job type's name
 * @param name the submitter's name for it; null or blank for a default name
 * @param params the parameters that all jobs share, as submitted
 * @param forEach the values of each parameter that varies, as submitted
 * @param labels what the submitter says about it
 * @param submittedBy the name of the submitter
 * @param idempotencyKey identifies repeated submissions of it, or null
 */
public record RunSetSubmission(
        String type,
        String name,
        Map<String, Object> params,
        Map<String, List<Object>> forEach,
        Map<String, String> labels,
        String submittedBy,
        IdempotencyKey idempotencyKey) {}
