package tinderbox.jobtype.wordcount;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tinderbox.dataset.Dataset;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

/**
 * Counts words. By default: converts each line to lower case, splits it at the regex {@code \s+} (the six ASCII
 * white-space characters), drops empty words and counts. Sorts by count, descending, then by the UTF-8 bytes of the word.
 */
public final class WordCount implements JobType<WordCount.Request> {
    static final ParamSpec<String> INPUT = ParamSpec.dataset("input")
            .title("Dataset")
            .help("A text file, plain or compressed as .gz, .bz2 or .zst, or a folder of them.")
            .defaultsTo("samples/moby-dick.txt");
    static final ParamSpec<Boolean> CASE_SENSITIVE = ParamSpec.bool("case_sensitive")
            .title("Case-sensitive")
            .help("Count The and the as two words.")
            .defaultsTo(false);
    static final ParamSpec<Boolean> STRIP_PUNCTUATION = ParamSpec.bool("strip_punctuation")
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

    private static final String EMPTY_REASON = "empty_reason";
    private static final ResultDisplay DISPLAY = ResultDisplay.PLAIN
            .tile("words", "Words", ResultDisplay.Unit.COUNT)
            .tile("distinct_words", "Distinct words", ResultDisplay.Unit.COUNT)
            .tile("bytes_read", "Read", ResultDisplay.Unit.BYTES)
            .tile("files", "Files", ResultDisplay.Unit.COUNT)
            .tile("words", "Words per second", ResultDisplay.Unit.PER_SECOND)
            .chart(new ResultDisplay.Bars("word", "count"))
            .chart(new ResultDisplay.RankFrequency("rank_frequency"))
            .rowNumber("Rank")
            .words(new ResultDisplay.Words(
                    "word",
                    "count",
                    "words",
                    CASE_SENSITIVE.name(),
                    List.of(MIN_LENGTH.name(), MIN_COUNT.name()),
                    new ResultDisplay.Concordance(
                            Concordance.NAME,
                            Concordance.WORD.name(),
                            List.of(INPUT.name(), CASE_SENSITIVE.name(), STRIP_PUNCTUATION.name()))))
            .emptyReason(EMPTY_REASON);

    private static final List<Column> COLUMNS = List.of(Column.string("word"), Column.integer("count"));

    /** The parsed parameters of a job. */
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
    public ResultDisplay resultDisplay() {
        return DISPLAY;
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
        Dataset input = context.input(request.input());
        context.phase("counting");
        Summary summary = new Summary(input);
        ResultWriter result = context.result(COLUMNS);
        TokenNormalizer normalizer =
                new TokenNormalizer(request.caseSensitive(), request.stripPunctuation(), request.minLength());
        new WordCounter(input, normalizer, context).count((utf8, from, length, count) -> {
            boolean isRow = count >= request.minCount();
            summary.add(utf8, from, length, count, isRow);
            if (isRow) {
                result.row(utf8, from, length, count);
            }
        });
        Map<String, Object> fields = summary.toMap();
        if (!summary.hasRows()) {
            fields.put(EMPTY_REASON, summary.whyEmpty(request));
        }
        return fields;
    }
}
