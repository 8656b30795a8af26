package tinderbox.support;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.dataset.Dataset;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.InputReader;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

/** The job type of docs/job-types.md, which shows all of it. */
public final class LongestLinesJob implements JobType<LongestLinesJob.Request> {
    private static final ParamSpec<String> INPUT =
            ParamSpec.dataset("input").title("Dataset").help("A text file, or a folder of text files.");
    private static final ParamSpec<String> UNIT = ParamSpec.choice("unit", List.of("characters", "bytes"))
            .title("Unit")
            .help("What a length counts.")
            .defaultsTo("characters");

    /** What a job is asked to do. */
    public record Request(String input, boolean bytes) {}

    @Override
    public String name() {
        return "longest-lines";
    }

    @Override
    public String title() {
        return "Longest lines";
    }

    @Override
    public String description() {
        return "Tells how long the longest line of each file is.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUT, UNIT);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(INPUT), params.get(UNIT).equals("bytes"));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws IOException {
        Dataset input = context.input(request.input());
        context.phase("measuring");
        List<Long> lengths = lengths(input, request.bytes(), context);
        ResultWriter result = context.result(List.of(Column.string("file"), Column.integer("longest")));
        for (int i = 0; i < lengths.size(); i++) {
            result.row(List.of(input.files().get(i).path(), lengths.get(i)));
        }
        return Map.of(
                "longest", lengths.stream().mapToLong(Long::longValue).max().orElse(0));
    }

    /** The length of the longest line of each file, found by one task for each. */
    private static List<Long> lengths(Dataset input, boolean bytes, JobContext context) {
        InputReader reader = context.reader(input);
        return new JavaSparkContext(context.spark().sparkContext())
                .parallelize(input.files(), Math.max(1, input.files().size()))
                .map(file -> longest(reader.open(file), bytes))
                .collect();
    }

    private static long longest(InputStream file, boolean bytes) throws IOException {
        try (var text = new BufferedReader(new InputStreamReader(file, UTF_8))) {
            return text.lines()
                    .mapToLong(line -> bytes ? line.getBytes(UTF_8).length : line.length())
                    .max()
                    .orElse(0);
        }
    }

    @Override
    public ResultDisplay resultDisplay() {
        return ResultDisplay.PLAIN
                .tile("longest", "Longest line", ResultDisplay.Unit.COUNT)
                .chart(new ResultDisplay.Bars("file", "longest"))
                .rowNumber("File");
    }
}
