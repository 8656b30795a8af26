package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * A file or folder of this machine.
 *
 * @param realRoot the folder of its root, with all links resolved
 * @param real its path, with all links resolved: the root or below it
 * @param attributes its type, size and times
 */
record LocalDataset(LocalRoot root, Path realRoot, Path real, BasicFileAttributes attributes)
        implements ResolvedDataset {
    @Override
    public boolean isFolder() {
        return attributes.isDirectory();
    }

    @Override
    public long bytes() {
        return attributes.size();
    }

    @Override
    public Instant modifiedAt() {
        return attributes.lastModifiedTime().toInstant();
    }

    @Override
    public Compression compression() {
        return Compression.of(real.getFileName().toString());
    }

    @Override
    public Dataset.File file(String path) {
        return root.file(path, realRoot, real, attributes);
    }

    @Override
    public SeekableByteChannel open() throws IOException {
        return NoFollowOpener.open(realRoot, real);
    }

    @Override
    @SuppressWarnings("StreamResourceLeak") // the caller closes it
    public Stream<Child> children() throws IOException {
        return Files.list(real).map(LocalChild::new);
    }

    private final class LocalChild implements Child {
        private final Path path;

        private LocalChild(Path path) {
            this.path = path;
        }

        @Override
        public String name() {
            return path.getFileName().toString();
        }

        @Override
        public String encodedName() {
            return DatasetAddress.encodedName(path);
        }

        @Override
        public boolean isLink() {
            return Files.isSymbolicLink(path);
        }

        @Override
        public ResolvedDataset resolve() {
            return root.child(LocalDataset.this, path);
        }
    }
}
