package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.Serializable;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import tinderbox.dataset.Dataset;

/**
 * A range of a file. Its words are those that begin in it, although the last one may end in the next split.
 *
 * @param start in bytes
 * @param end in bytes, exclusive. A compressed file has one split, which ends at its compressed size.
 */
record InputSplit(Dataset.File file, long start, long end) implements Serializable {
    /** Counting less than this takes no longer than starting another task. */
    private static final long MIN_TASK_BYTES = 1L << 20;

    /** Keeps tasks short, so that other jobs get their turn and progress is visible. */
    private static final long MAX_TASK_BYTES = 32L << 20;

    /** The cost of opening a file, as the number of bytes that could be read meanwhile. */
    private static final long OPEN_COST_BYTES = 32L << 10;

    /** Limits the size of a serialized task. */
    private static final int MAX_SPLITS = 4096;

    /** An estimate of the decompressed size of a file divided by its compressed size. */
    static final int DECOMPRESSION_RATIO = 4;

    private static final int TASKS_PER_CORE = 3;

    /** Opens the file at its beginning, not at {@code start}. */
    SeekableByteChannel open() throws IOException {
        return file.open();
    }

    boolean compressed() {
        return file.compression().isCompressed();
    }

    private long cost() {
        return OPEN_COST_BYTES + (compressed() ? DECOMPRESSION_RATIO * (end - start) : end - start);
    }

    /**
     * Divides an input into tasks of about the same size. Large files are split; small files share a task.
     *
     * @param cores how many tasks can run at the same time
     */
    static List<List<InputSplit>> tasks(Dataset input, int cores) {
        List<InputSplit> files = input.files().stream()
                .filter(file -> file.bytes() > 0)
                .map(file -> new InputSplit(file, 0, file.bytes()))
                .toList();
        long all = files.stream().mapToLong(InputSplit::cost).sum();
        long task =
                Math.max(MIN_TASK_BYTES, Math.min(MAX_TASK_BYTES, -Math.floorDiv(-all, (long) cores * TASKS_PER_CORE)));
        List<List<InputSplit>> tasks = new ArrayList<>();
        List<InputSplit> splits = new ArrayList<>();
        long cost = 0;
        for (InputSplit file : files) {
            for (InputSplit split : file.divide(task)) {
                if (!splits.isEmpty() && (cost + split.cost() > task || splits.size() == MAX_SPLITS)) {
                    tasks.add(List.copyOf(splits));
                    splits.clear();
                    cost = 0;
                }
                splits.add(split);
                cost += split.cost();
            }
        }
        if (!splits.isEmpty()) {
            tasks.add(List.copyOf(splits));
        }
        return tasks;
    }

    private List<InputSplit> divide(long size) {
        // Rounds so that the last part is not a tiny task.
        long parts = compressed() ? 1 : Math.max(1, (end - size / 4 + size - 1) / size);
        List<InputSplit> divided = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            // Not end * part / parts, which can overflow.
            long from = end / parts * part + Math.min(part, end % parts);
            long to = end / parts * (part + 1) + Math.min(part + 1, end % parts);
            divided.add(new InputSplit(file, from, to));
        }
        return divided;
    }
}
