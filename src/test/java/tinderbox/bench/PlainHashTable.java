package tinderbox.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/** A hash table from words to counts, with open addressing. One array holds the bytes of all words. */
final class PlainHashTable {
    private byte[] bytes = new byte[1 << 20];
    private int used;

    private int words;
    private int[] starts = new int[1 << 15];
    private int[] lengths = new int[1 << 15];
    private int[] hashes = new int[1 << 15];
    private long[] counts = new long[1 << 15];

    /** The index of the word plus 1, or 0 if the slot is free. The size is a power of two; at least half is free. */
    private int[] slots = new int[1 << 16];

    void add(byte[] from, int start, int length, int hash, long count) {
        int mask = slots.length - 1;
        int slot = spread(hash) & mask;
        while (slots[slot] != 0) {
            int word = slots[slot] - 1;
            if (hashes[word] == hash
                    && lengths[word] == length
                    && Arrays.equals(bytes, starts[word], starts[word] + length, from, start, start + length)) {
                counts[word] += count;
                return;
            }
            slot = (slot + 1) & mask;
        }
        slots[slot] = words + 1;
        append(from, start, length, hash, count);
    }

    private void append(byte[] from, int start, int length, int hash, long count) {
        if (used + length > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
        }
        System.arraycopy(from, start, bytes, used, length);
        starts[words] = used;
        lengths[words] = length;
        hashes[words] = hash;
        counts[words] = count;
        used += length;
        words++;
        if (words == starts.length) {
            grow();
        }
    }

    private void grow() {
        starts = Arrays.copyOf(starts, 2 * words);
        lengths = Arrays.copyOf(lengths, 2 * words);
        hashes = Arrays.copyOf(hashes, 2 * words);
        counts = Arrays.copyOf(counts, 2 * words);
        slots = new int[4 * words];
        int mask = slots.length - 1;
        for (int word = 0; word < words; word++) {
            int slot = spread(hashes[word]) & mask;
            while (slots[slot] != 0) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = word + 1;
        }
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E37_79B9;
        return mixed ^ (mixed >>> 16);
    }

    /** Adds the counts of another table. */
    void add(PlainHashTable other) {
        for (int word = 0; word < other.words; word++) {
            add(other.bytes, other.starts[word], other.lengths[word], other.hashes[word], other.counts[word]);
        }
    }

    /** The indexes of all words, by count, descending, then by bytes. */
    int[] sorted(boolean inParallel) {
        Integer[] order = new Integer[words];
        Arrays.setAll(order, word -> word);
        Comparator<Integer> rule = (one, other) -> {
            int byCount = Long.compare(counts[other], counts[one]);
            return byCount != 0 ? byCount : compareBytes(one, other);
        };
        if (inParallel) {
            Arrays.parallelSort(order, rule);
        } else {
            Arrays.sort(order, rule);
        }
        return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
    }

    private int compareBytes(int one, int other) {
        return Arrays.compareUnsigned(
                bytes, starts[one], starts[one] + lengths[one], bytes, starts[other], starts[other] + lengths[other]);
    }

    /** Writes a word and its count as a line of CSV. */
    void write(int word, OutputStream out) throws IOException {
        int start = starts[word];
        int end = start + lengths[word];
        if (needsQuotes(start, end)) {
            out.write('"');
            for (int at = start; at < end; at++) {
                if (bytes[at] == '"') {
                    out.write('"');
                }
                out.write(bytes[at]);
            }
            out.write('"');
        } else {
            out.write(bytes, start, end - start);
        }
        out.write(("," + counts[word] + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private boolean needsQuotes(int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] == ',' || bytes[at] == '"') {
                return true;
            }
        }
        return false;
    }
}
