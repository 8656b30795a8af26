package tinderbox.dataset;

import java.util.List;

/**
 * A page of a folder's listing.
 *
 * @param path its name, {@code root/path}; empty for the list of roots
 * @param entries folders first, then by name
 * @param total how many there are on all pages
 */
public record DatasetFolder(String path, List<DatasetEntry> entries, long total) {
    public DatasetFolder {
        entries = List.copyOf(entries);
    }
}
