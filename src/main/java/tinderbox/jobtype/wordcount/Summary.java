package tinderbox.jobtype.wordcount;

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

    /** The ratio of neighbouring ranks: 199 points then reach beyond a hundred million words. */
    private static final double STEP = 1.1;

    private final Dataset input;
    private final List<List<Object>> top = new ArrayList<>();
    private final List<List<Object>> rankFrequency = new ArrayList<>();
    private long words;
    private long distinctWords;
    private long rank;
    private long nextPoint = 1;
    private List<Object> last;

    Summary(Dataset input) {
        this.input = input;
    }

    /** Takes the next word in the order of the result; one that is not kept counts only in the totals. */
    void add(String word, long count, boolean kept) {
        words += count;
        distinctWords++;
        if (!kept) {
            return;
        }
        rank++;
        String shown = shortened(word);
        last = List.of(rank, count, shown);
        if (top.size() < TOP) {
            top.add(List.of(shown, count));
        }
        if (rank == nextPoint && rankFrequency.size() < MAX_POINTS - 1) {
            rankFrequency.add(last);
            nextPoint = Math.max(rank + 1, Math.round(rank * STEP));
        }
    }

    Map<String, Object> toMap() {
        if (last != null && !rankFrequency.contains(last)) {
            rankFrequency.add(last);
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

    private static String shortened(String word) {
        return word.codePointCount(0, word.length()) <= MAX_WORD
                ? word
                : word.substring(0, word.offsetByCodePoints(0, MAX_WORD));
    }
}
