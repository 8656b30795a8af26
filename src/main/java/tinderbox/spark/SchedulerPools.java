package tinderbox.spark;

import java.util.BitSet;

/**
 * The pools of Spark's fair scheduler, one for each running attempt. Spark never removes a pool, so they are reused.
 */
final class SchedulerPools {
    private final BitSet used = new BitSet();

    record Pool(int number) {
        String sparkName() {
            return "slot-" + number;
        }
    }

    /** Takes a free pool. */
    synchronized Pool take() {
        int free = used.nextClearBit(0);
        used.set(free);
        return new Pool(free);
    }

    synchronized void release(Pool pool) {
        used.clear(pool.number());
    }
}
