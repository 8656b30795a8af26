package tinderbox;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.store.DataDir;

/**
 * The folder for temporary files of this process, below the data dir: the machine's own may be read-only, full, or
 * mounted so that no library can be loaded from it. Native libraries are unpacked there. It must be chosen before
 * anything makes a temporary file, for the JDK looks once.
 */
final class TempFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TempFolder.class);
    private static final String FOLDER = "tmp";
    private static final String JDK = "java.io.tmpdir";
    /** Libraries that have a setting of their own, which an operator may have pointed elsewhere. */
    private static final List<String> LIBRARIES =
            List.of("ZstdTempFolder", "org.xerial.snappy.tempdir", "io.netty.native.workdir", "jansi.tmpdir");

    private final Path all;
    private final Path own;

    private TempFolder(Path all, Path own) {
        this.all = all;
        this.own = own;
    }

    /** Makes a new folder, for this user alone, and has this process use it. */
    static TempFolder use(Path dataDir) throws IOException {
        DataDir.create(dataDir);
        Path all = dataDir.toAbsolutePath().resolve(FOLDER);
        if (!Files.isDirectory(all)) {
            create(all);
        }
        // Of its own, for until the data dir is locked another server may be using it.
        Path own = all.resolve(UUID.randomUUID().toString());
        create(own);
        System.setProperty(JDK, own.toString());
        LIBRARIES.forEach(System::clearProperty);
        return new TempFolder(all, own);
    }

    private static void create(Path folder) throws IOException {
        Files.createDirectories(folder);
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /**
     * Removes what processes have left that were killed: folders whose name is one that {@link #use} gives. Anything
     * else is named in the log and left alone. Call once the data dir is locked.
     */
    void removeOthers() {
        try (Stream<Path> children = Files.list(all)) {
            for (Path child : children.filter(child -> !child.equals(own)).toList()) {
                if (JobId.isWellFormed(child.getFileName().toString())
                        && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    remove(child);
                } else {
                    LOG.warn("{} is left alone: the server did not make it", child);
                }
            }
        } catch (IOException e) {
            LOG.warn("Temporary files of an earlier run are left in {}: {}", all, e.getMessage());
        }
    }

    /** Removes the folder; libraries that were loaded from it stay loaded. */
    @Override
    public void close() {
        remove(own);
    }

    private static void remove(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            LOG.warn("Temporary files are left in {}: {}", folder, e.getMessage());
        }
    }
}
