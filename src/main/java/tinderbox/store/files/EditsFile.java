package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import java.util.Map;
import tinderbox.job.JobEdits;
import tinderbox.job.JobId;
import tinderbox.job.Labels;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** {@code edits.json}: what was changed of the job after its submission. */
@CompiledJson
public record EditsFile(
        @JsonAttribute(name = "job_id", mandatory = true) String id,
        String name,
        @JsonAttribute(mandatory = true) Map<String, String> labels,
        String note,
        @JsonAttribute(name = "edited_by", mandatory = true) String by,
        @JsonAttribute(name = "edited_at", mandatory = true) Instant at) {

    /** The file for these edits. */
    public static byte[] write(JobId id, JobEdits edits) {
        return Json.write(
                new EditsFile(id.toString(), edits.name(), edits.labels(), edits.note(), edits.by(), edits.at()));
    }

    /**
     * Reads the edits.
     *
     * @throws IllegalArgumentException if they are those of another job
     */
    public static JobEdits read(JobId id, byte[] json) throws MalformedJsonException {
        EditsFile file = Json.read(EditsFile.class, json);
        if (!file.id.equals(id.toString())) {
            throw new IllegalArgumentException("the edits are those of job " + file.id);
        }
        return new JobEdits(file.name, Labels.allowed(file.labels), file.note, file.by, file.at);
    }
}
