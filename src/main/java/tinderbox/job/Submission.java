package tinderbox.job;

import java.util.Map;

/**
 * What somebody asks to have run.
 *
 * @param type the job type's name
 * @param name the caller's name for the job; null or blank to have one made
 * @param params parameters as sent; what is absent takes its default
 * @param submittedBy who asks
 * @param idempotencyKey what makes a second sending the same job, or null
 */
public record Submission(
        String type, String name, Map<String, Object> params, String submittedBy, IdempotencyKey idempotencyKey) {}
