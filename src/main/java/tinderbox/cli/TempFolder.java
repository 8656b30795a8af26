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
import tinderbox.store.files.AtomicFiles;

/**
 * The folder for temporary files of this process, below the data dir. The machine's own may be read-only, full, or mounted
 * {@code noexec}, and native libraries are extracted there. Choose it before anything creates a temporary file: the JDK
 * reads the setting only once.
 */
final class TempFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TempFolder.class);
    private static final String FOLDER = "tmp";
    private static final String JDK_PROPERTY = "java.io.tmpdir";
    /** Settings of libraries, which an operator may have pointed elsewhere. */
    private static final List<String> LIBRARY_PROPERTIES =
            List.of("ZstdTempFolder", "org.xerial.snappy.tempdir", "io.netty.native.workdir", "jansi.tmpdir");

    private final Path own;

    private TempFolder(Path own) {
        this.own = own;
    }

    /** Creates a folder for this process that only its user can read, and makes it the default for temporary files. */
    static TempFolder use(Path dataDir) throws IOException {
        DataDir.create(dataDir);
        Path all = dataDir.toAbsolutePath().resolve(FOLDER);
        // The target of a link belongs to somebody else.
        if (!Files.isSymbolicLink(all)) {
            create(all);
        }
        // One for each process: until the data dir is locked, another server may be using it.
        Path own = all.resolve(RunFolders.newName());
        create(own);
        System.setProperty(JDK_PROPERTY, own.toString());
        LIBRARY_PROPERTIES.forEach(System::clearProperty);
        return new TempFolder(own);
    }

    private static void create(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * Removes the folders that killed processes left, by the form of their names. Anything else is logged and left
     * alone. Call this once the data dir is locked.
     */
    void removeOthers() {
        try {
            RunFolders.deleteOthers(own);
        } catch (IOException e) {
            LOG.warn(
                    "Temporary files of an earlier run could not be removed from {}: {}",
                    own.getParent(),
                    e.getMessage());
        }
    }

    /** Removes the folder. Libraries that were loaded from it stay loaded. */
    @Override
    public void close() {
        try {
            AtomicFiles.delete(own);
        } catch (IOException e) {
            LOG.warn("Temporary files could not be removed from {}: {}", own, e.getMessage());
        }
    }
}
