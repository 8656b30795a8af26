package tinderbox.spark;

import java.util.BitSet;

/**
 * The pools of Spark's fair scheduler, one for each attempt that runs. Spark never removes a pool, so they are used
 * again: there are as many as have ever run at the same time.
 */
final class SchedulerPools {
    private final BitSet taken = new BitSet();

    /** A pool, by its number. */
    record Pool(int number) {
        /** What Spark calls it. */
        String sparkName() {
            return "slot-" + number;
        }
    }

    /** Takes a pool that nobody uses. */
    synchronized Pool take() {
        int free = taken.nextClearBit(0);
        taken.set(free);
        return new Pool(free);
    }

    synchronized void release(Pool pool) {
        taken.clear(pool.number());
    }
}
