package tinderbox.jobtype.wordcount;

/**
 * Sorts the words of a table as a result shows them: by count, the greatest first, then by their bytes. A merge sort of
 * places, since no sort of the JDK takes ints with an order of their own.
 */
final class ResultOrder {
    private static final int SHORT = 8;

    private final WordTable table;

    private ResultOrder(WordTable table) {
        this.table = table;
    }

    /** All places of a table in this order. */
    static int[] of(WordTable table) {
        int[] places = table.places();
        new ResultOrder(table).sort(places.clone(), places, 0, places.length);
        return places;
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
