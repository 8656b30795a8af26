package tinderbox.dataset;

import java.util.List;

/**
 * How a file begins.
 *
 * @param path its name, {@code root/path}
 * @param lines the first lines, each cut
 * @param more whether the file goes on after them
 * @param cutShort whether there would have been more lines, but it would have taken too long to find them
 */
public record DatasetPreview(String path, List<String> lines, boolean more, boolean cutShort) {
    public DatasetPreview {
        lines = List.copyOf(lines);
    }
}
