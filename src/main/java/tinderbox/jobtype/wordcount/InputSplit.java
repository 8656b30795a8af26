package tinderbox.jobtype.wordcount;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tinderbox.dataset.Compression;
import tinderbox.dataset.Dataset;
import tinderbox.dataset.NoFollowOpener;

/**
 * A part of an input that one task reads: the words that begin in it. A word that begins in one part may end in the
 * next.
 *
 * @param root the URI of the folder that the file must not lead out of
 * @param file its URI
 * @param start where it begins, in bytes
 * @param end where it ends; that of a packed file, which is always read whole, is its packed size
 * @param packed whether the file is packed
 */
record InputSplit(String root, String file, long start, long end, boolean packed) implements Serializable {
    /** Less than this is not worth a task of its own: it takes about as long as starting one. */
    private static final long SMALLEST_TASK = 1L << 20;

    /** How much one task reads at most, so that tasks end often: other jobs get their turn, and progress is seen. */
    private static final long LARGEST_TASK = 32L << 20;

    /** What opening a file costs, in bytes that could be read meanwhile. */
    private static final long OPENING = 32L << 10;

    /** How many parts one task has at most, so that telling it of them stays cheap. */
    private static final int MAX_PARTS = 4096;

    /** How much more a packed file is than its size, or so. */
    static final int UNPACKED = 4;

    private static final int TASKS_A_CORE = 3;

    /** Opens the file, at its beginning. */
    SeekableByteChannel open() throws IOException {
        return NoFollowOpener.open(Path.of(URI.create(root)), Path.of(URI.create(file)));
    }

    private long cost() {
        return OPENING + (packed ? UNPACKED * (end - start) : end - start);
    }

    /**
     * Divides an input into tasks of about the same size: a large file among several, many small ones together into one.
     *
     * @param cores how many tasks can run at the same time
     */
    static List<List<InputSplit>> tasks(Dataset input, int cores) {
        List<InputSplit> files = input.files().stream()
                .filter(file -> file.bytes() > 0)
                .map(file -> new InputSplit(
                        file.root().toUri().toString(),
                        file.location().toUri().toString(),
                        0,
                        file.bytes(),
                        Compression.of(file.location().toString()).isPacked()))
                .toList();
        long all = files.stream().mapToLong(InputSplit::cost).sum();
        long task = Math.max(SMALLEST_TASK, Math.min(LARGEST_TASK, -Math.floorDiv(-all, (long) cores * TASKS_A_CORE)));
        List<List<InputSplit>> tasks = new ArrayList<>();
        List<InputSplit> parts = new ArrayList<>();
        long cost = 0;
        for (InputSplit file : files) {
            for (InputSplit part : file.divide(task)) {
                if (!parts.isEmpty() && (cost + part.cost() > task || parts.size() == MAX_PARTS)) {
                    tasks.add(List.copyOf(parts));
                    parts.clear();
                    cost = 0;
                }
                parts.add(part);
                cost += part.cost();
            }
        }
        if (!parts.isEmpty()) {
            tasks.add(List.copyOf(parts));
        }
        return tasks;
    }

    private List<InputSplit> divide(long size) {
        // A last part of little more than nothing would be a task of its own.
        long parts = packed ? 1 : Math.max(1, (end - size / 4 + size - 1) / size);
        List<InputSplit> divided = new ArrayList<>();
        for (long part = 0; part < parts; part++) {
            // Not end * part / parts, which can be too large for a long.
            long from = end / parts * part + Math.min(part, end % parts);
            long to = end / parts * (part + 1) + Math.min(part + 1, end % parts);
            divided.add(new InputSplit(root, file, from, to, packed));
        }
        return divided;
    }
}
