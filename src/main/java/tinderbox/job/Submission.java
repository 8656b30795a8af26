package tinderbox.job;

import java.util.Map;

/**
 * A job to submit.
 *
 * @param type the job type's name
 * @param name the submitter's name for the job; null or blank for a default name
 * @param params parameters as submitted; absent ones get their defaults
 * @param labels what the submitter says about it
 * @param preset the id of the preset from which it is submitted, or null
 * @param submittedBy the name of the submitter
 * @param idempotencyKey identifies repeated submissions of it, or null
 */
public record Submission(
        String type,
        String name,
        Map<String, Object> params,
        Map<String, String> labels,
        String preset,
        String submittedBy,
        IdempotencyKey idempotencyKey) {
    /** A job of no preset. */
    public Submission(
            String type,
            String name,
            Map<String, Object> params,
            Map<String, String> labels,
            String submittedBy,
            IdempotencyKey idempotencyKey) {
        this(type, name, params, labels, null, submittedBy, idempotencyKey);
    }

    /** A job without labels, of no preset. */
    public Submission(
            String type, String name, Map<String, Object> params, String submittedBy, IdempotencyKey idempotencyKey) {
        this(type, name, params, Map.of(), submittedBy, idempotencyKey);
    }
}
