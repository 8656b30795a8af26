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
import tinderbox.job.Submission;
import tinderbox.job.Visibility;

/** Reads the body of a submission. A field that is null counts as absent. */
final class SubmissionJson {
    private static final String DEFAULT_TYPE = "word-count";
    private static final Map<String, Class<?>> FIELDS = fields();

    private SubmissionJson() {}

    private static Map<String, Class<?>> fields() {
        Map<String, Class<?>> fields = new LinkedHashMap<>();
        fields.put("type", String.class);
        fields.put("name", String.class);
        fields.put("params", Map.class);
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
        checkShape(body);
        String type = body.get("type") == null ? DEFAULT_TYPE : (String) body.get("type");
        String name = (String) body.get("name");
        Map<String, Object> params = params(body.get("params"));
        if (name != null) {
            checkName(name, type, params, catalog, request.visibility());
        }
        String key = request.idempotencyKey();
        IdempotencyKey idempotencyKey =
                key == null ? null : new IdempotencyKey(key, request.body().sha256());
        return new Submission(type, name, params, request.submitter(), idempotencyKey);
    }

    private static void checkShape(Map<String, Object> body) {
        List<FieldProblem> unknown = new ArrayList<>();
        List<FieldProblem> wrong = new ArrayList<>();
        body.forEach((field, value) -> {
            Class<?> expected = FIELDS.get(field);
            if (expected == null) {
                unknown.add(
                        new FieldProblem(field, "is unknown; the fields are " + String.join(", ", FIELDS.keySet())));
            } else if (value != null && !expected.isInstance(value)) {
                wrong.add(new FieldProblem(field, expected == Map.class ? "must be an object" : "must be a text"));
            }
        });
        if (!unknown.isEmpty() || !wrong.isEmpty()) {
            ErrorCode code = unknown.isEmpty() ? ErrorCode.WRONG_TYPE : ErrorCode.UNKNOWN_FIELD;
            List<FieldProblem> all = new ArrayList<>(unknown);
            all.addAll(wrong);
            throw new JobException(code, "The fields of the body are not those of a job", all);
        }
    }

    private static boolean breaksLine(int c) {
        int type = Character.getType(c);
        return type == Character.CONTROL || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }

    private static Map<String, Object> params(Object params) {
        Map<String, Object> byName = new LinkedHashMap<>();
        if (params instanceof Map<?, ?> sent) {
            sent.forEach((name, value) -> byName.put((String) name, value));
        }
        return byName;
    }

    private static void checkName(
            String name, String type, Map<String, Object> params, JobCatalog catalog, Visibility visibility) {
        List<FieldProblem> problems = new ArrayList<>();
        if (name.codePointCount(0, name.length()) > JobRequest.MAX_NAME) {
            problems.add(new FieldProblem("name", "must not be longer than " + JobRequest.MAX_NAME + " characters"));
        }
        if (name.chars().anyMatch(SubmissionJson::breaksLine)) {
            problems.add(new FieldProblem("name", "must be one line without control characters"));
        }
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
