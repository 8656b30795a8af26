package tinderbox.jobtype;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tinderbox.common.LongRead;
import tinderbox.dataset.Datasets;
import tinderbox.dataset.InputCheck;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;

/**
 * Checks one submission of one job type, and collects every problem before it refuses.
 *
 * @param <P> the parsed parameters
 */
final class SubmissionCheck<P> {
    private static final int MAX_INPUTS = 100;

    /** Of all texts together, in UTF-16 code units: a job's request fits into a column of the index, as JSON. */
    private static final int MAX_CHARS = 100_000;

    /** How long the files of folders are checked. */
    private static final Duration MAX_CHECK = Duration.ofMillis(100);

    private final JobType<P> type;
    private final Datasets datasets;
    private final LongRead folderRead = LongRead.within(MAX_CHECK);
    private final List<FieldProblem> problems = new ArrayList<>();
    private final Map<String, Object> params = new LinkedHashMap<>();
    /** By normalized path. */
    private final Map<String, InputCheck> checks = new LinkedHashMap<>();

    SubmissionCheck(JobType<P> type, Datasets datasets) {
        this.type = type;
        this.datasets = datasets;
    }

    /**
     * Checks parameters as submitted; absent ones get their defaults.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB} with all problems
     */
    CheckedSubmission check(Map<String, Object> submitted) {
        type.params().forEach(spec -> checkParam(spec, submitted.get(spec.name())));
        checkNames(submitted);
        checkLength();
        throwProblems();
        Params checked = new Params(params);
        P request = type.parse(checked);
        List<JobInput> inputs = type.inputs(checked, request, datasets);
        if (paths(inputs).size() > MAX_INPUTS) {
            throw invalid(List.of(new FieldProblem("params", "must not name more than " + MAX_INPUTS + " datasets")));
        }
        inputs.forEach(this::checkInput);
        throwProblems();
        checkSize(inputs);
        throwProblems();
        return new CheckedSubmission(
                params,
                paths(inputs),
                oneLine(shortened(type.label(checked, request, inputs).strip(), JobRequest.MAX_NAME)),
                shortened(type.searchText(checked, request, inputs), JobRequest.MAX_SEARCH_TEXT));
    }

    private void checkParam(ParamSpec<?> spec, Object submitted) {
        Object value = submitted == null ? spec.defaultValue() : submitted;
        if (value == null) {
            if (spec.required()) {
                problems.add(new FieldProblem(spec.field(), "is required"));
            }
            return;
        }
        params.put(spec.name(), value);
        problems.addAll(new ParamCheck(spec, path -> inputCheck(path).problem()).problemsWith(value));
    }

    private void checkNames(Map<String, Object> submitted) {
        List<String> names = type.params().stream().map(ParamSpec::name).toList();
        TreeSet<String> unknown = new TreeSet<>(submitted.keySet());
        names.forEach(unknown::remove);
        for (String name : unknown) {
            problems.add(
                    new FieldProblem("params." + name, "is unknown; the parameters are " + String.join(", ", names)));
        }
    }

    private void checkLength() {
        if (JobRequest.paramChars(params) > MAX_CHARS) {
            problems.add(new FieldProblem("params", "must not have more than " + MAX_CHARS + " characters in all"));
        }
    }

    private void checkInput(JobInput input) {
        String problem = inputCheck(input.path()).problem();
        if (problem != null) {
            problems.add(new FieldProblem(input.field(), problem, input.position()));
        }
    }

    private InputCheck inputCheck(String path) {
        return checks.computeIfAbsent(Datasets.normalized(path), name -> datasets.check(name, folderRead));
    }

    private void checkSize(List<JobInput> inputs) {
        long bytes = paths(inputs).stream()
                .mapToLong(path -> inputCheck(path).bytes())
                .sum();
        long fromDriver = paths(inputs).stream()
                .mapToLong(path -> inputCheck(path).fromDriver())
                .sum();
        String tooLarge = datasets.limits().problemWith(bytes);
        String problem = tooLarge == null ? datasets.problemWithSending(fromDriver) : tooLarge;
        if (problem != null) {
            List<String> fields = inputs.stream()
                    .map(input -> input.field().replaceFirst("\\[\\d+]$", ""))
                    .distinct()
                    .toList();
            problems.add(new FieldProblem(fields.size() == 1 ? fields.get(0) : "params", "together " + problem));
        }
    }

    private static List<String> paths(List<JobInput> inputs) {
        return inputs.stream()
                .map(input -> Datasets.normalized(input.path()))
                .distinct()
                .toList();
    }

    private void throwProblems() {
        if (!problems.isEmpty()) {
            throw invalid(problems);
        }
    }

    static JobException invalid(List<FieldProblem> problems) {
        return new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
    }

    private static String shortened(String text, int maxLength) {
        return text.codePointCount(0, text.length()) <= maxLength
                ? text
                : text.substring(0, text.offsetByCodePoints(0, maxLength));
    }

    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", " ").strip();
    }
}
