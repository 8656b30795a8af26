package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.ErrorCode;
import tinderbox.job.FieldProblem;
import tinderbox.job.JobException;
import tinderbox.job.JobRequest;
import tinderbox.job.Slots;
import tinderbox.job.StorageFailure;

/**
 * The root {@value #ROOT}, to which users upload files. A file is written outside this folder and then renamed into it,
 * so a partial upload never becomes a dataset. A folder in it comes with its first file, and goes with its last one.
 */
public final class Uploads {
    /** The name of the root. */
    public static final String ROOT = "uploads";

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    /** How many files the folder may have that a request renames or deletes. */
    private static final int MAX_FOLDER_FILES = 1_000;

    private final Path folder;
    private final Path incoming;
    private final UploadOwners owners;
    private final UploadLimits limits;
    private final Function<String, Optional<JobRequest>> reader;
    private final Slots slots;
    /** Makes checking a name and then creating, replacing or deleting its file one step. */
    private final Object names = new Object();

    /**
     * The uploads in {@code folder}.
     *
     * @param folder the folder of the root
     * @param incoming an empty folder on the same file system, for files that are still being uploaded
     * @param owners the folder of {@link UploadOwners}
     * @param reader finds an unfinished job that reads the dataset with this path
     */
    public Uploads(
            Path folder,
            Path incoming,
            Path owners,
            UploadLimits limits,
            Function<String, Optional<JobRequest>> reader) {
        this.folder = folder;
        this.incoming = incoming;
        this.owners = new UploadOwners(owners);
        this.limits = limits;
        this.reader = reader;
        this.slots =
                new Slots(ErrorCode.TOO_MANY_UPLOADS, "uploads at the same time", limits.atOnce(), limits.maxShare());
    }

    public UploadLimits limits() {
        return limits;
    }

    /**
     * Begins an upload. The caller must close it, whether or not it is published.
     *
     * @param path where to, below the root
     * @param announced the announced size in bytes, or -1 if it is unknown
     * @throws JobException {@link ErrorCode#INVALID_NAME}, {@link ErrorCode#TOO_LARGE}, {@link
     *     ErrorCode#DATASET_EXISTS}, {@link ErrorCode#FORBIDDEN}, {@link ErrorCode#DATASET_IN_USE}, {@link
     *     ErrorCode#TOO_MANY_UPLOADS}, {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}
     */
    public Upload begin(String path, boolean replace, long announced, Uploader by) {
        UploadPath target = target("name", path);
        checkSize(announced);
        checkFree(target, replace, by);
        Slots.Slot slot = slots.take(by.principal());
        try {
            checkRoom(Math.max(0, announced));
            Path partial = incoming.resolve(UUID.randomUUID().toString());
            FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new Upload(this, target, replace, by, partial, channel, slot);
        } catch (IOException e) {
            slot.close();
            throw unwritable(incoming, e);
        } catch (RuntimeException e) {
            slot.close();
            throw e;
        }
    }

    /**
     * Deletes an uploaded file.
     *
     * @param path below the root
     * @param recursive whether to delete a folder with all its files, too
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND}, {@link ErrorCode#FORBIDDEN}, {@link
     *     ErrorCode#DATASET_IN_USE} or {@link ErrorCode#LIMIT_EXCEEDED}
     */
    public void delete(String path, boolean recursive, Uploader by) {
        synchronized (names) {
            UploadPath target = find(path, by);
            Path file = target.in(folder);
            if (isFolder(file) && !recursive) {
                throw notFound(path);
            }
            List<String> files = changeable(target, by);
            try {
                for (String each : files) {
                    Files.delete(folder.resolve(each));
                    owners.remove(each);
                }
                if (isFolder(file)) {
                    deleteEmptyIn(file);
                }
                deleteEmpty(target);
            } catch (NoSuchFileException e) {
                throw notFound(path);
            } catch (IOException e) {
                throw unwritable(file, e);
            }
        }
    }

    /**
     * Renames an uploaded file, or a folder with all its files; also to another folder.
     *
     * @param path the path of the dataset
     * @param to its new path, in the same root
     * @return the dataset as it is then
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND}, {@link ErrorCode#INVALID_NAME}, {@link
     *     ErrorCode#DATASET_EXISTS}, {@link ErrorCode#FORBIDDEN}, {@link ErrorCode#DATASET_IN_USE}, {@link
     *     ErrorCode#LIMIT_EXCEEDED}, {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}
     */
    public DatasetEntry rename(String path, String to, Uploader by) {
        String below = below(path);
        String newBelow = below(to);
        if (newBelow == null) {
            throw invalidName("to", "must begin with " + ROOT + "/");
        }
        UploadPath target = target("to", newBelow);
        synchronized (names) {
            if (below == null) {
                throw notFound(path);
            }
            UploadPath source = find(below, by);
            List<String> files = changeable(source, by);
            if (target.isIn(source) && !target.equals(source)) {
                throw invalidName("to", "must not be in the folder that is renamed");
            }
            if (isTaken(target, by)) {
                throw exists(target, "choose another name");
            }
            List<String> renamed = files.stream()
                    .map(file -> target + file.substring(source.toString().length()))
                    .toList();
            for (int i = 0; i < files.size(); i++) {
                // What an operator has put there may have any name.
                if (UploadPath.parse(files.get(i)).isPresent()
                        && UploadPath.parse(renamed.get(i)).isEmpty()) {
                    throw invalidName(
                            "to",
                            "would make the path of " + DatasetPath.shown(files.get(i))
                                    + " too long, or put it into too many folders");
                }
                checkOwnersEntry(renamed.get(i));
            }
            try {
                move(source, target, files, renamed);
                return entry(target);
            } catch (IOException e) {
                throw unwritable(target.in(folder), e);
            }
        }
    }

    /** The new owners first: after a crash in between, no file has the wrong owner, or none. */
    private void move(UploadPath source, UploadPath target, List<String> files, List<String> renamed)
            throws IOException {
        createFolders(target);
        try {
            for (int i = 0; i < files.size(); i++) {
                owners.set(renamed.get(i), owners.find(files.get(i)).orElse(null));
            }
            Files.move(source.in(folder), target.in(folder), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            deleteEmpty(target);
            throw e;
        }
        sync(target.in(folder).getParent());
        for (String file : files) {
            owners.remove(file);
        }
        deleteEmpty(source);
    }

    private DatasetEntry entry(UploadPath path) throws IOException {
        BasicFileAttributes there =
                Files.readAttributes(path.in(folder), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return entry(
                path,
                there.isDirectory() ? null : there.size(),
                there.lastModifiedTime().toInstant());
    }

    /** The entry of a file, or without a size of a folder. */
    static DatasetEntry entry(UploadPath path, Long bytes, Instant modifiedAt) {
        String problem =
                bytes != null && Compression.of(path.name()) == Compression.REFUSED ? Compression.REFUSAL : null;
        return new DatasetEntry(path.name(), path.dataset(), bytes == null, bytes, modifiedAt, true, problem);
    }

    /** The path below the root of uploads; null if it is not in it. */
    private static String below(String dataset) {
        String path = dataset.endsWith("/") ? dataset.substring(0, dataset.length() - 1) : dataset;
        return path.startsWith(ROOT + "/") ? path.substring(ROOT.length() + 1) : null;
    }

    /** The file or folder at this path, which no link leads to, if there is one that {@code by} sees. */
    private UploadPath find(String path, Uploader by) {
        UploadPath found = UploadPath.parse(path).orElseThrow(() -> notFound(path));
        try {
            boolean isThere = found.folders().stream().allMatch(each -> isFolder(each.in(folder)))
                    && Files.exists(found.in(folder), LinkOption.NOFOLLOW_LINKS);
            boolean isSeen = isThere
                    && (isFolder(found.in(folder))
                            ? owners.isAnySeenBy(by.visibility(), folder, found.in(folder))
                            : owners.areSeenBy(by.visibility(), path));
            if (!isSeen) {
                throw notFound(path);
            }
            return found;
        } catch (InvalidPathException e) {
            throw notFound(path);
        }
    }

    /**
     * The file, or all files in the folder, which {@code by} may change and no job reads.
     *
     * @return paths below the root
     */
    private List<String> changeable(UploadPath path, Uploader by) {
        Path target = path.in(folder);
        List<String> files = isFolder(target) ? filesIn(target) : List.of(path.toString());
        for (String file : files) {
            if (!owners.areSeenBy(by.visibility(), file)) {
                throw new JobException(
                        ErrorCode.FORBIDDEN,
                        "The folder " + path.dataset() + " has files of others, too",
                        "change your own files in it one by one, or ask an admin");
            }
            checkOwn(file, by);
            checkUnused(file, by);
        }
        return files;
    }

    /** Everything but folders that is in a folder or in its folders, as paths below the root. */
    private List<String> filesIn(Path top) {
        List<String> files = new ArrayList<>();
        try {
            Files.walkFileTree(top, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (files.size() == MAX_FOLDER_FILES) {
                        throw new JobException(
                                ErrorCode.LIMIT_EXCEEDED,
                                "The folder " + ROOT + "/" + folder.relativize(top) + " has more than "
                                        + MAX_FOLDER_FILES + " files",
                                "change its folders or files one by one");
                    }
                    files.add(folder.relativize(file).toString());
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unwritable(top, e);
        }
        return files;
    }

    /** Moves an uploaded file into the root; returns true if it replaced another. */
    boolean publish(UploadPath path, boolean replace, Uploader by, Path uploaded) throws IOException {
        synchronized (names) {
            boolean replaced = checkFree(path, replace, by);
            checkOwnersEntry(path.toString());
            createFolders(path);
            try {
                // The owner first: after a crash between the two, no file belongs to the wrong user.
                owners.set(path.toString(), by.name());
                Files.move(uploaded, path.in(folder), StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                deleteEmpty(path);
                throw e;
            }
            sync(path.in(folder).getParent());
            return replaced;
        }
    }

    private void createFolders(UploadPath path) throws IOException {
        for (UploadPath each : path.folders()) {
            Path missing = each.in(folder);
            if (!isFolder(missing)) {
                Files.createDirectory(missing);
                sync(missing.getParent());
            }
        }
    }

    /** Deletes the folders of a path that have become empty. */
    private void deleteEmpty(UploadPath path) throws IOException {
        Path at = path.in(folder).getParent();
        while (!at.equals(folder) && isDeleted(at)) {
            at = at.getParent();
        }
        sync(at);
    }

    /** Deletes a folder and its folders, as far as they are empty. */
    private static void deleteEmptyIn(Path top) throws IOException {
        Files.walkFileTree(top, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult postVisitDirectory(Path done, IOException e) throws IOException {
                isDeleted(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isDeleted(Path emptied) throws IOException {
        try {
            Files.deleteIfExists(emptied);
            return true;
        } catch (DirectoryNotEmptyException e) {
            return false;
        }
    }

    /** An operator may have put something other than a file there. */
    private void checkOwnersEntry(String path) {
        Path entry = owners.obstacle(path);
        if (entry != null) {
            LOG.error("{} is not a file, so nobody can own a dataset with this name; move it away", entry);
            throw new JobException(
                    ErrorCode.DATASET_EXISTS,
                    "The name " + path + " is taken on the server, but not by a dataset",
                    "choose another name; the server's log says by what");
        }
    }

    /** Checks that {@code by} may use this path; returns true if that replaces a file. */
    private boolean checkFree(UploadPath path, boolean replace, Uploader by) {
        if (!isTaken(path, by)) {
            return false;
        }
        if (!replace) {
            throw exists(path, "choose another name, or send it with ?replace=true");
        }
        checkOwn(path.toString(), by);
        checkUnused(path.toString(), by);
        return true;
    }

    /**
     * Whether there is a file that {@code by} sees.
     *
     * @throws JobException {@link ErrorCode#DATASET_EXISTS} if there is something else, or no file can be there
     */
    private boolean isTaken(UploadPath path, Uploader by) {
        for (UploadPath each : path.folders()) {
            Path there = each.in(folder);
            if (Files.exists(there, LinkOption.NOFOLLOW_LINKS) && !isFolder(there)) {
                throw owners.areSeenBy(by.visibility(), each.toString())
                        ? new JobException(
                                ErrorCode.DATASET_EXISTS,
                                "The dataset " + each.dataset() + " is not a folder, so nothing can be in it",
                                "choose another folder")
                        : taken(each);
            }
        }
        Path target = path.in(folder);
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (isFolder(target)) {
            throw by.visibility().isAll()
                    ? new JobException(
                            ErrorCode.DATASET_EXISTS,
                            "The dataset " + path.dataset() + " is a folder",
                            "choose another name")
                    : taken(path);
        }
        if (!owners.areSeenBy(by.visibility(), path.toString())) {
            throw taken(path);
        }
        return true;
    }

    private static JobException exists(UploadPath path, String hint) {
        return new JobException(ErrorCode.DATASET_EXISTS, "The dataset " + path.dataset() + " already exists", hint);
    }

    private static JobException taken(UploadPath path) {
        return new JobException(
                ErrorCode.DATASET_EXISTS, "The name " + path.dataset() + " is taken", "choose another name");
    }

    private void checkOwn(String path, Uploader by) {
        if (!by.mayChangeAll() && !owners.find(path).equals(Optional.of(by.name()))) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "The dataset " + dataset(path) + " was uploaded by "
                            + owners.find(path).orElse("somebody else") + ", and you are " + by.name(),
                    "choose another name, or ask them or an admin");
        }
    }

    private void checkUnused(String path, Uploader by) {
        reader.apply(dataset(path)).ifPresent(job -> {
            throw new JobException(
                    ErrorCode.DATASET_IN_USE,
                    "The dataset " + dataset(path) + " is the input of " + job.shownTo(by.visibility())
                            + ", which has not ended",
                    by.visibility().includes(job.submittedBy())
                            ? "wait for the job, or cancel it"
                            : "wait for that job, or ask an admin");
        });
    }

    void checkSize(long bytes) {
        if (bytes > limits.maxBytes()) {
            throw new JobException(
                    ErrorCode.TOO_LARGE,
                    "The file is larger than " + limits.maxBytes() + " bytes",
                    "compress it as .gz, .bz2 or .zst, split it, or have the server started with a larger"
                            + " --max-upload-bytes");
        }
    }

    /** Checks that the reserve stays free after {@code bytes} more are written. */
    void checkRoom(long bytes) {
        if (!Files.isDirectory(folder)) {
            // For a missing folder, getUsableSpace() returns 0, which would look like a full disk.
            throw unwritable(folder, new NoSuchFileException(folder.toString()));
        }
        if (folder.toFile().getUsableSpace() - bytes < limits.minFreeBytes()) {
            throw diskFull(null);
        }
    }

    /** What a failed write means: the disk or a quota is full, or the data dir cannot be written. */
    static JobException unwritable(Path file, IOException e) {
        if (FileErrors.isFull(e)) {
            return diskFull(e);
        }
        LOG.warn("{} could not be written: {}", file, e.toString());
        return StorageFailure.of(e);
    }

    private static JobException diskFull(IOException cause) {
        return new JobException(
                ErrorCode.DISK_FULL,
                "The disk of the data dir has no room for the file",
                "delete datasets and jobs that nobody needs, or make room on the disk",
                cause);
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String dataset(String path) {
        return ROOT + "/" + DatasetPath.shown(path);
    }

    private UploadPath target(String field, String path) {
        UploadPath target = UploadPath.parse(path).orElseThrow(() -> invalidName(field, UploadPath.RULE));
        try {
            target.in(folder);
            return target;
        } catch (InvalidPathException e) {
            throw invalidName(
                    field,
                    "cannot be written in the encoding of this server's file names;"
                            + " choose an ASCII name, or have the server started with LC_ALL=C.UTF-8");
        }
    }

    private static JobException invalidName(String field, String problem) {
        return new JobException(
                ErrorCode.INVALID_NAME, "The file cannot have this name", List.of(new FieldProblem(field, problem)));
    }

    private static JobException notFound(String path) {
        return new JobException(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no uploaded file " + path,
                "GET /api/v1/datasets?path=" + ROOT + " lists what there is");
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
