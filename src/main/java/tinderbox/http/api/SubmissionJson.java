package tinderbox.http.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobCatalog;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.job.Labels;
import tinderbox.job.Submission;
import tinderbox.job.Visibility;

/** Reads the body of a submission. A field that is null counts as absent. */
final class SubmissionJson {
    static final String DEFAULT_TYPE = "word-count";
    private static final Map<String, Class<?>> FIELDS = fields();

    private SubmissionJson() {}

    private static Map<String, Class<?>> fields() {
        Map<String, Class<?>> fields = new LinkedHashMap<>();
        fields.put("type", String.class);
        fields.put("name", String.class);
        fields.put("params", Map.class);
        fields.put("labels", Map.class);
        fields.put("preset", String.class);
        return fields;
    }

    /**
     * Reads a submission.
     *
     * @param catalog checks the parameters even if the name is wrong, so that all problems are reported together
     * @throws JobException {@link ErrorCode#UNKNOWN_FIELD}, {@link ErrorCode#WRONG_TYPE} or {@link
     *     ErrorCode#INVALID_JOB}
     */
    static Submission read(Request request, JobCatalog catalog) {
        Map<String, Object> body = request.body().object();
        BodyShape.check(body, FIELDS, wrongLabels(body.get("labels")), "a job");
        String type = body.get("type") == null ? DEFAULT_TYPE : (String) body.get("type");
        String name = (String) body.get("name");
        Map<String, Object> params = BodyShape.members(body.get("params"));
        Map<String, String> labels = labels(body.get("labels"));
        checkWords(name, labels, type, params, catalog, request.visibility());
        String key = request.idempotencyKey();
        IdempotencyKey idempotencyKey =
                key == null ? null : new IdempotencyKey(key, request.body().sha256());
        return new Submission(
                type, name, params, labels, (String) body.get("preset"), request.submitter(), idempotencyKey);
    }

    private static List<FieldProblem> wrongLabels(Object labels) {
        return BodyShape.members(labels).entrySet().stream()
                .filter(label -> !(label.getValue() instanceof String))
                .map(label -> new FieldProblem("labels." + label.getKey(), BodyShape.MUST_BE_TEXT))
                .toList();
    }

    /** What is wrong with a name, which may be null. */
    static List<FieldProblem> nameProblems(String name) {
        List<FieldProblem> problems = new ArrayList<>();
        if (name != null && name.codePointCount(0, name.length()) > JobRequest.MAX_NAME) {
            problems.add(new FieldProblem("name", "must not be longer than " + JobRequest.MAX_NAME + " characters"));
        }
        if (name != null && name.chars().anyMatch(Labels::breaksLine)) {
            problems.add(new FieldProblem("name", "must be one line without control characters"));
        }
        return problems;
    }

    private static Map<String, String> labels(Object labels) {
        Map<String, String> byKey = new LinkedHashMap<>();
        if (labels instanceof Map<?, ?> sent) {
            sent.forEach((key, value) -> byKey.put((String) key, (String) value));
        }
        return byKey;
    }

    /** What is wrong with a name, which may be null, and labels. */
    static List<FieldProblem> wordProblems(String name, Map<String, String> labels) {
        List<FieldProblem> problems = new ArrayList<>();
        problems.addAll(nameProblems(name));
        problems.addAll(Labels.problems(labels));
        return problems;
    }

    /** Checks what the type does not check. */
    private static void checkWords(
            String name,
            Map<String, String> labels,
            String type,
            Map<String, Object> params,
            JobCatalog catalog,
            Visibility visibility) {
        List<FieldProblem> problems = wordProblems(name, labels);
        if (!problems.isEmpty()) {
            try {
                catalog.check(type, params, visibility);
            } catch (JobException more) {
                problems.addAll(more.problems());
            }
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
        }
    }
}
