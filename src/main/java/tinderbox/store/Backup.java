package tinderbox.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tinderbox.job.log.JobLog;
import tinderbox.store.files.AtomicFiles;

/**
 * Copies a data dir into a ZIP file, also while a server uses it. Unfinished jobs are copied first, without their
 * newest attempt, and ended jobs afterwards, with all their files. So a job that ends meanwhile is in the copy at least
 * once, and its outcome is complete if it is there. The index is left out, because it can be rebuilt from the folders.
 *
 * <p>If one of the data dir's own folders is a link, it is followed, as the server does. A link inside {@code
 * datasets/} is followed only if its target is in there; jobs cannot read through any other.
 *
 * <p>At the end, the jobs in the copy are compared with the folders and the index as they were at the beginning.
 */
public final class Backup {
    static final String ACTIVE = "active";
    static final String ENDED = "ended";
    private static final String DATASETS = "datasets";

    private static final String OWNERS = "owners";
    private static final String RUN_SETS = "run-sets";

    /** Folders that are copied with all their files, in this order, after the unfinished jobs. */
    private static final List<String> FOLDERS = List.of(ENDED, DATASETS, OWNERS, "presets", RUN_SETS, "audit");

    /** Files that are copied if they exist. */
    private static final List<String> FILES = List.of(DataDirFormat.FILE, "tokens.json", "clock");

    private final Path dataDir;
    private final Path output;
    private final ZipOutputStream zip;
    private final BackupCheck check;
    private final Set<String> leftOut = new LinkedHashSet<>();
    /** What of folders that are walked twice is in the copy; otherwise null. */
    private Set<String> known;

    private long jobs;

    /**
     * The content of a copy.
     *
     * @param jobs the number of jobs in it; one that ended meanwhile may count twice
     * @param missing descriptions of what should be in the copy but is not; empty if the copy is complete
     * @param leftOut descriptions of what was left out on purpose
     */
    public record Copy(long jobs, List<String> missing, List<String> leftOut) {
        public Copy {
            missing = List.copyOf(missing);
            leftOut = List.copyOf(leftOut);
        }
    }

    private Backup(Path dataDir, Path output, ZipOutputStream zip) throws IOException {
        this.dataDir = dataDir;
        this.output = output;
        this.zip = zip;
        this.check = new BackupCheck(dataDir, output);
    }

    /**
     * Writes the copy, readable only by its owner. It appears complete or not at all.
     *
     * @throws NotDirectoryException if there is no data dir
     * @throws DataDir.UnavailableException if this version does not know its format
     * @throws java.nio.file.AccessDeniedException if this user may not read the data dir
     * @throws FileAlreadyExistsException if {@code file} exists
     * @throws IOException also if a folder of the data dir is missing, or {@code file} would be inside one
     */
    public static Copy write(Path dataDir, Path file) throws IOException {
        if (!AtomicFiles.isFolder(dataDir.resolve(ACTIVE))) {
            throw new NotDirectoryException(dataDir.toString());
        }
        DataDir.requireKnownFormat(dataDir);
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path folder = file.toAbsolutePath().getParent().toRealPath();
        checkOutside(folder, dataDir);
        checkOutside(folder, dataDir.resolve(ACTIVE));
        for (String name : FOLDERS) {
            Path input = dataDir.resolve(name);
            if (Files.isDirectory(input)) {
                checkOutside(folder, input);
            } else if (name.equals(ENDED) || Files.exists(input, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(
                        input.toString(), null, "this folder, or the folder that it links to, does not exist");
            }
        }
        // Created by this process under a unique name, so deleting it is safe.
        Path temporary = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
        try {
            Copy copy = copy(dataDir, temporary);
            AtomicFiles.sync(temporary);
            publish(temporary, folder.resolve(file.getFileName()));
            return copy;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void checkOutside(Path output, Path input) throws IOException {
        if (output.startsWith(input.toRealPath())) {
            throw new FileSystemException(
                    input.toString(), null, "the copy would be written into this folder, and copy itself");
        }
    }

    /** Links instead of renaming, because a rename could replace a file that another process created meanwhile. */
    private static void publish(Path temporary, Path file) throws IOException {
        try {
            Files.createLink(file, temporary);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // The file system may have no hard links.
            Files.move(temporary, file);
        }
    }

    private static Copy copy(Path dataDir, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            Backup backup = new Backup(dataDir, to.getParent(), zip);
            for (Path folder : JobFolders.children(dataDir.resolve(ACTIVE)).toList()) {
                backup.addUnfinished(folder);
            }
            for (String name : FOLDERS) {
                if (name.equals(DATASETS)) {
                    backup.addUploads();
                } else if (name.equals(RUN_SETS)) {
                    // Accepting one renames its file.
                    backup.addTwice(List.of(RUN_SETS, RUN_SETS));
                } else if (!name.equals(OWNERS)) {
                    backup.addTree(dataDir.resolve(name));
                }
            }
            for (String name : FILES) {
                backup.addFile(dataDir.resolve(name));
            }
            return new Copy(backup.jobs, backup.check.missing(), List.copyOf(backup.leftOut));
        }
    }

    private void addUnfinished(Path folder) throws IOException {
        if (!addFile(folder.resolve(JobFolders.REQUEST))) {
            return;
        }
        count(folder);
        boolean cancelled = addFile(folder.resolve(JobFolders.CANCEL));
        addFile(folder.resolve(JobFolders.EDITS));
        try {
            for (Path log : JobLog.files(folder)) {
                addFile(log);
            }
            // After a restore, the newest attempt, which may be running, must not count as crashed. It is needed if
            // the job is being cancelled: without an attempt it would count as pending, and run again.
            List<Path> attempts = JobFolders.attempts(folder);
            int count = cancelled ? attempts.size() : Math.max(0, attempts.size() - 1);
            for (Path attempt : attempts.subList(0, count)) {
                addFolder(attempt);
            }
        } catch (NoSuchFileException e) {
            // The job has ended meanwhile, and is copied with the ended jobs.
        }
    }

    private void count(Path folder) {
        jobs++;
        check.copied(folder);
    }

    /**
     * Twice, because a file that is renamed meanwhile may be in neither place when it is looked for there. The owners also
     * before the datasets: if a dataset is renamed or deleted meanwhile, its copy has an owner all the same.
     */
    private void addUploads() throws IOException {
        addTwice(List.of(OWNERS, DATASETS, DATASETS, OWNERS));
    }

    private void addTwice(List<String> folders) throws IOException {
        known = new HashSet<>();
        for (String name : folders) {
            addTree(dataDir.resolve(name));
        }
        known = null;
    }

    private void addTree(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Path real = root.toRealPath();
        boolean mayLeaveRoot = !root.endsWith(DATASETS);
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
                            throws IOException {
                        if (!visited.equals(root) && Files.isSymbolicLink(visited)) {
                            if (!mayLeaveRoot && !isInside(visited)) {
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            checkOutside(output, visited);
                        }
                        addFolder(visited);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) throws IOException {
                        boolean follow = mayLeaveRoot || !Files.isSymbolicLink(visited) || isInside(visited);
                        if (follow && attributes.isSymbolicLink()) {
                            throw new FileSystemException(visited.toString(), null, "this link leads nowhere");
                        }
                        if (follow
                                && attributes.isRegularFile()
                                && addFile(visited)
                                && root.endsWith(ENDED)
                                && visited.endsWith(JobFolders.OUTCOME)) {
                            count(visited.getParent());
                        }
                        return FileVisitResult.CONTINUE;
                    }

                    private boolean isInside(Path link) throws IOException {
                        boolean inside;
                        try {
                            inside = link.toRealPath().startsWith(real);
                        } catch (NoSuchFileException e) {
                            inside = false;
                        }
                        if (!inside) {
                            leftOut.add(
                                    link + ": this link leads out of " + root + ", or nowhere, and no job can read it");
                        }
                        return inside;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path visited, IOException e) throws IOException {
                        if (e instanceof NoSuchFileException) {
                            // Deleted meanwhile.
                            return FileVisitResult.CONTINUE;
                        }
                        if (e instanceof FileSystemLoopException) {
                            leftOut.add(visited + ": this link leads to a folder that it is in");
                            return FileVisitResult.CONTINUE;
                        }
                        throw e;
                    }
                });
    }

    private void addFolder(Path folder) throws IOException {
        if (known != null && !known.add(name(folder))) {
            return;
        }
        zip.putNextEntry(new ZipEntry(name(folder) + "/"));
        zip.closeEntry();
    }

    /** Copies a file. Returns false if it does not exist, or is not a regular file, such as a pipe. */
    private boolean addFile(Path file) throws IOException {
        if (known != null && known.contains(name(file))) {
            return false;
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            leftOut.add(file + ": it is not a file");
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(name(file)));
            in.transferTo(zip);
            zip.closeEntry();
            if (known != null) {
                known.add(name(file));
            }
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private String name(Path path) {
        return dataDir.relativize(path).toString().replace('\\', '/');
    }
}
