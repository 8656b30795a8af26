package tinderbox.http.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.http.message.Request;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetSubmission;

/** Reads the body of the submission of a run set. A field that is null counts as absent, except in lists. */
final class RunSetBody {
    private static final String FOR_EACH = "for_each";
    private static final List<String> FIELDS = List.of("type", "name", "params", FOR_EACH, "labels");

    /** More than any job type has. */
    private static final int MAX_VARYING = 20;

    /** An overview has what varies, for all jobs. */
    private static final long MAX_VARYING_CHARS = 4 << 20;

    private RunSetBody() {}

    /**
     * Reads a submission.
     *
     * @throws JobException {@link ErrorCode#UNKNOWN_FIELD}, {@link ErrorCode#WRONG_TYPE}, {@link ErrorCode#INVALID_JOB} or
     *     {@link ErrorCode#LIMIT_EXCEEDED}
     */
    static RunSetSubmission read(Request request) {
        Map<String, Object> body = request.body().object();
        List<FieldProblem> unknown = body.keySet().stream()
                .filter(field -> !FIELDS.contains(field))
                .map(field -> new FieldProblem(field, "is unknown; the fields are " + String.join(", ", FIELDS)))
                .toList();
        refuse(ErrorCode.UNKNOWN_FIELD, unknown);
        List<FieldProblem> wrong = new ArrayList<>();
        String type = text(body, "type", wrong);
        String name = text(body, "name", wrong);
        Map<String, Object> params = object(body, "params", wrong);
        Map<String, List<Object>> forEach = lists(body, wrong);
        Map<String, String> labels = texts(body, wrong);
        refuse(ErrorCode.WRONG_TYPE, wrong);
        if (forEach.size() > MAX_VARYING) {
            refuse(
                    ErrorCode.LIMIT_EXCEEDED,
                    List.of(new FieldProblem(FOR_EACH, "must not name more than " + MAX_VARYING + " parameters")));
        }
        refuse(ErrorCode.INVALID_JOB, SubmissionJson.wordProblems(name, labels));
        refuse(ErrorCode.INVALID_JOB, problems(params, forEach));
        if (RunSet.combinations(forEach) > RunSet.MAX_JOBS) {
            refuse(
                    ErrorCode.LIMIT_EXCEEDED,
                    List.of(new FieldProblem(
                            FOR_EACH, "has more combinations than a run set may have jobs: " + RunSet.MAX_JOBS)));
        }
        if (varyingChars(forEach) > MAX_VARYING_CHARS) {
            refuse(
                    ErrorCode.LIMIT_EXCEEDED,
                    List.of(new FieldProblem(
                            FOR_EACH,
                            "has too long values for so many combinations: those of all jobs may have "
                                    + MAX_VARYING_CHARS + " characters; a value that is the same for all belongs"
                                    + " into params")));
        }
        String key = request.idempotencyKey();
        return new RunSetSubmission(
                type == null ? SubmissionJson.DEFAULT_TYPE : type,
                name,
                params,
                forEach,
                labels,
                request.submitter(),
                key == null ? null : new IdempotencyKey(key, request.body().sha256()));
    }

    /** How many characters the parameters that vary have in all jobs. */
    private static long varyingChars(Map<String, List<Object>> forEach) {
        int count = RunSet.combinations(forEach);
        return forEach.entrySet().stream()
                .mapToLong(each -> JobRequest.paramChars(Map.of(each.getKey(), each.getValue()))
                        * (count / each.getValue().size()))
                .sum();
    }

    private static void refuse(ErrorCode code, List<FieldProblem> problems) {
        if (!problems.isEmpty()) {
            throw new JobException(
                    code,
                    code == ErrorCode.UNKNOWN_FIELD || code == ErrorCode.WRONG_TYPE
                            ? "The fields of the body are not those of a run set"
                            : "The run set cannot be accepted",
                    problems);
        }
    }

    private static String text(Map<String, Object> body, String field, List<FieldProblem> wrong) {
        Object value = body.get(field);
        if (value != null && !(value instanceof String)) {
            wrong.add(new FieldProblem(field, BodyShape.MUST_BE_TEXT));
        }
        return value instanceof String text ? text : null;
    }

    private static Map<String, Object> object(Map<String, Object> body, String field, List<FieldProblem> wrong) {
        Object value = body.get(field);
        if (value != null && !(value instanceof Map<?, ?>)) {
            wrong.add(new FieldProblem(field, "must be an object"));
        }
        return BodyShape.members(value);
    }

    private static Map<String, List<Object>> lists(Map<String, Object> body, List<FieldProblem> wrong) {
        Map<String, List<Object>> lists = new LinkedHashMap<>();
        object(body, FOR_EACH, wrong).forEach((name, values) -> {
            if (values instanceof List<?> list) {
                lists.put(name, new ArrayList<>(list));
            } else {
                wrong.add(new FieldProblem(FOR_EACH + "." + name, "must be a list of values"));
            }
        });
        return lists;
    }

    private static Map<String, String> texts(Map<String, Object> body, List<FieldProblem> wrong) {
        Map<String, String> labels = new LinkedHashMap<>();
        object(body, "labels", wrong).forEach((key, value) -> {
            if (value instanceof String text) {
                labels.put(key, text);
            } else {
                wrong.add(new FieldProblem("labels." + key, BodyShape.MUST_BE_TEXT));
            }
        });
        return labels;
    }

    private static List<FieldProblem> problems(Map<String, Object> params, Map<String, List<Object>> forEach) {
        List<FieldProblem> problems = new ArrayList<>();
        if (forEach.isEmpty()) {
            problems.add(new FieldProblem(FOR_EACH, "must name at least one parameter with its values"));
        }
        forEach.forEach((name, values) -> {
            String field = FOR_EACH + "." + name;
            if (values.isEmpty()) {
                problems.add(new FieldProblem(field, "must have at least one value"));
            }
            if (params.containsKey(name)) {
                problems.add(new FieldProblem(field, "has a value in params too; leave it out of one of them"));
            }
            for (int i = 0; i < values.size() && i <= RunSet.MAX_JOBS; i++) {
                if (values.get(i) == null) {
                    problems.add(new FieldProblem(field + "[" + i + "]", "must not be null"));
                } else if (values.indexOf(values.get(i)) < i) {
                    problems.add(new FieldProblem(field + "[" + i + "]", "is in the list twice"));
                }
            }
        });
        return problems.subList(0, Math.min(problems.size(), 20));
    }
}
