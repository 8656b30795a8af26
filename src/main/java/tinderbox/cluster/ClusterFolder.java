package tinderbox.cluster;

import java.io.IOException;
import java.net.BindException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import tinderbox.store.files.AtomicFiles;

/** The folder {@code cluster} of a data dir: what a master and a worker keep. */
public final class ClusterFolder {
    private final Path path;

    private ClusterFolder(Path path) {
        this.path = path;
    }

    /** Creates the folder, which only its owner can read. The data dir must exist. */
    public static ClusterFolder in(Path dataDir) throws IOException {
        Path path = Files.createDirectories(dataDir.resolve("cluster"));
        if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
        return new ClusterFolder(path);
    }

    /** What one kind of process, such as {@code master}, has for itself. */
    public Path own(String kind) {
        return path.resolve(kind);
    }

    /** Where the master keeps what it knows of workers and applications. */
    Path recovery() {
        return path.resolve("recovery");
    }

    /** Puts aside what a master cannot read, in place of what was put aside before; returns where it is now. */
    Path putRecoveryAside() throws IOException {
        Path aside = path.resolve("recovery-damaged");
        AtomicFiles.delete(aside);
        return Files.move(recovery(), aside);
    }

    /** Where a worker keeps the files of executors. */
    Path work() {
        return path.resolve("work");
    }

    /** Where executors keep shuffle files, which nobody needs after a restart. */
    Path scratch() {
        return path.resolve("scratch");
    }

    /** Deletes what the executors of a worker left that was killed. Call this with the lock. */
    void deleteScratch() throws IOException {
        AtomicFiles.delete(scratch());
    }

    /**
     * Creates a folder in which Spark finds the classes of executors, as in an installation of Spark.
     *
     * @param jar the JAR with Spark
     */
    public Path home(Path jar) throws IOException {
        Path home = path.resolve("home");
        Path jars = Files.createDirectories(home.resolve("jars"));
        Path link = Files.createTempFile(jars, "new", "");
        Files.delete(link);
        Files.createSymbolicLink(link, jar.toRealPath());
        // Another process may be starting an executor.
        Files.move(link, jars.resolve("tinderbox.jar"), StandardCopyOption.REPLACE_EXISTING);
        return home;
    }

    /**
     * Locks the folder for one kind of process. Keep the lock: it is released once it is unreachable.
     *
     * @throws BindException if another process has it
     */
    FileLock lock(String kind) throws IOException {
        FileChannel channel =
                FileChannel.open(path.resolve(kind + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock();
        if (lock == null) {
            channel.close();
            throw new BindException("another " + kind + " uses the data dir " + path.getParent()
                    + "; stop that one, or choose another folder with --data-dir");
        }
        return lock;
    }
}
