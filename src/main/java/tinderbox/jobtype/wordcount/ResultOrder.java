package tinderbox.jobtype.wordcount;

import java.util.Arrays;

/**
 * Sorts the words of a table as a result shows them: by count, the greatest first, then by their bytes.
 *
 * <p>First by one number for each word, which the JDK sorts without a look at the table: a small count, the word's first
 * bytes, and which word it is. Then those that have these in common, by a merge sort of places, since no sort of the JDK
 * takes ints with an order of their own.
 */
final class ResultOrder {
    private static final int SHORT = 8;

    /** From this count on, counts are not part of the number; few words are so frequent. */
    private static final int FREQUENT = 255;

    private static final int COUNT_BITS = 8;

    private final WordTable table;

    private ResultOrder(WordTable table) {
        this.table = table;
    }

    /** All places of a table in this order. */
    static int[] of(WordTable table) {
        return new ResultOrder(table).sorted();
    }

    private int[] sorted() {
        int[] places = table.places();
        // Without the sign, which would be compared as one.
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(places.length);
        int prefixBits = Long.SIZE - 1 - COUNT_BITS - indexBits;
        long[] keys = new long[places.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (key(places[i], prefixBits) << indexBits) | i;
        }
        Arrays.sort(keys);
        int[] sorted = new int[places.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = places[(int) (keys[i] & ((1L << indexBits) - 1))];
        }
        System.arraycopy(sorted, 0, places, 0, sorted.length);
        for (int start = 0; start < keys.length; ) {
            int end = start + 1;
            while (end < keys.length && keys[start] >>> indexBits == keys[end] >>> indexBits) {
                end++;
            }
            sort(places, sorted, start, end);
            start = end;
        }
        return sorted;
    }

    private long key(int place, int prefixBits) {
        long count = table.countAt(place);
        if (count >= FREQUENT) {
            return 0;
        }
        long prefix = table.prefixAt(place) >>> (Long.SIZE - prefixBits);
        return ((FREQUENT - count) << prefixBits) | prefix;
    }

    /** Sorts a part of {@code into}; {@code from} holds the same places, and is scratch. */
    private void sort(int[] from, int[] into, int start, int end) {
        if (end - start <= SHORT) {
            insert(into, start, end);
            return;
        }
        int middle = (start + end) >>> 1;
        sort(into, from, start, middle);
        sort(into, from, middle, end);
        if (compare(from[middle - 1], from[middle]) <= 0) {
            System.arraycopy(from, start, into, start, end - start);
            return;
        }
        int left = start;
        int right = middle;
        for (int at = start; at < end; at++) {
            boolean takeLeft = right >= end || (left < middle && compare(from[left], from[right]) <= 0);
            into[at] = takeLeft ? from[left++] : from[right++];
        }
    }

    private void insert(int[] places, int start, int end) {
        for (int i = start + 1; i < end; i++) {
            int place = places[i];
            int at = i;
            while (at > start && compare(places[at - 1], place) > 0) {
                places[at] = places[--at];
            }
            places[at] = place;
        }
    }

    private int compare(int place, int other) {
        int byCount = Long.compare(table.countAt(other), table.countAt(place));
        return byCount != 0 ? byCount : table.compareWords(place, other);
    }
}
