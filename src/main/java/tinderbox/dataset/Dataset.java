package tinderbox.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
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
     * One file of a dataset; can be sent to tasks.
     *
     * @param path its path, {@code root/path}; invisible characters are escaped
     * @param root the folder of its root, in which it must stay
     * @param location where it is on this machine, with all links resolved; never shown to users
     * @param bytes its size
     */
    public record File(String path, URI root, URI location, long bytes) implements Serializable {
        private static final long serialVersionUID = 1;

        /**
         * Opens it without following links. Job types use {@code JobContext.reader}, which also decompresses it, within the
         * limits of the server.
         *
         * @throws FileReplacedException if a link or something that is not a file has taken its place
         * @throws java.nio.file.NoSuchFileException if it no longer exists
         */
        public SeekableByteChannel open() throws IOException {
            return NoFollowOpener.open(Path.of(root), Path.of(location));
        }

        /** Its address for Spark's sources, such as {@code tb:///samples/moby-dick.txt}. */
        public String address() {
            return DatasetAddress.of(path.substring(0, path.indexOf('/')), root, location);
        }

        /** How it is compressed. */
        public Compression compression() {
            return Compression.of(location.getRawPath());
        }
    }

    /** The addresses of all files, for Spark's sources. */
    public List<String> addresses() {
        return files.stream().map(File::address).toList();
    }

    /** The size of all files together. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }
}
