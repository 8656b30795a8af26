package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.job.RunSet;
import tinderbox.job.RunSetSubmission;
import tinderbox.job.Visibility;

/** Checks every combination of a run set's parameters before anything of it is stored. */
final class CombinationChecks {
    /** With more problems, the others are not looked for. */
    private static final int MAX_PROBLEMS = 20;

    /** Checking a long query takes a tenth of a second, and the request holds a worker. */
    private static final Duration MAX_TIME = Duration.ofSeconds(10);

    private static final int MAX_SHOWN = 60;
    private static final String PARAMS = "params.";

    private final JobService jobs;
    private final Visibility visibility;
    private final List<FieldProblem> problems = new ArrayList<>();
    private final Set<List<String>> known = new HashSet<>();

    /** Checks what a caller submits who may read what {@code visibility} includes. */
    CombinationChecks(JobService jobs, Visibility visibility) {
        this.jobs = jobs;
        this.visibility = visibility;
    }

    /**
     * Checks all combinations.
     *
     * @return a checked submission for each combination
     * @throws JobException {@link ErrorCode#INVALID_JOB}, {@link ErrorCode#QUEUE_FULL}; {@link ErrorCode#SERVER_BUSY} if it
     *     takes too long
     */
    List<CheckedSubmission> check(RunSetSubmission submission) {
        List<CheckedSubmission> checked = new ArrayList<>();
        int count = RunSet.combinations(submission.forEach());
        long chars = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < count && problems.size() < MAX_PROBLEMS; i++) {
            if (System.nanoTime() - begun > MAX_TIME.toNanos()) {
                throw new JobException(
                        ErrorCode.SERVER_BUSY,
                        "Only " + i + " of the " + count + " jobs could be checked in " + MAX_TIME.toSeconds()
                                + " seconds",
                        "send them as several run sets");
            }
            Map<String, Object> params = new LinkedHashMap<>(submission.params());
            params.putAll(RunSet.combination(submission.forEach(), i));
            try {
                CheckedSubmission each = jobs.check(submission.type(), params, visibility);
                chars += JobRequest.chars(each.params(), submission.labels());
                jobs.checkMemory(chars);
                checked.add(each);
            } catch (JobException e) {
                if (e.problems().isEmpty()) {
                    throw e;
                }
                add(submission.forEach(), i, e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The run set cannot be accepted", problems);
        }
        return checked;
    }

    private void add(Map<String, List<Object>> forEach, int combination, List<FieldProblem> found) {
        for (FieldProblem problem : found) {
            String varying = varying(forEach, problem.field());
            String field = varying == null
                    ? problem.field()
                    : "for_each." + varying + "[" + index(forEach, varying, combination) + "]"
                            + problem.field().substring(PARAMS.length() + varying.length());
            if (known.add(List.of(field, problem.message()))) {
                // What is wrong with the first combination is probably wrong with all.
                String where = varying == null && combination > 0 ? " (with " + shown(forEach, combination) + ")" : "";
                problems.add(new FieldProblem(field, problem.message() + where, problem.position()));
            }
        }
    }

    /** The varying parameter that has a problem, or null. */
    private static String varying(Map<String, List<Object>> forEach, String field) {
        return forEach.keySet().stream()
                .filter(name -> field.equals(PARAMS + name)
                        || field.startsWith(PARAMS + name + ".")
                        || field.startsWith(PARAMS + name + "["))
                .findFirst()
                .orElse(null);
    }

    private static String shown(Map<String, List<Object>> forEach, int combination) {
        return RunSet.combination(forEach, combination).entrySet().stream()
                .map(value -> value.getKey() + " = " + shortened(String.valueOf(value.getValue())))
                .collect(Collectors.joining(", "));
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) > MAX_SHOWN
                ? text.substring(0, text.offsetByCodePoints(0, MAX_SHOWN)) + "…"
                : text;
    }

    /** Which value of a parameter a combination has. */
    private static int index(Map<String, List<Object>> forEach, String name, int combination) {
        return combination / stride(forEach, name) % forEach.get(name).size();
    }

    /** After how many combinations a parameter has its next value. */
    private static int stride(Map<String, List<Object>> forEach, String name) {
        int stride = 1;
        boolean after = false;
        for (Map.Entry<String, List<Object>> each : forEach.entrySet()) {
            stride *= after ? each.getValue().size() : 1;
            after = after || each.getKey().equals(name);
        }
        return stride;
    }

    /** The values of the parameters that vary, as the jobs have them. */
    static Map<String, List<Object>> checkedValues(Map<String, List<Object>> forEach, List<CheckedSubmission> checked) {
        Map<String, List<Object>> values = new LinkedHashMap<>();
        forEach.forEach((name, sent) -> {
            int stride = stride(forEach, name);
            List<Object> each = new ArrayList<>();
            for (int i = 0; i < sent.size(); i++) {
                Object value = checked.get(i * stride).params().get(name);
                each.add(value == null ? sent.get(i) : value);
            }
            values.put(name, each);
        });
        return values;
    }
}
