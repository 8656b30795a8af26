package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/** The sums of what tasks have counted, in memory that all jobs of this process share. */
final class DriverTotals implements AutoCloseable {
    private static final long BLOCK = 1 << 16;

    /** In blocks; a quarter of the heap. */
    private static final Semaphore MEMORY =
            new Semaphore((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / BLOCK));

    private final WordTable table = WordTablePool.take();
    private int held;

    DriverTotals() {
        table.askToGrow(this::hold);
    }

    /** Adds these {@link EncodedCounts}; answers false where there is no memory for more, and then holds some of them. */
    boolean add(byte[] counts) throws IOException {
        try {
            EncodedCounts.addAll(counts, table);
        } catch (WordTable.FullException e) {
            return false;
        }
        return holdExactly(table.memory());
    }

    private boolean hold(long more) {
        int blocks = blocks(more);
        boolean there = MEMORY.tryAcquire(blocks);
        held += there ? blocks : 0;
        return there;
    }

    private boolean holdExactly(long bytes) {
        int excess = held - blocks(bytes);
        if (excess > 0) {
            MEMORY.release(excess);
            held -= excess;
        }
        return excess >= 0 || hold(-excess * BLOCK);
    }

    private static int blocks(long bytes) {
        return Math.toIntExact((bytes + BLOCK - 1) / BLOCK);
    }

    WordTable table() {
        return table;
    }

    @Override
    public void close() {
        MEMORY.release(held);
        held = 0;
        WordTablePool.release(table);
    }
}
