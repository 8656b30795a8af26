package tinderbox.dataset;

import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A file or folder that a path was resolved to.
 *
 * @param root the folder of its root, with all links resolved
 * @param real its path, with all links resolved: the root or below it
 * @param attributes its type, size and times
 */
record ResolvedDataset(Path root, Path real, BasicFileAttributes attributes) {
    Dataset.File file(String name) {
        return new Dataset.File(name, root, real, bytes());
    }

    boolean isFolder() {
        return attributes.isDirectory();
    }

    long bytes() {
        return attributes.size();
    }

    Compression compression() {
        return Compression.of(real.getFileName().toString());
    }
}
