package tinderbox.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.dataset.Dataset;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.TextPosition;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultPart;
import tinderbox.job.result.ResultParts;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.InputReader;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

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
            .syntax("columns")
            .examples(List.of(new ParamSpec.Example("Numbers only", "integer\ndouble")))
            .defaultsTo(
                    Arrays.stream(Column.Type.values()).map(Column.Type::code).collect(Collectors.joining("\n")));
    private static final ParamSpec<String> READER = ParamSpec.choice("reader", List.of("spark", "context"))
            .title("Reader")
            .help("What opens the files.")
            .defaultsTo("spark");
    private static final ParamSpec<Long> REPEAT = ParamSpec.integer("repeat", 1, 1_000_000_000)
            .title("Repeat")
            .help("How often each row is written.")
            .defaultsTo(1L);
    private static final ParamSpec<Boolean> TASKS = ParamSpec.bool("tasks")
            .title("In tasks")
            .help("Let tasks write the rows, not the driver.")
            .defaultsTo(true);

    /** A column type that is found to be impossible only when the job runs. */
    private static final String LATE = "fraction";

    private static final Pattern WORD = Pattern.compile("\\S+");

    /** A word of the parameter {@code columns}. */
    private record Word(String text, TextPosition position) {}

    public record Request(
            List<String> inputs,
            List<Column> columns,
            TextPosition impossible,
            boolean bySpark,
            int repeat,
            boolean inTasks) {}

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
        return List.of(INPUTS, COLUMNS, READER, REPEAT, TASKS);
    }

    @Override
    public String label(Params params, Request request, List<JobInput> inputs) {
        return "Report on " + params.get(INPUTS).size() + " datasets";
    }

    @Override
    public String searchText(Params params, Request request, List<JobInput> inputs) {
        return words(params).map(Word::text).collect(Collectors.joining(" "));
    }

    @Override
    public ResultDisplay resultDisplay() {
        return ResultDisplay.PLAIN
                .tile("rows", "Rows", ResultDisplay.Unit.COUNT)
                .tile("rows", "Rows per second", ResultDisplay.Unit.PER_SECOND)
                .chart(new ResultDisplay.Bars("string", "integer"))
                .rowNumber("Line");
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
        return new Request(
                params.get(INPUTS),
                columns,
                impossible,
                params.get(READER).equals("spark"),
                params.get(REPEAT).intValue(),
                params.get(TASKS));
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
        JavaRDD<String> lines = new JavaSparkContext(context.spark().sparkContext()).emptyRDD();
        for (String input : request.inputs) {
            Dataset dataset = context.input(input);
            lines = lines.union(request.bySpark ? readBySpark(dataset, context) : readByContext(dataset, context));
        }
        context.phase("writing");
        List<Column> columns = request.columns;
        int repeat = request.repeat;
        ResultWriter result = context.result(columns);
        JavaRDD<List<Object>> rows = lines.zipWithIndex()
                .flatMap(line -> Collections.nCopies(repeat, SampleCells.row(columns, line._2()))
                        .iterator());
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

    private static JavaRDD<String> readBySpark(Dataset dataset, JobContext context) {
        return context.spark()
                .read()
                .textFile(dataset.addresses().toArray(String[]::new))
                .javaRDD();
    }

    private static JavaRDD<String> readByContext(Dataset dataset, JobContext context) {
        InputReader reader = context.reader(dataset);
        return new JavaSparkContext(context.spark().sparkContext())
                .parallelize(dataset.files(), dataset.files().size())
                .mapPartitions(files -> {
                    List<String> lines = new ArrayList<>();
                    while (files.hasNext()) {
                        try (var in = new BufferedReader(
                                new InputStreamReader(reader.open(files.next()), StandardCharsets.UTF_8))) {
                            in.lines().forEach(lines::add);
                        }
                    }
                    return lines.iterator();
                });
    }
}
