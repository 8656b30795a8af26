package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.index.IndexException;
import tinderbox.store.index.JobDatabase;

/** Checks that a backup has every job that existed when it began, according to the folders and to the index. */
final class BackupCheck {
    private static final Logger LOG = LoggerFactory.getLogger(BackupCheck.class);

    private final Path dataDir;
    private final Path temporaryFolder;
    /** The jobs in the index when the backup began; none if it cannot be read. */
    private final Set<JobId> indexed;
    /** The jobs in the folders when the backup began. */
    private final Set<JobId> found;

    private final Set<JobId> copied = new HashSet<>();

    /** Reads the ids of all jobs; nothing may have been copied yet. */
    BackupCheck(Path dataDir, Path temporaryFolder) throws IOException {
        this.dataDir = dataDir;
        this.temporaryFolder = temporaryFolder;
        this.indexed = indexed(dataDir, temporaryFolder);
        this.found = jobs(dataDir);
    }

    /** Records that the job in this folder was copied. */
    void copied(Path folder) {
        id(folder).ifPresent(copied::add);
    }

    /** The jobs that have a folder now. */
    private static Set<JobId> jobs(Path dataDir) throws IOException {
        Set<JobId> jobs = new HashSet<>();
        addJobs(dataDir.resolve(Backup.ACTIVE), JobFolders.REQUEST, jobs);
        for (Path month : JobFolders.children(dataDir.resolve(Backup.ENDED)).toList()) {
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

    /** Describes jobs that should have been copied. Those that were deleted meanwhile do not count. */
    List<String> missing() throws IOException {
        List<String> missing = new ArrayList<>();
        found.removeAll(copied);
        if (!found.isEmpty()) {
            found.retainAll(jobs(dataDir));
            found.forEach(id -> missing.add("job " + id));
        }
        indexed.removeAll(copied);
        indexed.removeAll(found);
        if (!indexed.isEmpty()) {
            indexed.retainAll(indexed(dataDir, temporaryFolder));
            indexed.forEach(id -> missing.add("job " + id + ", which is in the index but has no folder"));
        }
        return missing;
    }

    /** The jobs in the index. Reads a copy of it, because a server may be writing it. */
    private static Set<JobId> indexed(Path dataDir, Path temporaryFolder) throws IOException {
        Set<JobId> jobs = new HashSet<>();
        Path db = dataDir.resolve("db");
        if (!Files.isDirectory(db)) {
            return jobs;
        }
        Path copy = Files.createTempDirectory(temporaryFolder, "tinderbox-backup");
        try {
            for (Path file :
                    JobFolders.children(db).filter(Files::isRegularFile).toList()) {
                Files.copy(file, copy.resolve(file.getFileName()));
            }
            try (JobDatabase index = new JobDatabase(copy)) {
                index.forEach(job -> jobs.add(job.id()));
            }
        } catch (NoSuchFileException | IndexException e) {
            // A server is writing it, or it is broken. The folders are what counts.
            LOG.debug("The copy is not compared with the index", e);
            jobs.clear();
        } finally {
            AtomicFiles.delete(copy);
        }
        return jobs;
    }
}
