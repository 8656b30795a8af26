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
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.job.log.JobLog;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.index.IndexException;
import tinderbox.store.index.JobDatabase;

/**
 * Copies a data dir into a ZIP file, also while a server works on it. Unfinished jobs are copied first and as what
 * was accepted only, ended ones after them and whole: a job that ends meanwhile is in the copy at least once, and
 * its end, if it is there, is complete. The index is left out; the folders hold all that is in it.
 *
 * <p>Links of the data dir's own folders are followed, as the server follows them. A link inside {@code datasets/} is
 * followed if it leads to something in there; jobs cannot read through any other, which is left out.
 *
 * <p>At the end the jobs in the copy are compared with the folders and the index as they were at the beginning.
 */
public final class Backup {
    private static final Logger LOG = LoggerFactory.getLogger(Backup.class);
    private static final String ACTIVE = "active";
    private static final String ENDED = "ended";
    private static final String DATASETS = "datasets";

    /** What is copied whole, in this order, after the unfinished jobs. */
    private static final List<String> WHOLE = List.of(ENDED, DATASETS, "owners", "audit");

    /** Files, which may be missing. */
    private static final List<String> FILES = List.of("tokens.json", "clock");

    private final Path dataDir;
    private final Path output;
    private final ZipOutputStream zip;
    /** Jobs that were there before anything was copied. */
    private final Set<JobId> found;
    /** Jobs that the index knew then; none if it cannot be read. */
    private final Set<JobId> indexed;

    private final Set<JobId> copied = new HashSet<>();
    private final List<String> leftOut = new ArrayList<>();
    private long jobs;

    /**
     * What a copy holds.
     *
     * @param jobs how many jobs are in it; one that ended meanwhile may count twice
     * @param missing what is in the data dir, or should be, but not in the copy; empty if the copy is complete
     * @param leftOut what was left out on purpose
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
        this.indexed = indexed(dataDir, output);
        this.found = jobs(dataDir);
    }

    /**
     * Writes the copy, for its owner alone; it appears whole or not at all.
     *
     * @throws NotDirectoryException if there is no data dir
     * @throws java.nio.file.AccessDeniedException if this user may not look into it
     * @throws FileAlreadyExistsException if {@code file} is there already
     * @throws IOException also if one of the data dir's folders is not there, or {@code file} would be in one of them
     */
    public static Copy write(Path dataDir, Path file) throws IOException {
        if (!AtomicFiles.isFolder(dataDir.resolve(ACTIVE))) {
            throw new NotDirectoryException(dataDir.toString());
        }
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path folder = file.toAbsolutePath().getParent().toRealPath();
        checkOutside(folder, dataDir);
        checkOutside(folder, dataDir.resolve(ACTIVE));
        for (String name : WHOLE) {
            Path input = dataDir.resolve(name);
            if (Files.isDirectory(input)) {
                checkOutside(folder, input);
            } else if (name.equals(ENDED) || Files.exists(input, LinkOption.NOFOLLOW_LINKS)) {
                throw new FileSystemException(
                        input.toString(), null, "this folder, or the one that it is a link to, is not there");
            }
        }
        // Unique, private and created by this process, so it may be deleted.
        Path beside = Files.createTempFile(folder, file.getFileName() + ".", ".tmp");
        try {
            Copy copy = copy(dataDir, beside);
            AtomicFiles.sync(beside);
            publish(beside, folder.resolve(file.getFileName()));
            return copy;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static void checkOutside(Path output, Path input) throws IOException {
        if (output.startsWith(input.toRealPath())) {
            throw new FileSystemException(
                    input.toString(), null, "the copy would be written into this folder, and copy itself");
        }
    }

    /** A link never replaces what another process has put there meanwhile, as a rename would. */
    private static void publish(Path beside, Path file) throws IOException {
        try {
            Files.createLink(file, beside);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (UnsupportedOperationException | FileSystemException e) {
            // A file system without hard links.
            Files.move(beside, file);
        }
    }

    private static Copy copy(Path dataDir, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            Backup backup = new Backup(dataDir, to.getParent(), zip);
            for (Path folder : JobFolders.children(dataDir.resolve(ACTIVE)).toList()) {
                backup.unfinished(folder);
            }
            for (String name : WHOLE) {
                backup.tree(dataDir.resolve(name));
            }
            for (String name : FILES) {
                backup.file(dataDir.resolve(name));
            }
            return new Copy(backup.jobs, backup.missing(), backup.leftOut);
        }
    }

    /** The jobs that are there now. */
    private static Set<JobId> jobs(Path dataDir) throws IOException {
        Set<JobId> jobs = new HashSet<>();
        addJobs(dataDir.resolve(ACTIVE), JobFolders.REQUEST, jobs);
        for (Path month : JobFolders.children(dataDir.resolve(ENDED)).toList()) {
            if (Files.isDirectory(month)) {
                addJobs(month, JobFolders.OUTCOME, jobs);
            }
        }
        return jobs;
    }

    private static void addJobs(Path folder, String file, Set<JobId> jobs) throws IOException {
        for (Path job : JobFolders.children(folder).toList()) {
            if (Files.isRegularFile(job.resolve(file))) {
                id(job).ifPresent(jobs::add);
            }
        }
    }

    private static Optional<JobId> id(Path folder) {
        return Optional.of(folder.getFileName().toString())
                .filter(JobId::isWellFormed)
                .map(JobId::parse);
    }

    /** Jobs that were there at the beginning and still are: not those that were deleted meanwhile. */
    private List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        found.removeAll(copied);
        if (!found.isEmpty()) {
            found.retainAll(jobs(dataDir));
            found.forEach(id -> missing.add("job " + id));
        }
        indexed.removeAll(copied);
        indexed.removeAll(found);
        if (!indexed.isEmpty()) {
            indexed.retainAll(indexed(dataDir, output));
            indexed.forEach(id -> missing.add("job " + id + ", which the index knows, but which has no folder"));
        }
        return missing;
    }

    /** The jobs that the index knows, by a copy of it: a server may be writing it. */
    private static Set<JobId> indexed(Path dataDir, Path beside) throws IOException {
        Set<JobId> jobs = new HashSet<>();
        Path db = dataDir.resolve("db");
        if (!Files.isDirectory(db)) {
            return jobs;
        }
        Path copy = Files.createTempDirectory(beside, "tinderbox-backup");
        try {
            for (Path file :
                    JobFolders.children(db).filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            try (JobDatabase index = new JobDatabase(copy)) {
                index.forEach((seq, id, state, type, by, search) -> jobs.add(id));
            }
        } catch (NoSuchFileException | IndexException e) {
            // Written just now, or broken; the folders are the truth.
            LOG.debug("The copy is not compared with the index", e);
            jobs.clear();
        } finally {
            AtomicFiles.delete(copy);
        }
        return jobs;
    }

    private void unfinished(Path folder) throws IOException {
        if (!file(folder.resolve(JobFolders.REQUEST))) {
            return;
        }
        copied(folder);
        boolean cancelled = file(folder.resolve(JobFolders.CANCEL));
        try {
            for (Path log : JobLog.files(folder)) {
                file(log);
            }
            // A copy is no crash, so the newest attempt, which may be running, is not to count after a restore. A job
            // that was asked to stop keeps it: without one it would not be known as started, and run again.
            List<Path> attempts = JobFolders.attempts(folder);
            int kept = cancelled ? attempts.size() : Math.max(0, attempts.size() - 1);
            for (Path attempt : attempts.subList(0, kept)) {
                folder(attempt);
            }
        } catch (NoSuchFileException e) {
            // The job has ended meanwhile, and is copied with the ended ones.
        }
    }

    private void copied(Path folder) {
        jobs++;
        id(folder).ifPresent(copied::add);
    }

    private void tree(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Path real = root.toRealPath();
        boolean linksLeave = !root.endsWith(DATASETS);
        Files.walkFileTree(
                root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
                            throws IOException {
                        if (!visited.equals(root) && Files.isSymbolicLink(visited)) {
                            if (!linksLeave && !isInside(visited)) {
                                return FileVisitResult.SKIP_SUBTREE;
                            }
                            checkOutside(output, visited);
                        }
                        folder(visited);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) throws IOException {
                        boolean follow = linksLeave || !Files.isSymbolicLink(visited) || isInside(visited);
                        if (follow && attributes.isSymbolicLink()) {
                            throw new FileSystemException(visited.toString(), null, "this link leads nowhere");
                        }
                        if (follow
                                && attributes.isRegularFile()
                                && file(visited)
                                && visited.endsWith(JobFolders.OUTCOME)) {
                            copied(visited.getParent());
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

    private void folder(Path folder) throws IOException {
        zip.putNextEntry(new ZipEntry(name(folder) + "/"));
        zip.closeEntry();
    }

    /** Copies a file; false where it is not there, or no longer, or is none, such as a pipe that nobody writes to. */
    private boolean file(Path file) throws IOException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            leftOut.add(file + ": it is no file");
            return false;
        }
        try (InputStream in = Files.newInputStream(file)) {
            zip.putNextEntry(new ZipEntry(name(file)));
            in.transferTo(zip);
            zip.closeEntry();
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private String name(Path path) {
        return dataDir.relativize(path).toString().replace('\\', '/');
    }
}
