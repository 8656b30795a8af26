package tinderbox.dataset;

import java.time.Instant;

/**
 * One line of a folder's listing.
 *
 * @param name the last part of the path
 * @param path its path, {@code root/path}, which a job takes as its input
 * @param folder whether it is a folder
 * @param bytes its size; null for a folder
 * @param modifiedAt when it was last changed; null for a root that cannot be reached, or that has the
 *     files of others
 * @param writable whether the file can be replaced and deleted; for a root, whether files can be uploaded to it
 * @param problem why it cannot be a job's input, as the end of a sentence; null if it can
 */
public record DatasetEntry(
        String name, String path, boolean folder, Long bytes, Instant modifiedAt, boolean writable, String problem) {}
