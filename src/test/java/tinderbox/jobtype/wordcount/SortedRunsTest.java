package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedRunsTest {
    @TempDir
    Path folder;

    private record Counted(String word, long count) {}

    private static void add(WordTable table, Counted counted) {
        byte[] word = counted.word().getBytes(StandardCharsets.US_ASCII);
        byte[] padded = new byte[word.length + WordTable.PADDING];
        System.arraycopy(word, 0, padded, 0, word.length);
        table.add(padded, 0, word.length, counted.count());
    }

    private List<Counted> merged(List<List<Counted>> runs) throws IOException {
        Path file = folder.resolve("runs");
        List<Counted> merged = new ArrayList<>();
        try (SortedRuns all = new SortedRuns(file)) {
            for (List<Counted> run : runs) {
                WordTable table = new WordTable();
                run.forEach(counted -> add(table, counted));
                all.add(EncodedCounts.of(table, ResultOrder.of(table, () -> {})));
            }
            all.merge((bytes, from, length, count) ->
                    merged.add(new Counted(new String(bytes, from, length, StandardCharsets.US_ASCII), count)));
        }
        assertFalse(Files.exists(file), "the file is deleted");
        return merged;
    }

    @Test
    void runsAreMergedIntoTheOrderOfTheResult() throws IOException {
        Random random = new Random(1);
        List<List<Counted>> runs = new ArrayList<>();
        for (int run = 0; run < 7; run++) {
            runs.add(new ArrayList<>());
        }
        List<Counted> expected = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // Some words are far longer than the buffer of a run.
            String word = "w" + i + (i % 5_000 == 0 ? "x".repeat(300_000) : "y".repeat(random.nextInt(20)));
            Counted counted = new Counted(word, i % 100 == 0 ? Long.MAX_VALUE - i : 1 + random.nextInt(300));
            expected.add(counted);
            // One run stays empty.
            runs.get(random.nextInt(6)).add(counted);
        }
        expected.sort(Comparator.comparingLong(Counted::count).reversed().thenComparing(Counted::word));
        assertEquals(expected, merged(runs));
    }

    @Test
    void withoutRunsThereAreNoWords() throws IOException {
        assertEquals(List.of(), merged(List.of()));
        assertEquals(List.of(), merged(List.of(List.of(), List.of())));
    }
}
