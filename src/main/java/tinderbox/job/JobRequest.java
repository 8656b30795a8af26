package tinderbox.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What was accepted: the part of a job that never changes, durable before the caller hears of it.
 *
 * @param id the job
 * @param seq grows with every job of a data dir: the order everywhere, whatever the clock does
 * @param type the job type's name
 * @param name the caller's own name for it, or one made from type and input
 * @param params every parameter of the type, defaults filled in: String, Long or Boolean
 * @param submittedBy who sent it
 * @param submittedAt when it was accepted
 * @param rerunOf the job that this one repeats, or null
 * @param idempotencyKey what makes a second sending of it the same job, or null
 */
public record JobRequest(
        JobId id,
        long seq,
        String type,
        String name,
        Map<String, Object> params,
        String submittedBy,
        Instant submittedAt,
        JobId rerunOf,
        IdempotencyKey idempotencyKey) {
    public JobRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        Objects.requireNonNull(submittedBy, "submittedBy");
        Objects.requireNonNull(submittedAt, "submittedAt");
    }

    /** The same with another place in the order of acceptance. */
    public JobRequest withSeq(long other) {
        return new JobRequest(id, other, type, name, params, submittedBy, submittedAt, rerunOf, idempotencyKey);
    }
}
