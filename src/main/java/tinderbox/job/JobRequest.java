package tinderbox.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The accepted request of a job: its part that never changes, stored before the client gets a response.
 *
 * @param id the id of the job
 * @param seq grows with every job of a data dir; it defines the order of jobs, because clocks jump
 * @param type the job type's name
 * @param name the submitter's name for it, or one composed of type and input
 * @param params every parameter of the type, with defaults: String, Long or Boolean
 * @param submittedBy the name of the submitter
 * @param submittedAt when it was accepted
 * @param rerunOf the job that this one repeats, or null
 * @param idempotencyKey identifies repeated submissions of it, or null
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

    /** A copy with another sequence number. */
    public JobRequest withSeq(long newSeq) {
        return new JobRequest(id, newSeq, type, name, params, submittedBy, submittedAt, rerunOf, idempotencyKey);
    }
}
