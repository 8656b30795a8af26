package tinderbox.dataset;

import java.util.List;

/**
 * A page of a folder's listing.
 *
 * @param path its path, {@code root/path}; empty for the list of roots
 * @param entries folders first
 * @param total the number of entries on all pages
 * @param cutShort whether a search ended before it had looked at everything
 */
public record DatasetFolder(String path, List<DatasetEntry> entries, long total, boolean cutShort) {
    public DatasetFolder {
        entries = List.copyOf(entries);
    }
}
