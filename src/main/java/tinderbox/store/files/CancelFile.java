package tinderbox.store.files;

import com.dslplatform.json.CompiledJson;
import com.dslplatform.json.JsonAttribute;
import java.time.Instant;
import tinderbox.job.CancelRequest;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** {@code cancel.json}: who cancelled the job, when and why. */
@CompiledJson
public record CancelFile(
        @JsonAttribute(mandatory = true) String by,
        @JsonAttribute(mandatory = true) Instant at,
        @JsonAttribute(mandatory = true) String reason) {

    public static byte[] write(CancelRequest cancel) {
        return Json.write(
                new CancelFile(cancel.by(), cancel.at(), cancel.reason().name()));
    }

    public static CancelRequest read(byte[] json) throws MalformedJsonException {
        CancelFile file = Json.read(CancelFile.class, json);
        return new CancelRequest(file.by, file.at, CancelRequest.Reason.valueOf(file.reason));
    }
}
