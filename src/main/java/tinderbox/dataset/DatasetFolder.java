package tinderbox.dataset;

import java.util.List;

/**
 * A page of a folder's listing.
 *
 * @param path its path, {@code root/path}; empty for the list of roots
 * @param entries folders first, then by name
 * @param total the number of entries on all pages
 */
public record DatasetFolder(String path, List<DatasetEntry> entries, long total) {
    public DatasetFolder {
        entries = List.copyOf(entries);
    }
}
