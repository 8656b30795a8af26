package tinderbox.jobtype.wordcount;

import java.util.Arrays;

/**
 * Sorts the words of a table in the order of the result: by count, descending, then by their bytes.
 *
 * <p>First the JDK sorts one long per word, without access to the table: the count if it is small, the first bytes of the
 * word, and its index. Then a merge sort orders words that agree in count and first bytes; the JDK cannot sort an {@code
 * int[]} with a comparator.
 */
final class ResultOrder {
    private static final int INSERTION_SORT_MAX = 8;

    /** Words with at least this count get the same key; there are few of them. */
    private static final int FREQUENT = 255;

    private static final int COUNT_BITS = 8;

    private final WordTable table;
    private final Runnable throwIfStopped;

    private ResultOrder(WordTable table, Runnable throwIfStopped) {
        this.table = table;
        this.throwIfStopped = throwIfStopped;
    }

    /**
     * The entries of a table in the order of the result.
     *
     * @param throwIfStopped called often, because a large table takes seconds
     */
    static int[] of(WordTable table, Runnable throwIfStopped) {
        return new ResultOrder(table, throwIfStopped).sorted();
    }

    private int[] sorted() {
        int[] entries = table.entries();
        // Without the sign bit, so that keys are not negative.
        int indexBits = Integer.SIZE - Integer.numberOfLeadingZeros(entries.length);
        int prefixBits = Long.SIZE - 1 - COUNT_BITS - indexBits;
        long[] keys = new long[entries.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = (key(entries[i], prefixBits) << indexBits) | i;
        }
        Arrays.sort(keys);
        int[] sorted = new int[entries.length];
        for (int i = 0; i < keys.length; i++) {
            sorted[i] = entries[(int) (keys[i] & ((1L << indexBits) - 1))];
        }
        System.arraycopy(sorted, 0, entries, 0, sorted.length);
        for (int start = 0; start < keys.length; ) {
            int end = start + 1;
            while (end < keys.length && keys[start] >>> indexBits == keys[end] >>> indexBits) {
                end++;
            }
            throwIfStopped.run();
            sort(entries, sorted, start, end);
            start = end;
        }
        return sorted;
    }

    private long key(int entry, int prefixBits) {
        long count = table.countAt(entry);
        if (count >= FREQUENT) {
            return 0;
        }
        long prefix = table.prefixAt(entry) >>> (Long.SIZE - prefixBits);
        return ((FREQUENT - count) << prefixBits) | prefix;
    }

    /** Sorts a range of {@code into}; {@code from} has the same entries there, and is used as scratch space. */
    private void sort(int[] from, int[] into, int start, int end) {
        if (end - start <= INSERTION_SORT_MAX) {
            insert(into, start, end);
            return;
        }
        throwIfStopped.run();
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

    private void insert(int[] entries, int start, int end) {
        for (int i = start + 1; i < end; i++) {
            int entry = entries[i];
            int at = i;
            while (at > start && compare(entries[at - 1], entry) > 0) {
                entries[at] = entries[--at];
            }
            entries[at] = entry;
        }
    }

    private int compare(int entry, int other) {
        int byCount = Long.compare(table.countAt(other), table.countAt(entry));
        return byCount != 0 ? byCount : table.compareWords(entry, other);
    }
}
