package tinderbox.dataset;

import java.time.Instant;

/**
 * One line of a folder's listing.
 *
 * @param name the last part of the path
 * @param path its name as a job's input, {@code root/path}
 * @param folder whether it is a folder
 * @param bytes its size; null for a folder
 * @param modifiedAt when it was last changed
 * @param writable whether an upload can replace it and a request delete it; of a root, whether files can be put into it
 * @param problem why it cannot be a job's input when it is named, as the end of a sentence; null where it can
 */
public record DatasetEntry(
        String name, String path, boolean folder, Long bytes, Instant modifiedAt, boolean writable, String problem) {}
