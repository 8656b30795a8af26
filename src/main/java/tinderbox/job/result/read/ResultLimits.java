package tinderbox.job.result.read;

/**
 * The bounds for reading results.
 *
 * @param sortRows how many rows can be sorted
 * @param sortBytes how much memory one sort may take
 * @param rowBytes how large a row may be that is not only copied; at least 64 KiB
 */
public record ResultLimits(long sortRows, long sortBytes, int rowBytes) {
    private static final long MAX_SORT_ROWS = 1_000_000;
    private static final long MAX_SORT_BYTES = 256L << 20;
    private static final long MAX_ROW_BYTES = 64L << 20;
    private static final long MIN_ROW_BYTES = 16L << 20;

    /** The bounds for a heap that can grow to this size, from 2 GiB on the greatest. */
    public static ResultLimits ofHeap(long maxHeapBytes) {
        return new ResultLimits(MAX_SORT_ROWS, Math.min(MAX_SORT_BYTES, maxHeapBytes / 8), (int)
                Math.min(MAX_ROW_BYTES, Math.max(MIN_ROW_BYTES, maxHeapBytes / 32)));
    }
}
