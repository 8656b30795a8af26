package tinderbox.dataset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
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
 * so a partial upload never becomes a dataset.
 */
public final class Uploads {
    /** The name of the root. */
    public static final String ROOT = "uploads";

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);
    private static final int MAX_NAME_BYTES = 200;
    /**
     * Invisible characters, with which one name can look like another: controls, line separators, direction marks. The
     * two joiners are allowed, because some languages and emoji need them.
     */
    private static final Pattern MISLEADING =
            Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}&&[^\\u200C\\u200D]]");

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
     * @param announced the announced size in bytes, or -1 if it is unknown
     * @throws JobException {@link ErrorCode#INVALID_NAME}, {@link ErrorCode#TOO_LARGE}, {@link
     *     ErrorCode#DATASET_EXISTS}, {@link ErrorCode#FORBIDDEN}, {@link ErrorCode#DATASET_IN_USE}, {@link
     *     ErrorCode#TOO_MANY_UPLOADS}, {@link ErrorCode#DISK_FULL} or {@link ErrorCode#STORAGE_UNAVAILABLE}
     */
    public Upload begin(String name, boolean replace, long announced, Uploader by) {
        Path target = target(name);
        checkSize(announced);
        checkFree(name, target, replace, by);
        Slots.Slot slot = slots.take(by.principal());
        try {
            checkRoom(Math.max(0, announced));
            Path partial = incoming.resolve(UUID.randomUUID().toString());
            FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return new Upload(this, name, replace, by, partial, channel, slot);
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
     * @throws JobException {@link ErrorCode#DATASET_NOT_FOUND}, {@link ErrorCode#FORBIDDEN} or {@link
     *     ErrorCode#DATASET_IN_USE}
     */
    public void delete(String name, Uploader by) {
        Path target = isName(name) ? resolve(name).orElse(null) : null;
        synchronized (names) {
            if (target == null
                    || !Files.exists(target, LinkOption.NOFOLLOW_LINKS)
                    || isFolder(target)
                    || !owners.areSeenBy(by.visibility(), name)) {
                throw notFound(name);
            }
            checkOwn(name, by);
            checkUnused(name, by);
            try {
                Files.delete(target);
                owners.remove(name);
                sync(folder);
            } catch (NoSuchFileException e) {
                throw notFound(name);
            } catch (IOException e) {
                throw unwritable(target, e);
            }
        }
    }

    /** Moves an uploaded file into the root; returns true if it replaced another. */
    boolean publish(String name, boolean replace, Uploader by, Path uploaded) throws IOException {
        Path target = target(name);
        synchronized (names) {
            boolean replaced = checkFree(name, target, replace, by);
            checkOwnersEntry(name);
            // The owner first: after a crash between the two, no file belongs to the wrong user.
            owners.set(name, by.name());
            Files.move(uploaded, target, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
            return replaced;
        }
    }

    /** An operator may have put something other than a file there. */
    private void checkOwnersEntry(String name) {
        Path entry = owners.obstacle(name);
        if (entry != null) {
            LOG.error("{} is not a file, so nobody can own a dataset with this name; move it away", entry);
            throw new JobException(
                    ErrorCode.DATASET_EXISTS,
                    "The name " + name + " is taken on the server, but not by a dataset",
                    "choose another name; the server's log says by what");
        }
    }

    /** Checks that {@code by} may use this name; returns true if that replaces a file. */
    private boolean checkFree(String name, Path target, boolean replace, Uploader by) {
        if (!Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        if (isFolder(target)) {
            throw new JobException(
                    ErrorCode.DATASET_EXISTS, "The dataset " + path(name) + " is a folder", "choose another name");
        }
        if (!owners.areSeenBy(by.visibility(), name)) {
            throw new JobException(
                    ErrorCode.DATASET_EXISTS, "The name " + path(name) + " is taken", "choose another name");
        }
        if (!replace) {
            throw new JobException(
                    ErrorCode.DATASET_EXISTS,
                    "The dataset " + path(name) + " already exists",
                    "choose another name, or send it with ?replace=true");
        }
        checkOwn(name, by);
        checkUnused(name, by);
        return true;
    }

    private void checkOwn(String name, Uploader by) {
        if (!by.mayChangeAll() && !owners.find(name).equals(Optional.of(by.name()))) {
            throw new JobException(
                    ErrorCode.FORBIDDEN,
                    "The dataset " + path(name) + " was uploaded by "
                            + owners.find(name).orElse("somebody else") + ", and you are " + by.name(),
                    "choose another name, or ask them or an admin");
        }
    }

    private void checkUnused(String name, Uploader by) {
        reader.apply(path(name)).ifPresent(job -> {
            throw new JobException(
                    ErrorCode.DATASET_IN_USE,
                    "The dataset " + path(name) + " is the input of " + job.shownTo(by.visibility())
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

    static String path(String name) {
        return ROOT + "/" + name;
    }

    private Path target(String name) {
        if (!isName(name)) {
            throw invalidName(
                    "must be 1 to " + MAX_NAME_BYTES + " bytes of UTF-8 without / , : * ? [ ] { } \\,"
                            + " control characters, direction marks or other invisible characters, and must not begin with _ or a dot");
        }
        return resolve(name)
                .orElseThrow(() -> invalidName("cannot be written in the encoding of this server's file names;"
                        + " choose an ASCII name, or have the server started with LC_ALL=C.UTF-8"));
    }

    private static boolean isName(String name) {
        return DatasetPath.isNameable(name)
                && name.indexOf('/') < 0
                && !MISLEADING.matcher(name).find()
                && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME_BYTES;
    }

    private Optional<Path> resolve(String name) {
        try {
            return Optional.of(folder.resolve(name));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static JobException invalidName(String problem) {
        return new JobException(
                ErrorCode.INVALID_NAME, "The file cannot have this name", List.of(new FieldProblem("name", problem)));
    }

    private static JobException notFound(String name) {
        return new JobException(
                ErrorCode.DATASET_NOT_FOUND,
                "There is no uploaded file " + name,
                "GET /api/v1/datasets?path=" + ROOT + " lists what there is");
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
