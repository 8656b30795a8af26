package tinderbox.jobtype.wordcount;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Reuses tables among the tasks of a process. A new table for each task is expensive: it grows step by step, and large
 * arrays cause full garbage collections.
 */
final class WordTablePool {
    /** Larger tables, in bytes, are not pooled. This is enough for the words of most texts. */
    private static final long MAX_TABLE_BYTES = 4L << 20;

    /** About as many as can be in use at the same time. */
    private static final BlockingQueue<WordTable> SPARE = new ArrayBlockingQueue<>(1 + TaskMemory.slots());

    private WordTablePool() {}

    /** Returns an empty table. */
    static WordTable take() {
        WordTable spare = SPARE.poll();
        return spare == null ? new WordTable() : spare;
    }

    /** Returns a table to the pool; the caller must not use it afterwards. */
    static void release(WordTable table) {
        if (table.memoryBytes() <= MAX_TABLE_BYTES && SPARE.remainingCapacity() > 0) {
            table.clear();
            SPARE.offer(table);
        }
    }
}
