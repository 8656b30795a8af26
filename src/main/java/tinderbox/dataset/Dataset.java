package tinderbox.dataset;

import java.nio.file.Path;
import java.util.List;

/**
 * A named input, as it was found: one file, or the direct files of a folder.
 *
 * @param path its name, {@code root/path}
 * @param files what to read, in the order of their names
 * @param warnings a sentence about each thing in the folder that is not read, and about each file that looks like no
 *     text
 */
public record Dataset(String path, List<File> files, List<String> warnings) {
    public Dataset {
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }

    /**
     * One file of a dataset.
     *
     * @param path its name, {@code root/path}; what would not be seen in a sentence is escaped
     * @param root the folder that it was found in, at any depth; it must not lead out of it
     * @param location where it is on this machine, all links followed; never shown outside. A job type that opens it
     *     itself does so with {@link NoFollowOpener}
     * @param bytes its size
     */
    public record File(String path, Path root, Path location, long bytes) {}

    /** The size of all files together. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }
}
