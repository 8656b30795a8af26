package tinderbox.dataset;

import java.util.List;

/**
 * The beginning of a file.
 *
 * @param path its path, {@code root/path}
 * @param lines the first lines, each cut to {@link #MAX_LINE_CHARS}
 * @param more whether the file continues after them
 * @param cutShort whether reading stopped early because it took too long
 */
public record DatasetPreview(String path, List<String> lines, boolean more, boolean cutShort) {
    /** Longer lines are cut. */
    public static final int MAX_LINE_CHARS = 500;

    public DatasetPreview {
        lines = List.copyOf(lines);
    }
}
