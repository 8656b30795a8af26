package tinderbox.jobtype.wordcount;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tinderbox.dataset.Dataset;

/** The summary of a word count, computed while the words arrive in the order of the result. */
final class Summary {
    private static final int TOP = 20;
    private static final int MAX_POINTS = 200;
    private static final int MAX_WORD = 200;

    /** Enough for one code point more than is shown, so that a code point cut in half is never shown. */
    private static final int MAX_WORD_BYTES = 4 * (MAX_WORD + 1);

    /** The ratio of successive ranks: 199 points then cover more than a hundred million words. */
    private static final double STEP = 1.1;

    private final Dataset input;
    private final List<List<Object>> top = new ArrayList<>();
    private final List<List<Object>> rankFrequency = new ArrayList<>();
    private long words;
    private long distinctWords;
    private long rank;
    private long nextPoint = 1;
    private final byte[] lastWord = new byte[MAX_WORD_BYTES];
    private int lastLength;
    private long lastCount;

    Summary(Dataset input) {
        this.input = input;
    }

    /** Adds the next word in the order of the result. If it is not a row of the result, it counts only in the totals. */
    void add(byte[] utf8, int from, int length, long count, boolean isRow) {
        words += count;
        distinctWords++;
        if (!isRow) {
            return;
        }
        rank++;
        lastCount = count;
        lastLength = Math.min(length, MAX_WORD_BYTES);
        System.arraycopy(utf8, from, lastWord, 0, lastLength);
        if (top.size() < TOP) {
            top.add(List.of(lastWordShortened(), count));
        }
        if (rank == nextPoint && rankFrequency.size() < MAX_POINTS - 1) {
            rankFrequency.add(lastPoint());
            nextPoint = Math.max(rank + 1, Math.round(rank * STEP));
        }
    }

    private List<Object> lastPoint() {
        return List.of(rank, lastCount, lastWordShortened());
    }

    private String lastWordShortened() {
        String word = new String(lastWord, 0, lastLength, StandardCharsets.UTF_8);
        return word.codePointCount(0, word.length()) <= MAX_WORD
                ? word
                : word.substring(0, word.offsetByCodePoints(0, MAX_WORD));
    }

    /** Whether any word was a row of the result. */
    boolean hasRows() {
        return rank > 0;
    }

    /** Why the result has no rows, in a sentence for users. */
    String whyEmpty(WordCount.Request request) {
        String longEnough = request.minLength() > 1 ? " of at least " + plural(request.minLength(), "character") : "";
        return words == 0
                ? "The input has no words" + longEnough + "."
                : "The input has " + plural(distinctWords, "distinct word") + longEnough
                        + ", but none that occurs at least " + plural(request.minCount(), "time") + ".";
    }

    private static String plural(long count, String one) {
        return String.format(Locale.ROOT, "%,d %s%s", count, one, count == 1 ? "" : "s");
    }

    Map<String, Object> toMap() {
        if (rank > 0 && !rankFrequency.contains(lastPoint())) {
            rankFrequency.add(lastPoint());
        }
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("words", words);
        summary.put("distinct_words", distinctWords);
        summary.put("bytes_read", input.bytes());
        summary.put("files", (long) input.files().size());
        summary.put("top", top);
        summary.put("rank_frequency", rankFrequency);
        return summary;
    }
}
