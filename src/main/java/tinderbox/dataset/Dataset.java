package tinderbox.dataset;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.time.Instant;
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
     * @param location where it is, with all links resolved; never shown to users
     * @param bytes its size
     * @param modifiedAt when it was last changed
     * @param key what tells it from a file that replaces it, such as its number on the disk; empty if that is not known
     * @param opener how it is opened, in the server and on a worker
     */
    public record File(String path, URI root, URI location, long bytes, Instant modifiedAt, String key, Opener opener)
            implements Serializable {
        private static final long serialVersionUID = 1;

        /**
         * Opens it without following links. Job types use {@code JobContext.reader}, which also decompresses it, within the
         * limits of the server.
         *
         * @throws FileReplacedException if a link or something that is not a file has taken its place
         * @throws java.nio.file.NoSuchFileException if it no longer exists
         * @throws UnreadableOnWorkerException if this runs on a worker that cannot read it there
         */
        public SeekableByteChannel open() throws IOException {
            return opener.open(this);
        }

        /** The name of its root. */
        String rootName() {
            return path.substring(0, path.indexOf('/'));
        }

        /** Its address for Spark's sources, such as {@code tb:///samples/moby-dick.txt}. */
        public String address() {
            return DatasetAddress.of(rootName(), root, location);
        }

        /** How it is compressed. */
        public Compression compression() {
            return Compression.of(location.getRawPath());
        }
    }

    /** How the files of a root are opened; can be sent to tasks. */
    public interface Opener extends Serializable {
        /** As {@link File#open}. */
        SeekableByteChannel open(File file) throws IOException;

        /** Whether the workers of a cluster cannot read the files: the server then sends them. */
        default boolean isOnDriverOnly() {
            return false;
        }
    }

    /** The addresses of all files, for Spark's sources. */
    public List<String> addresses() {
        return files.stream().map(File::address).toList();
    }

    /** How much of it the server has to send to the workers of a cluster, in bytes. */
    public long fromDriver() {
        return files.stream()
                .filter(file -> file.opener().isOnDriverOnly())
                .mapToLong(File::bytes)
                .sum();
    }

    /** The size of all files together. */
    public long bytes() {
        return files.stream().mapToLong(File::bytes).sum();
    }
}
