package tinderbox.jobtype.wordcount;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class WordTableTest {
    private static byte[] padded(byte[] word) {
        return Arrays.copyOf(word, word.length + WordTable.PADDING);
    }

    private static byte[] wordAt(WordTable table, int entry) {
        byte[] word = new byte[table.lengthAt(entry) + WordTable.PADDING];
        return Arrays.copyOf(word, table.copy(entry, word, 0));
    }

    /** Words of up to 40 bytes, with many zeros and many common prefixes. */
    private static List<byte[]> words(long seed, int count) {
        Random random = new Random(seed);
        List<byte[]> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            byte[] word = new byte[1 + random.nextInt(40)];
            for (int at = 0; at < word.length; at++) {
                word[at] = (byte) (at % 8 < 6 ? 'a' : random.nextInt(4) - 2);
            }
            words.add(word);
        }
        return words;
    }

    private static String text(byte[] word) {
        return new String(word, StandardCharsets.ISO_8859_1);
    }

    @Test
    void countsWhatAMapCounts() {
        WordTable table = new WordTable();
        Map<String, Long> expected = new HashMap<>();
        long count = 1;
        for (byte[] word : words(1, 200_000)) {
            table.add(padded(word), 0, word.length, count);
            expected.merge(text(word), count, Long::sum);
            count = count % 7 + 1;
        }
        Map<String, Long> counts = new HashMap<>();
        for (int entry : table.entries()) {
            counts.put(text(wordAt(table, entry)), table.countAt(entry));
        }
        assertEquals(expected, counts);
        assertEquals(expected.size(), table.size());
    }

    @Test
    void encodedWordsAreDecodedUnchanged() throws IOException {
        WordTable table = new WordTable();
        words(2, 20_000).forEach(word -> table.add(padded(word), 0, word.length, 1L << 40));
        WordTable copy = new WordTable();
        EncodedCounts.addAll(EncodedCounts.of(table, table.entries()), copy);
        assertEquals(describe(table), describe(copy));
    }

    private static List<String> describe(WordTable table) {
        return Arrays.stream(ResultOrder.of(table, () -> {}))
                .mapToObj(entry -> table.countAt(entry) + " " + text(wordAt(table, entry)) + " " + table.hashAt(entry)
                        + " " + table.isAsciiAt(entry))
                .toList();
    }

    @Test
    void theOrderIsByCountAndThenByUnsignedBytes() {
        WordTable table = new WordTable();
        Random random = new Random(3);
        words(3, 30_000).forEach(word -> table.add(padded(word), 0, word.length, 1 + random.nextInt(2)));
        List<Integer> expected = new ArrayList<>();
        Arrays.stream(table.entries()).forEach(expected::add);
        expected.sort(Comparator.<Integer>comparingLong(table::countAt)
                .reversed()
                .thenComparing(entry -> wordAt(table, entry), Arrays::compareUnsigned));
        assertArrayEquals(expected.stream().mapToInt(Integer::intValue).toArray(), ResultOrder.of(table, () -> {}));
    }

    @Test
    void sortingCanBeStopped() {
        WordTable table = new WordTable();
        words(5, 30_000).forEach(word -> table.add(padded(word), 0, word.length, 1));
        assertThrows(
                CancellationException.class,
                () -> ResultOrder.of(table, () -> {
                    throw new CancellationException();
                }));
    }

    @Test
    void aTableThatMayNotGrowKeepsItsWords() {
        WordTable table = new WordTable();
        table.limitGrowth(bytes -> false);
        assertThrows(
                WordTable.FullException.class,
                () -> words(4, 10_000).forEach(word -> table.add(padded(word), 0, word.length, 1)));
        assertEquals(table.size(), table.entries().length);
        assertTrue(table.size() > 1000, () -> table.size() + " words");
        table.clear();
        assertEquals(0, table.entries().length);
        assertFalse(table.memoryBytes() == 0);
    }
}
