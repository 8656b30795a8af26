package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobId;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobRequest;
import tinderbox.job.Labels;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/**
 * {@code request.json}: what was accepted.
 *
 * @param named whether the submitter chose the name; null in files of older servers, which did not tell
 * @param inputs the paths of the datasets that the job reads; null in files of older servers
 * @param labels its labels; null if there are none, as in files of older servers
 * @param runSet the run set to which the job belongs; null if to none, as in files of older servers
 * @param preset the preset from which it was submitted; null if from none, as in files of older servers
 * @param searchText what a search finds it by; null in files of older servers
 */
@CompiledJson
public record RequestFile(
        @JsonAttribute(name = "job_id", mandatory = true) String id,
        @JsonAttribute(mandatory = true) long seq,
        @JsonAttribute(mandatory = true) String type,
        @JsonAttribute(mandatory = true) String name,
        Boolean named,
        @JsonAttribute(mandatory = true) Map<String, Object> params,
        List<String> inputs,
        @JsonAttribute(name = "search_text") String searchText,
        Map<String, String> labels,

        @JsonAttribute(name = "submitted_by", mandatory = true)
        String submittedBy,

        @JsonAttribute(name = "submitted_at", mandatory = true)
        Instant submittedAt,

        @JsonAttribute(name = "rerun_of") String rerunOf,
        @JsonAttribute(name = "run_set") String runSet,
        String preset,
        @JsonAttribute(name = "idempotency_key") String idempotencyKey,
        @JsonAttribute(name = "body_sha256") String bodySha256) {

    public static byte[] write(JobRequest request) {
        return Json.write(new RequestFile(
                request.id().toString(),
                request.seq(),
                request.type(),
                request.name(),
                request.isNamed(),
                request.params(),
                request.inputs(),
                request.searchText(),
                request.labels().isEmpty() ? null : request.labels(),
                request.submittedBy(),
                request.submittedAt(),
                request.origin().rerunOf() == null
                        ? null
                        : request.origin().rerunOf().toString(),
                request.origin().runSet(),
                request.origin().preset(),
                request.idempotencyKey() == null
                        ? null
                        : request.idempotencyKey().key(),
                request.idempotencyKey() == null
                        ? null
                        : request.idempotencyKey().bodySha256()));
    }

    public static JobRequest read(byte[] json) throws MalformedJsonException {
        RequestFile file = Json.read(RequestFile.class, json);
        List<String> inputs = file.inputs == null ? file.olderInputs() : file.inputs;
        return new JobRequest(
                JobId.parse(file.id),
                file.seq,
                file.type,
                file.name,
                file.named == null || file.named,
                file.params,
                inputs,
                file.searchText == null ? String.join("\n", inputs) : file.searchText,
                // The index has no room for others, as a newer server may have accepted.
                file.labels == null ? Map.of() : Labels.allowed(file.labels),
                file.submittedBy,
                file.submittedAt,
                JobOrigin.of(file.rerunOf == null ? null : JobId.parse(file.rerunOf), file.runSet, file.preset),
                file.idempotencyKey == null ? null : new IdempotencyKey(file.idempotencyKey, file.bodySha256));
    }

    /** The inputs of a job that an older server accepted: its job types named them in this parameter. */
    private List<String> olderInputs() {
        return params.get("input") instanceof String input ? List.of(input) : List.of();
    }
}
