package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.util.concurrent.Semaphore;

/** Adds up the counts of all tasks of a job. All jobs of the process share a memory budget for this. */
final class DriverTotals implements AutoCloseable {
    private static final long BLOCK = 1 << 16;

    /** A quarter of the heap, in blocks. */
    private static final Semaphore FREE_BLOCKS =
            new Semaphore((int) Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / 4 / BLOCK));

    /** One job may use this much, in blocks. More words would take seconds to sort, without a way to cancel. */
    private static final int MAX_BLOCKS = (int) ((1L << 30) / BLOCK);

    private final WordTable table = WordTablePool.take();
    private int reserved;

    DriverTotals() {
        table.limitGrowth(this::reserve);
    }

    /** Adds these {@link EncodedCounts}. Returns false if the memory is used up; the totals are then useless. */
    boolean add(byte[] counts) throws IOException {
        try {
            EncodedCounts.addAll(counts, table);
        } catch (WordTable.FullException e) {
            return false;
        }
        return reserveExactly(table.memoryBytes());
    }

    private boolean reserve(long more) {
        int blocks = blocks(more);
        boolean acquired = reserved + blocks <= MAX_BLOCKS && FREE_BLOCKS.tryAcquire(blocks);
        reserved += acquired ? blocks : 0;
        return acquired;
    }

    private boolean reserveExactly(long bytes) {
        int excess = reserved - blocks(bytes);
        if (excess > 0) {
            FREE_BLOCKS.release(excess);
            reserved -= excess;
        }
        return excess >= 0 || reserve(-excess * BLOCK);
    }

    private static int blocks(long bytes) {
        return Math.toIntExact((bytes + BLOCK - 1) / BLOCK);
    }

    WordTable table() {
        return table;
    }

    @Override
    public void close() {
        FREE_BLOCKS.release(reserved);
        reserved = 0;
        WordTablePool.release(table);
    }
}
