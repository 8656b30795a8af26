package tinderbox.jobtype.wordcount;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tinderbox.dataset.Dataset;

/** What a word count tells of its result, gathered while the rows pass in order. */
final class Summary {
    private static final int TOP = 20;
    private static final int MAX_POINTS = 200;
    private static final int MAX_WORD = 200;

    /** Enough for one code point more than is shown: a character that is cut in half is beyond them. */
    private static final int MAX_WORD_BYTES = 4 * (MAX_WORD + 1);

    /** The ratio of neighbouring ranks: 199 points then reach beyond a hundred million words. */
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

    /** Takes the next word in the order of the result; one that is not kept counts only in the totals. */
    void add(byte[] utf8, int from, int length, long count, boolean kept) {
        words += count;
        distinctWords++;
        if (!kept) {
            return;
        }
        rank++;
        lastCount = count;
        lastLength = Math.min(length, MAX_WORD_BYTES);
        System.arraycopy(utf8, from, lastWord, 0, lastLength);
        if (top.size() < TOP) {
            top.add(List.of(lastShown(), count));
        }
        if (rank == nextPoint && rankFrequency.size() < MAX_POINTS - 1) {
            rankFrequency.add(lastPoint());
            nextPoint = Math.max(rank + 1, Math.round(rank * STEP));
        }
    }

    private List<Object> lastPoint() {
        return List.of(rank, lastCount, lastShown());
    }

    /** The last word, cut where it is long. */
    private String lastShown() {
        String word = new String(lastWord, 0, lastLength, StandardCharsets.UTF_8);
        return word.codePointCount(0, word.length()) <= MAX_WORD
                ? word
                : word.substring(0, word.offsetByCodePoints(0, MAX_WORD));
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
