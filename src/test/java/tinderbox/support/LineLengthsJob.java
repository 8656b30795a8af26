package tinderbox.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

/** A second job type, with other parameters and other columns: it proves that the seam holds. */
public final class LineLengthsJob implements JobType<LineLengthsJob.Request> {
    private static final ParamSpec<String> INPUT =
            ParamSpec.dataset("input").title("Dataset").help("A folder of text files.");
    private static final ParamSpec<String> UNIT = ParamSpec.choice("unit", List.of("characters", "bytes"))
            .title("Unit")
            .help("What a length counts.")
            .defaultsTo("characters");
    private static final ParamSpec<String> LABEL = ParamSpec.string("label")
            .title("Label")
            .help("Written into every row.")
            .defaultsTo("");
    private static final ParamSpec<Boolean> MEANS = ParamSpec.bool("means")
            .title("Means")
            .help("Leave out for totals only.")
            .defaultsTo(true);

    public record Request(String input, boolean bytes, String label, boolean means) {}

    @Override
    public String name() {
        return "line-lengths";
    }

    @Override
    public String title() {
        return "Line lengths";
    }

    @Override
    public String description() {
        return "Tells how long the lines of each file are.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUT, UNIT, LABEL, MEANS);
    }

    @Override
    public Request parse(Params params) {
        return new Request(params.get(INPUT), params.get(UNIT).equals("bytes"), params.get(LABEL), params.get(MEANS));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws IOException {
        Dataset input = context.input(request.input());
        context.phase("measuring");
        long lines = 0;
        ResultWriter result = context.result(List.of(
                Column.string("file"),
                Column.integer("lines"),
                new Column("mean", Column.Type.DOUBLE),
                new Column("long", Column.Type.BOOLEAN),
                Column.string("label")));
        InputReader reader = context.reader(input);
        for (Dataset.File file : input.files()) {
            List<Integer> lengths = lengths(file, reader, request, context);
            double mean = lengths.stream().mapToInt(Integer::intValue).average().orElse(0);
            result.row(java.util.Arrays.asList(
                    file.path(), (long) lengths.size(), request.means() ? mean : null, mean > 80, request.label()));
            lines += lengths.size();
        }
        return Map.of("lines", lines, "unit", request.bytes() ? "bytes" : "characters");
    }

    private static List<Integer> lengths(Dataset.File file, InputReader reader, Request request, JobContext context) {
        boolean bytes = request.bytes();
        return new JavaSparkContext(context.spark().sparkContext())
                .parallelize(List.of(file), 1)
                .flatMap(each -> lines(reader.open(each)).iterator())
                .map(line -> bytes ? line.getBytes(StandardCharsets.UTF_8).length : line.length())
                .collect();
    }

    private static List<String> lines(InputStream file) throws IOException {
        try (var lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            return lines.lines().toList();
        }
    }
}
