package tinderbox.job;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The accepted request of a job: its part that never changes, stored before the client gets a response.
 *
 * @param id the id of the job
 * @param seq grows with every job of a data dir; it defines the order of jobs, because clocks jump
 * @param type the job type's name
 * @param name the submitter's name for it, or the label that its type gave it
 * @param isNamed whether the name is the submitter's
 * @param params every parameter of the type that has a value, with defaults: String, Long, Boolean, a list of String or a map of plain
 *     values
 * @param inputs the paths of the datasets that it reads
 * @param searchText what a search finds it by besides its name and id
 * @param labels what the submitter says about it, in the order of the submission
 * @param submittedBy the name of the submitter
 * @param submittedAt when it was accepted
 * @param origin what it comes from
 * @param idempotencyKey identifies repeated submissions of it, or null
 */
public record JobRequest(
        JobId id,
        long seq,
        String type,
        String name,
        boolean isNamed,
        Map<String, Object> params,
        List<String> inputs,
        String searchText,
        Map<String, String> labels,
        String submittedBy,
        Instant submittedAt,
        JobOrigin origin,
        IdempotencyKey idempotencyKey) {
    /** A longer name is refused, in Unicode code points. */
    public static final int MAX_NAME = 200;

    /** Of a longer text, only the beginning is searched, in Unicode code points; every job has it in memory. */
    public static final int MAX_SEARCH_TEXT = 500;

    /** Who submits jobs without authentication; no token has this name. */
    public static final String LOCAL = "local";

    /** The root of the datasets that are the results of jobs: {@code results/<job_id>}. */
    public static final String RESULTS = "results";

    public JobRequest {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(name, "name");
        params = immutable(params);
        inputs = List.copyOf(inputs);
        Objects.requireNonNull(searchText, "searchText");
        labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
        Objects.requireNonNull(submittedBy, "submittedBy");
        Objects.requireNonNull(submittedAt, "submittedAt");
        Objects.requireNonNull(origin, "origin");
    }

    /** A request without labels, of no run set and no preset. */
    public JobRequest(
            JobId id,
            long seq,
            String type,
            String name,
            boolean isNamed,
            Map<String, Object> params,
            List<String> inputs,
            String searchText,
            String submittedBy,
            Instant submittedAt,
            JobId rerunOf,
            IdempotencyKey idempotencyKey) {
        this(
                id,
                seq,
                type,
                name,
                isNamed,
                params,
                inputs,
                searchText,
                Map.of(),
                submittedBy,
                submittedAt,
                JobOrigin.of(rerunOf, null, null),
                idempotencyKey);
    }

    private static Map<String, Object> immutable(Map<String, Object> params) {
        Map<String, Object> copy = new LinkedHashMap<>(params);
        copy.replaceAll((name, value) -> immutable(value));
        return Collections.unmodifiableMap(copy);
    }

    private static Object immutable(Object value) {
        if (value instanceof List<?> list) {
            return Collections.unmodifiableList(new ArrayList<>(list));
        }
        return value instanceof Map<?, ?> map ? Collections.unmodifiableMap(new LinkedHashMap<>(map)) : value;
    }

    /** How many characters parameters and labels have, in UTF-16 code units: what a job needs most memory for. */
    public long chars() {
        return chars(params, labels);
    }

    /** As {@link #chars()}, of a submission. */
    public static long chars(Map<String, Object> params, Map<String, String> labels) {
        return paramChars(params) + chars(texts(labels));
    }

    /** The parameters alone. */
    public static long paramChars(Map<String, Object> params) {
        return chars(params.values().stream().flatMap(JobRequest::texts));
    }

    private static long chars(Stream<?> values) {
        return values.mapToLong(value -> value instanceof String text ? text.length() : 0)
                .sum();
    }

    /** The jobs whose results it reads. */
    public Stream<JobId> resultsOf() {
        return inputs.stream()
                .filter(input -> input.startsWith(RESULTS + "/"))
                .map(input -> input.substring(RESULTS.length() + 1))
                .filter(JobId::isWellFormed)
                .map(JobId::parse);
    }

    /** The job in a message to somebody who may not see it: {@code job <id>} or {@code a job}. */
    public String shownTo(Visibility visibility) {
        return visibility.includes(submittedBy) ? "job " + id : "a job";
    }

    private static Stream<?> texts(Object value) {
        if (value instanceof Map<?, ?> map) {
            return Stream.concat(map.keySet().stream(), map.values().stream());
        }
        return value instanceof List<?> items ? items.stream() : Stream.of(value);
    }

    /** A copy with another sequence number. */
    public JobRequest withSeq(long newSeq) {
        return new JobRequest(
                id,
                newSeq,
                type,
                name,
                isNamed,
                params,
                inputs,
                searchText,
                labels,
                submittedBy,
                submittedAt,
                origin,
                idempotencyKey);
    }
}
