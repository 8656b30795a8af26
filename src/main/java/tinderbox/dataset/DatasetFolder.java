package tinderbox.dataset;

import java.util.List;

/**
 * A folder's listing.
 *
 * @param path its name, {@code root/path}; empty for the list of roots
 * @param entries folders first, then by name
 */
public record DatasetFolder(String path, List<DatasetEntry> entries) {
    public DatasetFolder {
        entries = List.copyOf(entries);
    }
}
