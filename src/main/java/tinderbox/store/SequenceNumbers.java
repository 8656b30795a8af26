package tinderbox.store;

import java.util.TreeSet;

/**
 * Numbers jobs in the order of acceptance. A job may be stored before one with a smaller number, so this also knows up to
 * which number all jobs are stored.
 */
final class SequenceNumbers {
    private final TreeSet<Long> unsettled = new TreeSet<>();
    private long last;

    SequenceNumbers(long last) {
        this.last = last;
    }

    /** The next number. */
    synchronized long next() {
        last++;
        unsettled.add(last);
        return last;
    }

    /** The job with this number is stored, or never will be. */
    synchronized void settle(long number) {
        unsettled.remove(number);
    }

    /** No job with this number or a smaller one is still to come. */
    synchronized long settled() {
        return unsettled.isEmpty() ? last : unsettled.first() - 1;
    }
}
