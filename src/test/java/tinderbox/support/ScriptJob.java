package tinderbox.support;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.Datasets;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

/**
 * A job type that names its inputs in a text, as a query does. Each line of the script is {@code size DATASET} or {@code
 * fail}; the result has the size of each dataset.
 */
public final class ScriptJob implements JobType<List<ScriptJob.Step>> {
    private static final ParamSpec<String> SCRIPT =
            ParamSpec.text("script", 65_536).title("Script").help("A step in each line.");
    private static final ParamSpec<List<String>> MORE = ParamSpec.datasets("more", 20)
            .title("More datasets")
            .help("Measured after those of the script.")
            .defaultsTo(List.of());
    private static final Pattern LINE = Pattern.compile("(\\S+)(?:[ \\t]+(\\S+))?[^\\r\\n]*");

    /** A line of the script; {@code argument} is null if it has one word. */
    public record Step(String verb, String argument, TextPosition verbAt, TextPosition argumentAt) {}

    @Override
    public String name() {
        return "script";
    }

    @Override
    public String title() {
        return "Script";
    }

    @Override
    public String description() {
        return "Measures datasets.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(SCRIPT, MORE);
    }

    @Override
    public List<Step> parse(Params params) {
        List<Step> steps = steps(params);
        List<FieldProblem> problems = steps.stream()
                .filter(step -> !step.verb().equals("fail") && step.argument() == null)
                .map(step -> new FieldProblem(SCRIPT.field(), "must be size DATASET, or fail", step.verbAt()))
                .toList();
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
        }
        return Stream.concat(steps.stream(), params.get(MORE).stream().map(path -> new Step("size", path, null, null)))
                .toList();
    }

    private static List<Step> steps(Params params) {
        String script = params.get(SCRIPT);
        List<Step> steps = new ArrayList<>();
        Matcher line = LINE.matcher(script);
        while (line.find()) {
            TextPosition argumentAt =
                    line.group(2) == null ? null : TextPosition.of(script, line.start(2), line.end(2));
            steps.add(new Step(
                    line.group(1), line.group(2), TextPosition.of(script, line.start(1), line.end(1)), argumentAt));
        }
        return steps;
    }

    @Override
    public List<JobInput> inputs(Params params, List<Step> parsed, Datasets datasets) {
        Stream<JobInput> named = steps(params).stream()
                .filter(step -> !step.verb().equals("fail"))
                .map(step -> new JobInput(step.argument(), SCRIPT.field(), step.argumentAt()));
        return Stream.concat(named, JobType.super.inputs(params, parsed, datasets).stream())
                .toList();
    }

    @Override
    public String label(Params params, List<Step> parsed, List<JobInput> inputs) {
        return "Script " + params.get(SCRIPT).strip();
    }

    @Override
    public String searchText(Params params, List<Step> parsed, List<JobInput> inputs) {
        return params.get(SCRIPT);
    }

    @Override
    public ResultDisplay resultDisplay() {
        return ResultDisplay.PLAIN
                .tile("bytes", "Size", ResultDisplay.Unit.BYTES)
                .chart(new ResultDisplay.Bars("dataset", "bytes"));
    }

    @Override
    public Map<String, Object> run(List<Step> steps, JobContext context) throws Exception {
        ResultWriter result = context.result(List.of(Column.string("dataset"), Column.integer("bytes")));
        long bytes = 0;
        for (Step step : steps) {
            if (step.verb().equals("fail")) {
                throw new JobException(
                        ErrorCode.JOB_ERROR, "The script says so", "delete this line", step.verbAt(), null);
            }
            Dataset input = context.input(step.argument());
            result.row(List.of(input.path(), input.bytes()));
            bytes += input.bytes();
        }
        return Map.of("bytes", bytes);
    }
}
