package tinderbox.job.result;

import java.util.LinkedHashMap;
import java.util.Map;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.json.Json;
import tinderbox.json.MalformedJsonException;

/** Checks what a job type says about its result, so that a job whose summary cannot be stored fails and says why. */
public final class StoredSummary {
    private static final int MAX_BYTES = 1 << 20;

    private StoredSummary() {}

    /**
     * Checks the summary of a result and the names of its columns, which are stored with it.
     *
     * @throws JobException if they could not be written as JSON and read again; {@link ErrorCode#LIMIT_EXCEEDED} if the
     *     summary is too large
     */
    public static void check(JobResult result) {
        Map<String, Object> summary = result.summary();
        if (summary == null) {
            throw new JobException(ErrorCode.JOB_ERROR, "The job type returned no summary", "it returns an empty map");
        }
        if (written("The summary of the result", summary).length > MAX_BYTES) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The summary of the result is larger than " + MAX_BYTES + " bytes",
                    "the job type writes rows with context.result(…)");
        }
        Map<String, Object> names = new LinkedHashMap<>();
        result.columns().forEach(column -> names.put(column.name(), true));
        written("The name of a column", names);
    }

    private static byte[] written(String what, Map<String, Object> object) {
        try {
            byte[] json = Json.write(object);
            Json.readStoredObject(json);
            return json;
        } catch (RuntimeException | MalformedJsonException e) {
            throw new JobException(
                    ErrorCode.JOB_ERROR,
                    what + " cannot be stored as JSON",
                    "the job type uses only texts, numbers, booleans, lists and maps");
        }
    }
}
