package tinderbox.support;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.NoFollowOpener;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
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
        for (Dataset.File file : input.files()) {
            List<Integer> lengths = lengths(file, request, context);
            double mean = lengths.stream().mapToInt(Integer::intValue).average().orElse(0);
            result.row(java.util.Arrays.asList(
                    file.path(), (long) lengths.size(), request.means() ? mean : null, mean > 80, request.label()));
            lines += lengths.size();
        }
        return Map.of("lines", lines, "unit", request.bytes() ? "bytes" : "characters");
    }

    private static List<Integer> lengths(Dataset.File file, Request request, JobContext context) throws IOException {
        List<String> lines;
        try (var reader = new BufferedReader(
                Channels.newReader(NoFollowOpener.open(file.root(), file.location()), StandardCharsets.UTF_8))) {
            lines = reader.lines().toList();
        }
        boolean bytes = request.bytes();
        return new JavaSparkContext(context.spark().sparkContext())
                .parallelize(lines, 2)
                .map(line -> bytes ? line.getBytes(StandardCharsets.UTF_8).length : line.length())
                .collect();
    }
}
