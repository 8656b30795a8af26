package tinderbox.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Jobs that were submitted as one: the same type with every combination of some parameters' values.
 *
 * @param id a UUID in its canonical form
 * @param seq the sequence number of its first job; it defines the order of run sets
 * @param type the job type's name
 * @param name the submitter's name for it, or one that says how many jobs it has
 * @param isNamed whether the name is the submitter's
 * @param params the parameters that all jobs share, with defaults
 * @param forEach the values of each parameter that varies
 * @param labels what the submitter says about it; its jobs got the same
 * @param note a text about it, or null
 * @param submittedBy the name of the submitter
 * @param submittedAt when it was accepted
 * @param rerunOf the id of the run set that this one repeats, or null
 * @param editedBy who has changed it last, or null
 * @param editedAt when that was, or null
 * @param idempotencyKey identifies repeated submissions of it, or null
 * @param jobs its jobs, in the order of the {@linkplain #combination combinations}
 */
public record RunSet(
        String id,
        long seq,
        String type,
        String name,
        boolean isNamed,
        Map<String, Object> params,
        Map<String, List<Object>> forEach,
        Map<String, String> labels,
        String note,
        String submittedBy,
        Instant submittedAt,
        String rerunOf,
        String editedBy,
        Instant editedAt,
        IdempotencyKey idempotencyKey,
        List<JobId> jobs) {
    /** A run set has no more jobs. */
    public static final int MAX_JOBS = 500;

    public RunSet {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(submittedBy, "submittedBy");
        Objects.requireNonNull(submittedAt, "submittedAt");
        params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        forEach = Collections.unmodifiableMap(new LinkedHashMap<>(forEach));
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        jobs = List.copyOf(jobs);
    }

    /** How many combinations these values have; not exact beyond {@link #MAX_JOBS}. */
    public static int combinations(Map<String, List<Object>> forEach) {
        long count = 1;
        for (List<Object> values : forEach.values()) {
            count = Math.min(count * values.size(), MAX_JOBS + 1L);
        }
        return (int) count;
    }

    /** A combination of these values; the last parameter varies fastest. */
    public static Map<String, Object> combination(Map<String, List<Object>> forEach, int number) {
        List<String> names = new ArrayList<>(forEach.keySet());
        Map<String, Object> combination = new LinkedHashMap<>();
        forEach.forEach((name, values) -> combination.put(name, null));
        int rest = number;
        for (int i = names.size() - 1; i >= 0; i--) {
            List<Object> values = forEach.get(names.get(i));
            combination.put(names.get(i), values.get(rest % values.size()));
            rest /= values.size();
        }
        return combination;
    }

    /** What varies of the parameters of a job. */
    public Map<String, Object> combination(int job) {
        return combination(forEach, job);
    }

    /** Whether it is {@linkplain #keyOnly only a key}: any other run set has a parameter that varies. */
    public boolean isKeyOnly() {
        return forEach.isEmpty();
    }

    /** What is kept of it after its last job, for those who repeat its submission. */
    public RunSet keyOnly() {
        return new RunSet(
                id,
                seq,
                type,
                name,
                isNamed,
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                submittedBy,
                submittedAt,
                rerunOf,
                null,
                null,
                idempotencyKey,
                jobs);
    }

    /** The same run set with what may be changed, and who changes it; the same object if nothing is changed. */
    public RunSet edited(
            String newName, boolean newIsNamed, Map<String, String> newLabels, String newNote, String by, Instant at) {
        if (newName.equals(name)
                && newIsNamed == isNamed
                && newLabels.equals(labels)
                && Objects.equals(newNote, note)) {
            return this;
        }
        return new RunSet(
                id,
                seq,
                type,
                newName,
                newIsNamed,
                params,
                forEach,
                newLabels,
                newNote,
                submittedBy,
                submittedAt,
                rerunOf,
                by,
                at,
                idempotencyKey,
                jobs);
    }
}
