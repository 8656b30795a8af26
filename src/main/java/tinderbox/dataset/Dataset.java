package tinderbox.dataset;

import java.nio.file.Path;
import java.util.List;

/**
 * The input of a job: one file, or the files directly in a folder.
 *
 * @param path its path, {@code root/path}
 * @param files the files to read, sorted by name
 * @param warnings a sentence for each entry of the folder that is not read, and each file that does not look like text
 */
public record Dataset(String path, List<File> files, List<String> warnings) {
    public Dataset {
        files = List.copyOf(files);
        warnings = List.copyOf(warnings);
    }

    /**
     * One file of a dataset.
     *
     * @param path its path, {@code root/path}; invisible characters are escaped
     * @param root the folder of its root, in which it must stay
     * @param location its path on this machine, with all links resolved; never shown to users. A job type that opens the
     *     file itself uses {@link NoFollowOpener}
     * @param bytes its size
     */
    public record File(String path, Path root, Path location, long bytes) {}

    /** The size of all files together. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }
}
