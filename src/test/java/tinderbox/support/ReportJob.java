package tinderbox.support;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultPart;
import tinderbox.job.result.ResultParts;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/**
 * A job type that uses everything that a job type can: it writes a row of {@link SampleCells} for each line of its inputs,
 * in columns that the user lists.
 */
public final class ReportJob implements JobType<ReportJob.Request> {
    private static final ParamSpec<List<String>> INPUTS =
            ParamSpec.datasets("inputs", 3).title("Datasets").help("Each line of their files becomes a row.");
    private static final ParamSpec<String> COLUMNS = ParamSpec.text("columns", 1000)
            .title("Columns")
            .help("A column type on each line.")
            .defaultsTo(
                    Arrays.stream(Column.Type.values()).map(Column.Type::code).collect(Collectors.joining("\n")));
    private static final ParamSpec<Boolean> TASKS = ParamSpec.bool("tasks")
            .title("In tasks")
            .help("Let tasks write the rows, not the driver.")
            .defaultsTo(true);

    /** A column type that is found to be impossible only when the job runs. */
    private static final String LATE = "fraction";

    private static final Pattern WORD = Pattern.compile("\\S+");

    /** A word of the parameter {@code columns}. */
    private record Word(String text, TextPosition position) {}

    public record Request(List<String> inputs, List<Column> columns, TextPosition impossible, boolean inTasks) {}

    @Override
    public String name() {
        return "report";
    }

    @Override
    public String title() {
        return "Report";
    }

    @Override
    public String description() {
        return "Writes a row for each line, in columns of any type.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUTS, COLUMNS, TASKS);
    }

    private static Stream<Word> words(Params params) {
        String text = params.get(COLUMNS);
        return WORD.matcher(text)
                .results()
                .map(word -> new Word(word.group(), TextPosition.of(text, word.start(), word.end())));
    }

    @Override
    public Request parse(Params params) {
        List<Column> columns = new ArrayList<>();
        List<FieldProblem> problems = new ArrayList<>();
        words(params).filter(word -> !word.text.equals(LATE)).forEach(word -> {
            Optional<Column.Type> type = Column.Type.ofCode(word.text);
            type.ifPresent(known -> columns.add(new Column(word.text, known)));
            if (type.isEmpty()) {
                problems.add(new FieldProblem(COLUMNS.field(), word.text + " is not a column type", word.position));
            }
        });
        if (!problems.isEmpty()) {
            throw new JobException(ErrorCode.INVALID_JOB, "The job cannot be accepted", problems);
        }
        TextPosition impossible = words(params)
                .filter(word -> word.text.equals(LATE))
                .map(Word::position)
                .findFirst()
                .orElse(null);
        return new Request(params.get(INPUTS), columns, impossible, params.get(TASKS));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws IOException {
        if (request.impossible != null) {
            throw new JobException(
                    ErrorCode.INVALID_INPUT,
                    "No column can hold fractions",
                    "choose another type",
                    request.impossible,
                    null);
        }
        String[] files = request.inputs.stream()
                .flatMap(input -> context.input(input).addresses().stream())
                .toArray(String[]::new);
        context.phase("writing");
        List<Column> columns = request.columns;
        ResultWriter result = context.result(columns);
        JavaRDD<List<Object>> rows = context.spark()
                .read()
                .textFile(files)
                .javaRDD()
                .zipWithIndex()
                .map(line -> SampleCells.row(columns, line._2()));
        if (request.inTasks) {
            ResultParts parts = result.parts();
            List<ResultPart> written = rows.mapPartitions(
                            partition -> List.of(parts.write(partition)).iterator())
                    .collect();
            for (ResultPart part : written) {
                result.join(part);
            }
        } else {
            rows.collect().forEach(result::row);
        }
        return Map.of("rows", result.rows());
    }
}
