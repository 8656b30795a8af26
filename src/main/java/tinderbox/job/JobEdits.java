package tinderbox.job;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What was changed of a job after its submission, all changes together. The request keeps what was submitted.
 *
 * @param name its name, or null if it still has that of the submission
 * @param labels all its labels
 * @param note what somebody has noted about it, or null
 * @param by who made the last change
 * @param at when the last change was made
 */
public record JobEdits(String name, Map<String, String> labels, String note, String by, Instant at) {
    /** A longer note is refused, in Unicode code points. */
    public static final int MAX_NOTE = 4000;

    public JobEdits {
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        Objects.requireNonNull(by, "by");
        Objects.requireNonNull(at, "at");
    }

    /** Whether the other has the same name, labels and note. */
    boolean hasContentOf(JobEdits other) {
        return Objects.equals(name, other.name) && labels.equals(other.labels) && Objects.equals(note, other.note);
    }
}
