package tinderbox.store;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.JobEdits;
import tinderbox.job.JobId;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ChecksummedJson.DamagedException;
import tinderbox.store.files.EditsFile;

/** Reads from the folder of a job what users have edited. Repairs a damaged file from the index. */
final class EditsReader {
    private static final Logger LOG = LoggerFactory.getLogger(EditsReader.class);

    private final JobFolders folders;
    private final JobIndex index;

    EditsReader(JobFolders folders, JobIndex index) {
        this.folders = folders;
        this.index = index;
    }

    /**
     * What users have edited of job {@code id}; null for nothing, or if the file is damaged beyond repair and was moved to
     * {@code recovery/}.
     *
     * @throws IOException if the file exists and cannot be read
     */
    JobEdits read(Path folder, JobId id) throws IOException {
        Path file = folder.resolve(JobFolders.EDITS);
        String damage;
        try {
            return EditsFile.read(id, ChecksummedJson.read(file));
        } catch (NoSuchFileException e) {
            RequestReader.rethrowIfExists(file, e);
            return null;
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            damage = e.getMessage();
        }
        Optional<JobEdits> indexed = index.indexedEdits(id);
        if (indexed.isPresent()) {
            LOG.error("Job {}: {}; it is rewritten from the index", id, damage);
            ChecksummedJson.replace(file, EditsFile.write(id, indexed.get()));
        } else {
            LOG.error(
                    "Job {}: {}; it has the name and the labels of its submission again, and the file is kept as {}",
                    id,
                    damage,
                    folders.moveToRecovery(file));
        }
        return indexed.orElse(null);
    }
}
