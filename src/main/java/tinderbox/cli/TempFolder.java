package tinderbox.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.store.DataDir;
import tinderbox.store.RunFolders;

/**
 * The folder for temporary files of this process, below the data dir: the machine's own may be read-only, full, or
 * mounted so that no library can be loaded from it. Native libraries are unpacked there. It must be chosen before
 * anything makes a temporary file, since the JDK reads the setting once.
 */
final class TempFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TempFolder.class);
    private static final String FOLDER = "tmp";
    private static final String JDK = "java.io.tmpdir";
    /** Libraries that have a setting of their own, which an operator may have pointed elsewhere. */
    private static final List<String> LIBRARIES =
            List.of("ZstdTempFolder", "org.xerial.snappy.tempdir", "io.netty.native.workdir", "jansi.tmpdir");

    private final Path own;

    private TempFolder(Path own) {
        this.own = own;
    }

    /** Makes a new folder, for this user alone, and has this process use it. */
    static TempFolder use(Path dataDir) throws IOException {
        DataDir.create(dataDir);
        Path all = dataDir.toAbsolutePath().resolve(FOLDER);
        // What a link leads to is somebody else's.
        if (!Files.isSymbolicLink(all)) {
            create(all);
        }
        // Of its own, for until the data dir is locked another server may be using it.
        Path own = all.resolve(RunFolders.newName());
        create(own);
        System.setProperty(JDK, own.toString());
        LIBRARIES.forEach(System::clearProperty);
        return new TempFolder(own);
    }

    private static void create(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * Removes what killed processes left: folders with a name such as {@link #use} gives. Anything else is named in the
     * log and left alone. Call once the data dir is locked.
     */
    void removeOthers() {
        try {
            RunFolders.deleteOthers(own);
        } catch (IOException e) {
            LOG.warn("Temporary files of an earlier run are left in {}: {}", own.getParent(), e.getMessage());
        }
    }

    /** Removes the folder; libraries that were loaded from it stay loaded. */
    @Override
    public void close() {
        try {
            RunFolders.delete(own);
        } catch (IOException e) {
            LOG.warn("Temporary files are left in {}: {}", own, e.getMessage());
        }
    }
}
