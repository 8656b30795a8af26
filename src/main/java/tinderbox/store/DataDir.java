package tinderbox.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.store.files.AtomicFiles;

/** The folder that holds everything a server stores. It is locked for this process until it is closed. */
public final class DataDir implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDir.class);
    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private static final String CHOOSE_ANOTHER =
            "; choose a folder that you can write to with --data-dir, or have its owner let you in";

    private final Path path;
    private final DataDirLock lock;
    private final WriteProbe probe;
    private final UnknownFiles unknownFiles = new UnknownFiles();

    /** The data dir cannot be used; the message says why and what to do. */
    public static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private DataDir(Path path, DataDirLock lock) {
        this.path = path;
        this.lock = lock;
        this.probe = new WriteProbe(path);
    }

    /**
     * Creates the folder if it does not exist, and locks it without waiting.
     *
     * @throws UnavailableException if it cannot be used, is in use, or has a format that this version does not know
     */
    public static DataDir open(Path path) throws UnavailableException {
        try {
            create(path);
            DataDirLock lock = DataDirLock.acquire(path);
            try {
                DataDirFormat.checkAndWrite(path);
                return new DataDir(path, lock);
            } catch (IOException | RuntimeException | Error e) {
                lock.close();
                throw e;
            }
        } catch (UnavailableException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /**
     * Checks that this version knows the format of the data dir. For what uses it without {@link #open}; a folder that
     * does not exist is fine.
     *
     * @throws UnavailableException if it does not
     * @throws IOException if that cannot be found out
     */
    public static void requireKnownFormat(Path path) throws IOException {
        DataDirFormat.check(path);
    }

    /**
     * Checks that the folder can be used or created, as far as that is possible without changing anything.
     *
     * @throws UnavailableException if it cannot
     */
    public static void requireUsable(Path path) throws UnavailableException {
        Path existing = path;
        while (existing.getParent() != null && !Files.exists(existing, LinkOption.NOFOLLOW_LINKS)) {
            existing = existing.getParent();
        }
        String reason = null;
        if (!Files.isDirectory(existing)) {
            reason = Files.exists(existing) ? "not a folder" : "permission denied, or a link that leads nowhere";
        } else if (!Files.isWritable(existing) || !Files.isExecutable(existing) || !Files.isReadable(existing)) {
            reason = "permission denied";
        }
        if (reason != null) {
            String action = existing.equals(path) ? "used" : "made";
            throw new UnavailableException(
                    "the data dir " + path + " cannot be " + action + " (" + reason + ": " + existing + ")"
                            + CHOOSE_ANOTHER,
                    null);
        }
        try {
            requireKnownFormat(path);
        } catch (UnavailableException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /** Explains a start that failed because of {@code e}. */
    public static UnavailableException unusable(Path path, IOException e) {
        String advice = FileErrors.isFull(e) ? "; make room on its disk, then start again" : CHOOSE_ANOTHER;
        return new UnavailableException(
                "the data dir " + path + " cannot be used (" + FileErrors.describe(e) + ")" + advice, e);
    }

    /** Creates the folder if it does not exist. Only its owner can read a new one. */
    public static void create(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix && !Files.exists(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    /** Whether another server has taken the folder, because somebody removed the lock file. */
    public boolean isTakenOver() {
        return lock.isTakenOver();
    }

    WriteProbe probe() {
        return probe;
    }

    /**
     * Lets only the owner read the folder and these files in it. An extracted archive can leave them readable by
     * others. Logs if that changed something.
     *
     * @param secrets names of files, relative to the folder, that others must not read
     * @throws UnavailableException if others can still read one of these
     */
    public void restrictToOwner(List<String> secrets) throws UnavailableException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        List<Path> files =
                secrets.stream().map(path::resolve).filter(Files::exists).toList();
        try {
            boolean changed = restrict(path, "rwx------");
            for (Path file : files) {
                changed |= restrict(file, "rw-------");
            }
            if (changed) {
                LOG.info("Others on this machine could read the data dir {}; now only its owner can", path);
            }
        } catch (IOException e) {
            if (!files.isEmpty()) {
                throw new UnavailableException(
                        "others on this machine can read the data dir " + path + " with its tokens, and that cannot be"
                                + " changed (" + e + "); run this as the owner of the folder, or move it to a file"
                                + " system with permissions",
                        e);
            }
            LOG.warn(
                    "Others on this machine may read the data dir {}, and that cannot be changed: {}",
                    path,
                    e.toString());
        }
    }

    /** Returns whether this changed anything. */
    private static boolean restrict(Path path, String permissions) throws IOException {
        Set<PosixFilePermission> allowed = PosixFilePermissions.fromString(permissions);
        if (allowed.containsAll(Files.getPosixFilePermissions(path))) {
            return false;
        }
        Files.setPosixFilePermissions(path, allowed);
        if (!allowed.containsAll(Files.getPosixFilePermissions(path))) {
            throw new FileSystemException(path.toString(), null, "the file system stores no permissions");
        }
        return true;
    }

    public Path path() {
        return path;
    }

    /** The folder for damaged files that this start finds; it may not exist yet. */
    public Path recovery(Clock clock) {
        return recovery(path, clock);
    }

    /** As {@link #recovery(Clock)}. */
    static Path recovery(Path dataDir, Clock clock) {
        return dataDir.resolve("recovery").resolve(TIMESTAMP.format(clock.instant()));
    }

    /**
     * A folder of this name, empty. Deletes what an earlier process left there, so use it only for names that are
     * documented as scratch.
     */
    public Path emptyFolder(String name) throws IOException {
        removeFolder(name);
        return Files.createDirectory(path.resolve(name));
    }

    /** Deletes a folder that {@link #emptyFolder} has created, with all that is in it. */
    public void removeFolder(String name) throws IOException {
        AtomicFiles.delete(path.resolve(name));
    }

    /** A new folder below the folder {@code name} for scratch files of this process; deletes those of earlier ones. */
    public Path runFolder(String name) throws IOException {
        Path own = folder(name).resolve(RunFolders.newName());
        RunFolders.deleteOthers(own, unknownFiles);
        return Files.createDirectory(own);
    }

    /**
     * The folder for uploads that are not complete, each in a file with a UUID as its name. The system can rename them
     * from there into {@code datasets}. Deletes the uploads of earlier processes.
     */
    public Path incomingFolder(Path datasets) throws IOException {
        return IncomingFolder.prepare(path, datasets, unknownFiles);
    }

    /** A folder of files that are named after datasets; logs what else is in it, and leaves it alone. */
    public Path ownersFolder(String name) throws IOException {
        Path folder = folder(name);
        for (Path child : JobFolders.children(folder).toList()) {
            if (!Files.isRegularFile(child)) {
                unknownFiles.report(child, "it is not a file");
            }
        }
        return folder;
    }

    /** A folder of this name, created if it does not exist; it may be a link to a folder elsewhere. */
    public Path folder(String name) throws IOException {
        return folder(path.resolve(name));
    }

    static Path folder(Path folder) throws IOException {
        try {
            return AtomicFiles.isFolder(folder) ? folder : Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            throw new NotDirectoryException(folder.toString());
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
