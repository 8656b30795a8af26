package tinderbox.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of what users say about a job: a merge patch, so what is absent stays as it is.
 *
 * @param setsName whether it has a name
 * @param name the new name, or null for that of the submission
 * @param setsNote whether it has a note
 * @param note the new note, or null for none
 * @param dropsLabels whether it removes all other labels
 * @param labels new labels; one whose value is null is removed
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7396">RFC 7396: JSON Merge Patch</a>
 */
public record JobPatch(
        boolean setsName, String name, boolean setsNote, String note, boolean dropsLabels, Map<String, String> labels) {
    public JobPatch {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    }

    /**
     * The job with this change; the same job if it changes nothing.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB} if the job would have too many labels, or wrong ones
     */
    public Job applyTo(Job job, String by, Instant at) {
        Map<String, String> merged = labelsOf(job.labels());
        JobEdits before = job.edits() == null ? new JobEdits(null, job.request().labels(), null, by, at) : job.edits();
        JobEdits after = new JobEdits(setsName ? name : before.name(), merged, setsNote ? note : before.note(), by, at);
        return after.hasContentOf(before) ? job : job.withEdits(after);
    }

    /**
     * These labels with this change.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB} if there would be too many, or wrong ones
     */
    public Map<String, String> labelsOf(Map<String, String> present) {
        Map<String, String> merged = new LinkedHashMap<>(dropsLabels ? Map.of() : present);
        labels.forEach((key, value) -> {
            if (value == null) {
                merged.remove(key);
            } else {
                merged.put(key, value);
            }
        });
        List<FieldProblem> problems = Labels.problems(merged);
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be changed like this", problems);
        }
        return merged;
    }
}
