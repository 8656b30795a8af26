package tinderbox.jobtype.wordcount;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Tables that are not in use, in the process that runs tasks. Making a table anew for each task costs more than it seems:
 * it grows step by step, and arrays of its size have the garbage collector look through the whole heap.
 */
final class WordTablePool {
    /** A larger one is not kept, in bytes; it holds the words of most texts. */
    private static final long MOST_MEMORY = 4L << 20;

    /** As many as can be in use at the same time, or so. */
    private static final BlockingQueue<WordTable> SPARE =
            new ArrayBlockingQueue<>(1 + Runtime.getRuntime().availableProcessors());

    private WordTablePool() {}

    /** A table without words. */
    static WordTable take() {
        WordTable spare = SPARE.poll();
        return spare == null ? new WordTable() : spare;
    }

    /** Takes back a table that nobody uses any more. */
    static void release(WordTable table) {
        if (table.memory() <= MOST_MEMORY && SPARE.remainingCapacity() > 0) {
            table.clear();
            SPARE.offer(table);
        }
    }
}
