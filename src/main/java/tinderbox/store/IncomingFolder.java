package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.store.files.AtomicFiles;

/**
 * Chooses the folder for uploads that are not complete. The system must be able to rename from there to {@code
 * datasets}: {@code incoming} in the data dir, otherwise a hidden folder in {@code datasets}.
 */
final class IncomingFolder {
    private static final Logger LOG = LoggerFactory.getLogger(IncomingFolder.class);

    private IncomingFolder() {}

    /** Deletes the uploads of earlier processes in both places: files with a UUID as their name. */
    static Path prepare(Path dataDir, Path datasets, UnknownFiles unknownFiles) throws IOException {
        Path incoming = DataDir.folder(dataDir.resolve("incoming"));
        deleteUploads(incoming, unknownFiles);
        Path hidden = datasets.resolve(".incoming");
        boolean canRename = WriteProbe.canRename(incoming, datasets);
        if (canRename && !AtomicFiles.exists(hidden)) {
            return incoming;
        }
        DataDir.folder(hidden);
        deleteUploads(hidden, unknownFiles);
        if (!canRename) {
            LOG.warn("The system cannot rename from {} to {}; uploads are written to {}", incoming, datasets, hidden);
        }
        return canRename ? incoming : hidden;
    }

    private static void deleteUploads(Path folder, UnknownFiles unknownFiles) throws IOException {
        for (Path child : JobFolders.children(folder).toList()) {
            if (JobId.isWellFormed(child.getFileName().toString())
                    && Files.isRegularFile(child, LinkOption.NOFOLLOW_LINKS)) {
                Files.delete(child);
            } else if (!AtomicFiles.isLeftover(child)) {
                unknownFiles.report(child, "it is not an upload");
            }
        }
    }
}
