package tinderbox.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.OutcomeFile;

/**
 * The folder {@code deleted/}: deleted jobs whose files are still being removed. A deleted job moves here first, which
 * is atomic.
 */
final class DeletedJobs {
    private final Path root;
    private final UnknownFiles unknownFiles;

    DeletedJobs(Path dataDir, UnknownFiles unknownFiles) throws IOException {
        this.root = DataDir.folder(dataDir.resolve("deleted"));
        this.unknownFiles = unknownFiles;
    }

    /** Removes what a crash left here. Leaves alone what is not a deleted job. */
    void finishDeletions() throws IOException {
        for (Path folder : JobFolders.children(root).toList()) {
            try {
                if (AtomicFiles.isLeftover(folder) || isDeletedJob(folder)) {
                    deleteFiles(folder);
                } else {
                    unknownFiles.report(folder, "it is not a deleted job");
                }
            } catch (IOException e) {
                unknownFiles.report(folder, "it cannot be deleted (" + e + ")");
            }
        }
    }

    /** Whether this is an ended job, or an empty folder: the outcome is deleted last. */
    private static boolean isDeletedJob(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (!JobId.isWellFormed(name) || !AtomicFiles.isFolder(folder)) {
            return false;
        }
        try {
            return OutcomeFile.belongsTo(JobId.parse(name), ChecksummedJson.read(folder.resolve(JobFolders.OUTCOME)));
        } catch (NoSuchFileException e) {
            return JobFolders.children(folder).findAny().isEmpty();
        } catch (ChecksummedJson.DamagedException | MalformedJsonException e) {
            return false;
        }
    }

    Path folder(Job job) {
        return root.resolve(job.id().toString());
    }

    /** Creates {@code deleted/} again if somebody removed it. */
    void createRoot() throws IOException {
        if (!AtomicFiles.isFolder(root)) {
            AtomicFiles.createFolder(root);
        }
    }

    void deleteFiles(Job deleted) throws IOException {
        deleteFiles(folder(deleted));
    }

    /** Deletes the outcome last, because it shows the next start that the rest may be deleted. */
    private static void deleteFiles(Path folder) throws IOException {
        if (!AtomicFiles.isFolder(folder)) {
            return;
        }
        for (Path child : JobFolders.children(folder)
                .filter(child -> !child.endsWith(JobFolders.OUTCOME))
                .toList()) {
            AtomicFiles.delete(child);
        }
        AtomicFiles.delete(folder);
    }
}
