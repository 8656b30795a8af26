package tinderbox.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ChecksummedJson.DamagedException;
import tinderbox.store.files.RequestFile;

/** Reads the request of a job from its folder. Repairs a damaged file from the index. */
final class RequestReader {
    private static final Logger LOG = LoggerFactory.getLogger(RequestReader.class);

    private final JobFolders folders;
    private final UnknownFiles unknownFiles;
    private final JobIndex index;

    RequestReader(JobFolders folders, UnknownFiles unknownFiles, JobIndex index) {
        this.folders = folders;
        this.unknownFiles = unknownFiles;
        this.index = index;
    }

    /**
     * Reads the request of job {@code id}. If it is damaged and the index does not know the job, moves the folder to
     * {@code recovery/} and returns empty. Returns empty also if the folder belongs to another job.
     *
     * @throws IOException if the file exists and cannot be read
     */
    Optional<JobRequest> read(Path folder, JobId id) throws IOException {
        Path file = folder.resolve(JobFolders.REQUEST);
        String damage;
        boolean missing = false;
        try {
            JobRequest request = RequestFile.read(ChecksummedJson.read(file));
            if (request.id().equals(id)) {
                return Optional.of(request);
            }
            unknownFiles.report(folder, "its " + JobFolders.REQUEST + " is that of job " + request.id());
            return Optional.empty();
        } catch (NoSuchFileException e) {
            rethrowIfExists(file, e);
            damage = JobFolders.REQUEST + " is missing";
            missing = true;
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            damage = e.getMessage();
        }
        Optional<JobRequest> indexed = index.indexedRequest(id);
        if (indexed.isPresent()) {
            LOG.error("Job {}: {}; it is rewritten from the index", id, damage);
            ChecksummedJson.write(file, RequestFile.write(indexed.get()));
            return indexed;
        }
        if (missing) {
            unknownFiles.report(folder, damage);
        } else {
            LOG.error(
                    "The job folder {} is damaged ({}); it was moved to {} and is no longer shown",
                    folder,
                    damage,
                    folders.moveToRecovery(folder));
        }
        return Optional.empty();
    }

    /** A link whose target is missing also throws {@link NoSuchFileException}; the target may come back. */
    static void rethrowIfExists(Path file, NoSuchFileException e) throws IOException {
        if (AtomicFiles.exists(file)) {
            throw e;
        }
    }
}
