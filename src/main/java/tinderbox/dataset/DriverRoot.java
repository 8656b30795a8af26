package tinderbox.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** In an executor: a root that only the server sees. Its folders are listed by the server, never here. */
public final class DriverRoot implements DatasetRoot {
    private final String name;
    private final DriverConnection driver;

    private DriverRoot(String name, DriverConnection driver) {
        this.name = name;
        this.driver = driver;
    }

    /** The roots of this process that are no folders, by name. */
    private static final Map<String, DatasetRoot> OWN = new ConcurrentHashMap<>();

    /** Sets a root of the server that is no folder of any file system; replaces the one of this name. */
    public static void install(String name, DatasetRoot root) {
        OWN.put(name, root);
    }

    /** The root of this name, which only the server sees; in the server, it is read there. */
    public static DatasetRoot of(String name, URI location) {
        DriverConnection driver = DriverConnection.Installed.connection();
        if (driver != null) {
            return new DriverRoot(name, driver);
        }
        DatasetRoot own = OWN.get(name);
        return own == null ? new LocalRoot(name, Path.of(location), false) : own;
    }

    @Override
    public URI location() {
        return URI.create(DatasetAddress.SCHEME + ":///" + name + "/");
    }

    @Override
    public boolean isOnDriverOnly() {
        return true;
    }

    @Override
    public ResolvedDataset resolve(List<String> names) {
        return at(names.stream().map(DatasetAddress::encodedSegment).collect(Collectors.joining("/")));
    }

    @Override
    public ResolvedDataset at(String below) {
        String address = location() + below;
        try {
            DriverFile found = driver.look(address);
            return found == null ? null : new Found(address, found);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class Found implements ResolvedDataset {
        private final String address;
        private final DriverFile file;

        private Found(String address, DriverFile file) {
            this.address = address;
            this.file = file;
        }

        @Override
        public boolean isFolder() {
            return file.folder();
        }

        @Override
        public long bytes() {
            return file.bytes();
        }

        @Override
        public Instant modifiedAt() {
            return Instant.ofEpochMilli(file.modified());
        }

        @Override
        public Compression compression() {
            return file.compression();
        }

        @Override
        public Dataset.File file(String path) {
            return new Dataset.File(
                    path, location(), URI.create(address), bytes(), modifiedAt(), "", LocalFiles.ON_DRIVER_ONLY);
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return new DriverFileChannel(driver, address);
        }

        @Override
        public Stream<Child> children() throws IOException {
            throw new IOException("the folders of the root " + name + " can be listed only by the server");
        }
    }
}
