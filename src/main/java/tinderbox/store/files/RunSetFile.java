package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobId;
import tinderbox.job.Labels;
import tinderbox.job.RunSet;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** {@code run-sets/<id>.json}: a run set. */
@CompiledJson
public record RunSetFile(
        @JsonAttribute(name = "run_set_id", mandatory = true)
        String id,

        @JsonAttribute(mandatory = true) long seq,
        @JsonAttribute(mandatory = true) String type,
        @JsonAttribute(mandatory = true) String name,
        @JsonAttribute(mandatory = true) boolean named,
        @JsonAttribute(mandatory = true) Map<String, Object> params,

        @JsonAttribute(name = "for_each", mandatory = true) Map<String, Object> forEach,

        @JsonAttribute(mandatory = true) Map<String, String> labels,
        String note,

        @JsonAttribute(name = "submitted_by", mandatory = true)
        String submittedBy,

        @JsonAttribute(name = "submitted_at", mandatory = true)
        Instant submittedAt,

        @JsonAttribute(name = "rerun_of") String rerunOf,
        @JsonAttribute(name = "edited_by") String editedBy,
        @JsonAttribute(name = "edited_at") Instant editedAt,
        @JsonAttribute(name = "idempotency_key") String idempotencyKey,
        @JsonAttribute(name = "body_sha256") String bodySha256,
        @JsonAttribute(mandatory = true) List<String> jobs) {
    public static byte[] write(RunSet set) {
        IdempotencyKey key = set.idempotencyKey();
        return Json.write(new RunSetFile(
                set.id(),
                set.seq(),
                set.type(),
                set.name(),
                set.isNamed(),
                set.params(),
                new LinkedHashMap<>(set.forEach()),
                set.labels(),
                set.note(),
                set.submittedBy(),
                set.submittedAt(),
                set.rerunOf(),
                set.editedBy(),
                set.editedAt(),
                key == null ? null : key.key(),
                key == null ? null : key.bodySha256(),
                set.jobs().stream().map(JobId::toString).toList()));
    }

    public static RunSet read(byte[] json) throws MalformedJsonException {
        RunSetFile file = Json.read(RunSetFile.class, json);
        Map<String, List<Object>> forEach = new LinkedHashMap<>();
        file.forEach.forEach((name, values) -> forEach.put(name, List.copyOf((List<?>) values)));
        return new RunSet(
                file.id,
                file.seq,
                file.type,
                file.name,
                file.named,
                file.params,
                forEach,
                Labels.allowed(file.labels),
                file.note,
                file.submittedBy,
                file.submittedAt,
                file.rerunOf,
                file.editedBy,
                file.editedAt,
                file.idempotencyKey == null ? null : new IdempotencyKey(file.idempotencyKey, file.bodySha256),
                file.jobs.stream().map(JobId::parse).toList());
    }
}
