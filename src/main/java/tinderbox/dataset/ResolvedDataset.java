package tinderbox.dataset;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or folder that a path was resolved to.
 *
 * @param root the folder of its root, with all links resolved
 * @param real its path, with all links resolved: the root or below it
 * @param attributes its type, size and times
 */
public record ResolvedDataset(Path root, Path real, BasicFileAttributes attributes) {
    /** The file of a dataset, given the path of the dataset and the URI of its root. */
    Dataset.File file(String path, URI rootUri) {
        return new Dataset.File(path, rootUri, real.toUri(), bytes());
    }

    /** Opens the file without following links that have appeared since. */
    public SeekableByteChannel open() throws IOException {
        return NoFollowOpener.open(root, real);
    }

    public boolean isFolder() {
        return attributes.isDirectory();
    }

    public long bytes() {
        return attributes.size();
    }

    public Compression compression() {
        return Compression.of(real.getFileName().toString());
    }
}
