package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.Map;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** {@code request.json}: what was accepted. */
@CompiledJson
public record RequestFile(
        @JsonAttribute(name = "job_id", mandatory = true) String id,
        @JsonAttribute(mandatory = true) long seq,
        @JsonAttribute(mandatory = true) String type,
        @JsonAttribute(mandatory = true) String name,
        @JsonAttribute(mandatory = true) Map<String, Object> params,

        @JsonAttribute(name = "submitted_by", mandatory = true)
        String submittedBy,

        @JsonAttribute(name = "submitted_at", mandatory = true)
        Instant submittedAt,

        @JsonAttribute(name = "rerun_of") String rerunOf,
        @JsonAttribute(name = "idempotency_key") String idempotencyKey,
        @JsonAttribute(name = "body_sha256") String bodySha256) {

    public static byte[] write(JobRequest request) {
        return Json.write(new RequestFile(
                request.id().toString(),
                request.seq(),
                request.type(),
                request.name(),
                request.params(),
                request.submittedBy(),
                request.submittedAt(),
                request.rerunOf() == null ? null : request.rerunOf().toString(),
                request.idempotencyKey() == null
                        ? null
                        : request.idempotencyKey().key(),
                request.idempotencyKey() == null
                        ? null
                        : request.idempotencyKey().bodySha256()));
    }

    public static JobRequest read(byte[] json) throws MalformedJsonException {
        RequestFile file = Json.read(RequestFile.class, json);
        return new JobRequest(
                JobId.parse(file.id),
                file.seq,
                file.type,
                file.name,
                file.params,
                file.submittedBy,
                file.submittedAt,
                file.rerunOf == null ? null : JobId.parse(file.rerunOf),
                file.idempotencyKey == null ? null : new IdempotencyKey(file.idempotencyKey, file.bodySha256));
    }
}
