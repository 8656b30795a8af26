package tinderbox.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tinderbox.job.JobLog;

/**
 * Copies a data dir into a ZIP file, also while a server works on it. Unfinished jobs are copied first and as what
 * was accepted only, ended ones after them and whole: a job that ends meanwhile is in the copy at least once, and
 * its end, if it is there, is complete. The index is left out; the folders hold all that is in it.
 */
public final class Backup {
    /** What is copied whole, in this order, after the unfinished jobs. */
    private static final List<String> WHOLE = List.of("ended", "datasets", "audit");

    private final Path dataDir;
    private final ZipOutputStream zip;
    private long jobs;

    private Backup(Path dataDir, ZipOutputStream zip) {
        this.dataDir = dataDir;
        this.zip = zip;
    }

    /**
     * Writes the copy; it appears whole or not at all.
     *
     * @return how many jobs are in it
     * @throws NotDirectoryException where there is no data dir
     * @throws FileAlreadyExistsException where {@code file} is there already
     */
    public static long write(Path dataDir, Path file) throws IOException {
        if (!Files.isDirectory(dataDir.resolve("active"))) {
            throw new NotDirectoryException(dataDir.toString());
        }
        if (Files.exists(file)) {
            throw new FileAlreadyExistsException(file.toString());
        }
        Path beside = file.resolveSibling(file.getFileName() + ".tmp");
        try {
            long jobs = copy(dataDir, beside);
            Durable.sync(beside);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
            return jobs;
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    private static long copy(Path dataDir, Path to) throws IOException {
        try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            Backup backup = new Backup(dataDir, zip);
            for (Path folder : JobFolders.children(dataDir.resolve("active")).toList()) {
                backup.unfinished(folder);
            }
            for (String name : WHOLE) {
                backup.tree(dataDir.resolve(name));
            }
            return backup.jobs;
        }
    }

    private void unfinished(Path folder) throws IOException {
        if (!file(folder.resolve(JobFolders.REQUEST))) {
            return;
        }
        jobs++;
        file(folder.resolve(JobFolders.CANCEL));
        try {
            for (Path log : JobLog.files(folder)) {
                file(log);
            }
            for (Path attempt : JobFolders.attempts(folder)) {
                folder(attempt);
            }
        } catch (NoSuchFileException e) {
            // The job has ended meanwhile, and is copied with the ended ones.
        }
    }

    private void tree(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes) throws IOException {
                folder(visited);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path visited, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && file(visited) && visited.endsWith(JobFolders.OUTCOME)) {
                    jobs++;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path visited, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    // Deleted meanwhile.
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

    /** Copies a file; false where it is not there, or no longer. */
    private boolean file(Path file) throws IOException {
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
