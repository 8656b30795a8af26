package tinderbox.jobtype.wordcount;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.dataset.Dataset;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.result.Column;
import tinderbox.job.result.ResultWriter;
import tinderbox.jobtype.JobContext;
import tinderbox.jobtype.JobInput;
import tinderbox.jobtype.JobType;
import tinderbox.jobtype.ParamSpec;
import tinderbox.jobtype.Params;
import tinderbox.jobtype.ResultDisplay;

/**
 * Shows a word in its lines. What is a word, and which words are the same, is as in {@link WordCount}: the number of
 * occurrences is the word's count there.
 */
public final class Concordance implements JobType<Concordance.Request> {
    /** The name of the type. */
    static final String NAME = "concordance";

    private static final int MAX_WORD = 200;

    static final ParamSpec<String> WORD =
            ParamSpec.string("word").title("Word").help("The word to look for, as a word count shows it.");
    private static final ParamSpec<Long> CONTEXT = ParamSpec.integer("context", 0, 200)
            .title("Context")
            .help("How many characters of the line to show on either side, at most.")
            .defaultsTo(60L);
    private static final ParamSpec<Long> MAX_ROWS = ParamSpec.integer("max_rows", 1, 10_000)
            .title("Most rows")
            .help("Show only the first occurrences; all are counted.")
            .defaultsTo(1_000L);

    private static final String OCCURRENCES = "occurrences";
    private static final String EMPTY_REASON = "empty_reason";
    private static final ResultDisplay DISPLAY = ResultDisplay.PLAIN
            .tile(OCCURRENCES, "Occurrences", ResultDisplay.Unit.COUNT)
            .tile("files_with_word", "Files with the word", ResultDisplay.Unit.COUNT)
            .tile("files", "Files", ResultDisplay.Unit.COUNT)
            .tile("bytes_read", "Read", ResultDisplay.Unit.BYTES)
            .inContext(new ResultDisplay.InContext("left", "word", "right"))
            .emptyReason(EMPTY_REASON);

    private static final List<Column> COLUMNS = List.of(
            Column.string("left"),
            Column.string("word"),
            Column.string("right"),
            Column.string("file"),
            Column.integer("line"));

    /** The parsed parameters of a job. */
    public record Request(
            String input, String word, boolean caseSensitive, boolean stripPunctuation, int context, int maxRows) {
        private SearchedWord searched() {
            return new SearchedWord(new TokenNormalizer(caseSensitive, stripPunctuation, 1), word);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String title() {
        return "Concordance";
    }

    @Override
    public String description() {
        return "Shows a word of a text file or a folder of text files in its lines.";
    }

    @Override
    public List<ParamSpec<?>> params() {
        return List.of(WordCount.INPUT, WORD, WordCount.CASE_SENSITIVE, WordCount.STRIP_PUNCTUATION, CONTEXT, MAX_ROWS);
    }

    @Override
    public ResultDisplay resultDisplay() {
        return DISPLAY;
    }

    @Override
    public String label(Params params, Request request, List<JobInput> inputs) {
        return request.word() + " in " + request.input();
    }

    @Override
    public String searchText(Params params, Request request, List<JobInput> inputs) {
        return request.word() + "\n" + request.input();
    }

    @Override
    public Request parse(Params params) {
        Request request = new Request(
                params.get(WordCount.INPUT),
                params.get(WORD),
                params.get(WordCount.CASE_SENSITIVE),
                params.get(WordCount.STRIP_PUNCTUATION),
                Math.toIntExact(params.get(CONTEXT)),
                Math.toIntExact(params.get(MAX_ROWS)));
        String problem = problem(request);
        if (problem != null) {
            throw new JobException(
                    ErrorCode.INVALID_JOB,
                    "The job cannot be accepted",
                    List.of(new FieldProblem(WORD.field(), problem)));
        }
        return request;
    }

    private static String problem(Request request) {
        String word = request.word();
        if (word.isEmpty() || word.chars().anyMatch(c -> c < 0x80 && Tokenizer.isSpace((byte) c))) {
            return "must be one word, without white space";
        }
        if (word.codePointCount(0, word.length()) > MAX_WORD) {
            return "must not be longer than " + MAX_WORD + " characters";
        }
        return request.searched().form().isEmpty()
                ? "must have a letter or a digit, because punctuation is stripped"
                : null;
    }

    @Override
    public Map<String, Object> run(Request request, JobContext context) throws Exception {
        Dataset input = context.input(request.input());
        context.phase("searching");
        ResultWriter result = context.result(COLUMNS);
        WordFinder.Totals totals = new WordFinder(input, context)
                .find(
                        request.searched(),
                        request.context(),
                        request.maxRows(),
                        (file, line, found) ->
                                result.row(List.of(found.left(), found.word(), found.right(), file, line)));
        if (totals.occurrences() > result.rows()) {
            context.warn(String.format(
                    Locale.ROOT,
                    "The word occurs %,d times; the result has the first %,d (max_rows).",
                    totals.occurrences(),
                    result.rows()));
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put(OCCURRENCES, totals.occurrences());
        summary.put("files_with_word", totals.files());
        summary.put("files", (long) input.files().size());
        summary.put("bytes_read", input.bytes());
        if (totals.occurrences() == 0) {
            summary.put(EMPTY_REASON, "The word does not occur in the input.");
        }
        return summary;
    }
}
