package tinderbox.jobtype.wordcount;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.length;
import static org.apache.spark.sql.functions.lower;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.split;

import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import tinderbox.job.Column;
import tinderbox.job.ResultWriter;
import tinderbox.jobtype.Bzip2Header;
import tinderbox.jobtype.InputFailures;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;

/**
 * Counts words: lower-case every line, split it on the regex {@code \s+} (the six ASCII white-space
 * characters), drop empty words, count; by count descending, then by the word's UTF-8 bytes ascending.
 */
public final class WordCount implements JobType<WordCount.Request> {
    private static final ParamSpec<String> INPUT = ParamSpec.dataset("input")
            .title("Dataset")
            .help("A text file, plain or packed as .gz or .bz2, or a folder of them.")
            .defaultsTo("samples/moby-dick.txt");
    private static final ParamSpec<Boolean> CASE_SENSITIVE = ParamSpec.bool("case_sensitive")
            .title("Case-sensitive")
            .help("Count The and the as two words.")
            .defaultsTo(false);
    private static final ParamSpec<Boolean> STRIP_PUNCTUATION = ParamSpec.bool("strip_punctuation")
            .title("Strip punctuation")
            .help("Remove punctuation and symbols at both ends of a word.")
            .defaultsTo(false);
    private static final ParamSpec<Long> MIN_LENGTH = ParamSpec.integer("min_length", 1, 1_000_000)
            .title("Shortest word")
            .help("Leave out words with fewer characters.")
            .defaultsTo(1L);
    private static final ParamSpec<Long> MIN_COUNT = ParamSpec.integer("min_count", 1, 1_000_000_000_000L)
            .title("Smallest count")
            .help("Leave out words that occur less often.")
            .defaultsTo(1L);
    private static final ParamSpec<Long> DELAY_SECONDS = ParamSpec.integer("delay_seconds", 0, 60)
            .title("Delay")
            .help("Seconds to wait before counting, so that a running job can be watched.")
            .defaultsTo(0L);

    private static final List<Column> COLUMNS = List.of(Column.string("word"), Column.integer("count"));
    private static final String EDGE_PUNCTUATION = "^[\\p{P}\\p{S}]+|[\\p{P}\\p{S}]+$";

    /** What one job is to count; see the parameters of the same names. */
    public record Request(
            String input,
            boolean caseSensitive,
            boolean stripPunctuation,
            int minLength,
            long minCount,
            long delaySeconds) {}

    @Override
    public String name() {
        return "word-count";
    }

    @Override
    public String title() {
        return "Word count";
    }

    @Override
    public String description() {
        return "Counts how often each word occurs in a text file or a folder of text files.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(INPUT, CASE_SENSITIVE, STRIP_PUNCTUATION, MIN_LENGTH, MIN_COUNT, DELAY_SECONDS);
    }

    @Override
    public Request parse(Params params) {
        return new Request(
                params.get(INPUT),
                params.get(CASE_SENSITIVE),
                params.get(STRIP_PUNCTUATION),
                Math.toIntExact(params.get(MIN_LENGTH)),
                params.get(MIN_COUNT),
                params.get(DELAY_SECONDS));
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        if (request.delaySeconds() > 0) {
            context.phase("waiting");
            TimeUnit.SECONDS.sleep(request.delaySeconds());
        }
        tinderbox.dataset.Dataset input = context.input(request.input());
        context.phase("counting");
        try {
            Bzip2Header.check(input);
            Iterator<Row> counts = counts(context.spark(), input, request).toLocalIterator();
            return write(counts, request, input, context);
        } catch (Exception e) {
            throw InputFailures.explained(e, input);
        }
    }

    private static Dataset<Row> counts(SparkSession spark, tinderbox.dataset.Dataset input, Request request) {
        // The files are named one by one, as they stand: nothing in a name is a pattern or a list.
        Dataset<Row> lines = spark.read()
                .option("__globPaths__", "false")
                .text(input.files().stream()
                        .map(file -> "file://" + file.location())
                        .toArray(String[]::new));
        org.apache.spark.sql.Column line = request.caseSensitive() ? col("value") : lower(col("value"));
        Dataset<Row> words = lines.select(explode(split(line, "\\s+")).as("word"));
        if (request.stripPunctuation()) {
            words = words.select(
                    regexp_replace(col("word"), EDGE_PUNCTUATION, "").as("word"));
        }
        return words.where(length(col("word")).geq(request.minLength()))
                .groupBy("word")
                .count()
                .orderBy(col("count").desc(), col("word").asc());
    }

    private static Map<String, Object> write(
            Iterator<Row> counts, Request request, tinderbox.dataset.Dataset input, JobContext context)
            throws IOException {
        Summary summary = new Summary(input);
        ResultWriter result = context.result(COLUMNS);
        while (counts.hasNext()) {
            Row row = counts.next();
            String word = row.getString(0);
            long count = row.getLong(1);
            boolean kept = count >= request.minCount();
            summary.add(word, count, kept);
            if (kept) {
                result.row(List.of(word, count));
            }
            context.throwIfCancelled();
        }
        return summary.toMap();
    }
}
