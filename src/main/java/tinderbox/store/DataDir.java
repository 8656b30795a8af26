package tinderbox.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.JobId;
import tinderbox.store.files.AtomicFiles;

/** The folder that holds everything a server keeps, locked for this process as long as this is open. */
public final class DataDir implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDir.class);
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    /** How Spark and this class name folders that a process alone needs. */
    private static final Pattern GENERATED = Pattern.compile("[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final String LOCK = "lock";

    private static final String CHOOSE_ANOTHER =
            "; choose a folder that you can write to with --data-dir, or have its owner let you in";

    private final UnknownFiles unknownFiles = new UnknownFiles();
    private volatile boolean taken;
    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;
    private final String lockText;
    private final Object lockKey;
    private final WriteProbe probe;

    /** That the folder cannot be used; the message says why and what to do. */
    public static final class UnavailableException extends IOException {
        private static final long serialVersionUID = 1L;

        UnavailableException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private DataDir(Path path, FileChannel channel, FileLock lock, String lockText) throws IOException {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
        this.lockText = lockText;
        this.lockKey = key(path.resolve(LOCK));
        this.probe = new WriteProbe(path);
    }

    /** Makes the folder where it is not there, and locks it without waiting. */
    public static DataDir open(Path path) throws UnavailableException {
        try {
            create(path);
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = holder(channel);
                channel.close();
                throw new UnavailableException(
                        "the data dir " + path + " is in use by another Tinderbox" + holder
                                + "; stop that one, or choose another folder with --data-dir",
                        null);
            }
            String text = ProcessHandle.current().pid() + "\n" + UUID.randomUUID() + "\n";
            return new DataDir(path, channel, lock, tell(channel, text) ? text : null);
        } catch (UnavailableException e) {
            throw e;
        } catch (IOException e) {
            throw unusable(path, e);
        }
    }

    /**
     * Looks whether the folder can be used, or made, as far as that can be seen without changing anything.
     *
     * @throws UnavailableException if it cannot
     */
    public static void requireUsable(Path path) throws UnavailableException {
        Path there = path;
        while (there.getParent() != null && !Files.exists(there, LinkOption.NOFOLLOW_LINKS)) {
            there = there.getParent();
        }
        String wrong = null;
        if (!Files.isDirectory(there)) {
            wrong = Files.exists(there) ? "not a folder" : "permission denied, or a link that leads nowhere";
        } else if (!Files.isWritable(there) || !Files.isExecutable(there) || !Files.isReadable(there)) {
            wrong = "permission denied";
        }
        if (wrong != null) {
            String what = there.equals(path) ? "used" : "made";
            throw new UnavailableException(
                    "the data dir " + path + " cannot be " + what + " (" + wrong + ": " + there + ")" + CHOOSE_ANOTHER,
                    null);
        }
    }

    /** That a start cannot go on because of {@code e}. */
    public static UnavailableException unusable(Path path, IOException e) {
        String next = FileErrors.isFull(e) ? "; make room on its disk, then start again" : CHOOSE_ANOTHER;
        return new UnavailableException(
                "the data dir " + path + " cannot be used (" + FileErrors.describe(e) + ")" + next, e);
    }

    /** Writes who holds the lock; false if the disk is too full even for that, which harms nothing. */
    private static boolean tell(FileChannel channel, String text) throws IOException {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
            return true;
        } catch (IOException e) {
            if (FileErrors.isFull(e)) {
                return false;
            }
            throw e;
        }
    }

    private static Object key(Path lock) throws IOException {
        return Files.readAttributes(lock, BasicFileAttributes.class).fileKey();
    }

    /**
     * Whether another server has taken the folder: somebody has removed the lock file, and there is another one now.
     * If there is none at all, nobody has.
     */
    public boolean isTaken() {
        if (taken) {
            return true;
        }
        Path file = path.resolve(LOCK);
        try {
            // Some file systems change the key of a file that they go on to hold.
            taken = lockKey != null
                    && !lockKey.equals(key(file))
                    && !(lockText != null && Files.readString(file).equals(lockText));
        } catch (IOException e) {
            return false;
        }
        return taken;
    }

    /** Whether it can be written. */
    WriteProbe probe() {
        return probe;
    }

    /** A new one is for its owner alone: jobs, logs and results are shown to whom the server knows, by the server. */
    public static void create(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        if (posix && !Files.exists(path)) {
            Files.createDirectories(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } else {
            Files.createDirectories(path);
        }
    }

    /**
     * Takes the folder, and these files in it, from everybody but their owner, and says so if that changed something: an
     * archive that was unpacked leaves them readable by others.
     *
     * @param secrets names of files, relative to the folder, that others must not read
     * @throws UnavailableException if others can still get at one of those
     */
    public void keepForOwner(List<String> secrets) throws UnavailableException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        List<Path> files =
                secrets.stream().map(path::resolve).filter(Files::exists).toList();
        try {
            boolean changed = keepForOwner(path, "rwx------");
            for (Path file : files) {
                changed |= keepForOwner(file, "rw-------");
            }
            if (changed) {
                LOG.info("Others on this machine could read the data dir {}; it is its owner's alone now", path);
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

    /** Whether that was not so before. */
    private static boolean keepForOwner(Path path, String permissions) throws IOException {
        Set<PosixFilePermission> wanted = PosixFilePermissions.fromString(permissions);
        if (wanted.containsAll(Files.getPosixFilePermissions(path))) {
            return false;
        }
        Files.setPosixFilePermissions(path, wanted);
        if (!wanted.containsAll(Files.getPosixFilePermissions(path))) {
            throw new FileSystemException(path.toString(), null, "the file system keeps no permissions");
        }
        return true;
    }

    private static FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(32);
        channel.read(buffer, 0);
        String pid = new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII)
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return pid.isEmpty() ? "" : " (process " + pid + ")";
    }

    /** Where it is. */
    public Path path() {
        return path;
    }

    /** Where damaged things of a data dir are put that are found now. */
    static Path recovery(Path dataDir, Clock clock) {
        return dataDir.resolve("recovery").resolve(MOMENT.format(clock.instant()));
    }

    /**
     * A folder in it that is empty now, whatever an earlier process left there; only for a name that the documents call
     * scratch, for all in it is deleted.
     */
    public Path emptyFolder(String name) throws IOException {
        removeFolder(name);
        return Files.createDirectory(path.resolve(name));
    }

    /** Deletes a folder that {@link #emptyFolder} has made, with all that is in it. */
    public void removeFolder(String name) throws IOException {
        AtomicFiles.delete(path.resolve(name));
    }

    /**
     * A folder in it for what this process alone needs. What earlier processes left there goes, as far as its name is a
     * generated one, such as {@code run-<uuid>}; anything else is named in the log and left alone.
     */
    public Path runFolder(String name) throws IOException {
        Path folder = folder(name);
        Path own = folder.resolve(runName());
        removeOtherRuns(own, unknownFiles);
        return Files.createDirectory(own);
    }

    /** A name for a folder that this process alone needs; no other has it. */
    public static String runName() {
        return "run-" + UUID.randomUUID();
    }

    /**
     * Deletes what earlier processes left beside such a folder, as far as its name is a generated one; anything else is
     * named in the log and left alone. Call once the data dir is locked.
     */
    public static void removeOtherRuns(Path own) throws IOException {
        removeOtherRuns(own, new UnknownFiles());
    }

    private static void removeOtherRuns(Path own, UnknownFiles unknownFiles) throws IOException {
        for (Path child : JobFolders.children(own.getParent()).toList()) {
            if (child.equals(own)) {
                continue;
            }
            if (GENERATED.matcher(child.getFileName().toString()).matches()
                    && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                AtomicFiles.delete(child);
            } else {
                unknownFiles.leave(child, "the server did not make it");
            }
        }
    }

    /** Deletes such a folder with all that is in it. */
    public static void removeRun(Path own) throws IOException {
        AtomicFiles.delete(own);
    }

    /**
     * A folder for uploads that are not whole yet, files with a UUID for a name, from which the system can rename them
     * into {@code datasets}: {@code incoming} in this folder, or else a hidden one in {@code datasets}. Uploads of
     * earlier processes go; anything else is named in the log and left alone.
     */
    public Path incomingFolder(Path datasets) throws IOException {
        Path incoming = folder(path.resolve("incoming"));
        clearIncoming(incoming);
        Path hidden = datasets.resolve(".incoming");
        boolean canRename = canRename(incoming, datasets);
        if (canRename && !AtomicFiles.exists(hidden)) {
            return incoming;
        }
        folder(hidden);
        clearIncoming(hidden);
        if (!canRename) {
            LOG.warn("The system cannot rename from {} to {}; uploads come in at {}", incoming, datasets, hidden);
        }
        return canRename ? incoming : hidden;
    }

    private static boolean canRename(Path from, Path to) {
        String name = ".probe-" + UUID.randomUUID();
        try {
            Path file = Files.createFile(from.resolve(name));
            try {
                Files.delete(Files.move(file, to.resolve(name), StandardCopyOption.ATOMIC_MOVE));
                return true;
            } catch (AtomicMoveNotSupportedException e) {
                Files.delete(file);
                return false;
            }
        } catch (IOException e) {
            // Uploads will tell.
            return true;
        }
    }

    private void clearIncoming(Path incoming) throws IOException {
        for (Path child : JobFolders.children(incoming).toList()) {
            if (JobId.isWellFormed(child.getFileName().toString())
                    && Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(child);
            } else if (!AtomicFiles.isLeftover(child)) {
                unknownFiles.leave(child, "it is no upload");
            }
        }
    }

    /** A folder in it of files that are named after datasets; anything else is named in the log and left alone. */
    public Path ownersFolder(String name) throws IOException {
        Path folder = folder(name);
        for (Path child : JobFolders.children(folder).toList()) {
            if (!Files.isRegularFile(child)) {
                unknownFiles.leave(child, "it is no file");
            }
        }
        return folder;
    }

    /** A folder in it, made if it is not there; it may be a link to one elsewhere. */
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
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
