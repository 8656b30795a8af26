package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ChecksummedJson.DamagedException;
import tinderbox.store.files.OutcomeFile;

/**
 * Reads ended jobs from their folders, and repairs damaged files. A folder belongs to a job if its name is the id in
 * its {@code request.json}. Logs what else is in {@code ended/} or cannot be read, and leaves it alone, so that it
 * never stops a start.
 */
final class EndedJobReader {
    private static final Logger LOG = LoggerFactory.getLogger(EndedJobReader.class);

    private final JobFolders folders;
    private final UnknownFiles unknownFiles;
    private final JobIndex index;
    private final RequestReader requests;
    private final EditsReader edits;
    private boolean readAllMonths = true;

    EndedJobReader(
            JobFolders folders, UnknownFiles unknownFiles, JobIndex index, RequestReader requests, EditsReader edits) {
        this.folders = folders;
        this.unknownFiles = unknownFiles;
        this.index = index;
        this.requests = requests;
        this.edits = edits;
    }

    /** Finds an ended job that the index does not know. */
    Optional<Job> find(JobId id) throws IOException {
        for (Path month : folders.months()) {
            Optional<Job> job = read(month, id);
            if (job.isPresent()) {
                return job;
            }
        }
        return Optional.empty();
    }

    /** The ids that folders in {@code ended/} are named after, by month, newest month first. */
    Map<Path, List<JobId>> idsByMonth() throws IOException {
        Map<Path, List<JobId>> ids = new LinkedHashMap<>();
        for (Path month : folders.months()) {
            try {
                ids.put(month, ids(month));
            } catch (IOException e) {
                readAllMonths = false;
                unknownFiles.report(month, "it cannot be read (" + e + ")");
            }
        }
        return ids;
    }

    /** Whether {@link #idsByMonth} is complete. */
    boolean hasReadAllMonths() {
        return readAllMonths;
    }

    private List<JobId> ids(Path month) throws IOException {
        List<JobId> ids = new ArrayList<>();
        for (Path folder : JobFolders.children(month).toList()) {
            String name = folder.getFileName().toString();
            if (JobId.isWellFormed(name)) {
                ids.add(JobId.parse(name));
            } else if (!AtomicFiles.isLeftover(folder)) {
                unknownFiles.report(folder, "its name is not a job id");
            }
        }
        return ids;
    }

    /** Reports a folder in {@code ended/} with the id of an active job. */
    void reportActive(Path month, JobId id) {
        unknownFiles.report(month.resolve(id.toString()), "job " + id + " has not ended");
    }

    /** Reads an ended job; reports what cannot be read. */
    Optional<Job> readOrReport(Path month, JobId id) {
        try {
            return read(month, id);
        } catch (IOException e) {
            unknownFiles.report(month.resolve(id.toString()), "it cannot be read (" + e + ")");
            return Optional.empty();
        }
    }

    /** Empty if the folder does not belong to the job, or is damaged beyond repair and was moved to {@code recovery/}. */
    private Optional<Job> read(Path month, JobId id) throws IOException {
        Path folder = month.resolve(id.toString());
        if (!AtomicFiles.isFolder(folder)) {
            if (AtomicFiles.exists(folder)) {
                unknownFiles.report(folder, "it is not a folder");
            }
            return Optional.empty();
        }
        boolean isJob = AtomicFiles.exists(folder.resolve(JobFolders.REQUEST))
                || AtomicFiles.exists(folder.resolve(JobFolders.OUTCOME))
                || index.indexedEnd(id).isPresent();
        if (!isJob) {
            unknownFiles.report(folder, "there is no job in it");
            return Optional.empty();
        }
        Optional<JobRequest> request = requests.read(folder, id);
        Optional<Job> job = request.isPresent() ? read(folder, request.get()) : Optional.empty();
        return job.isPresent() ? Optional.of(job.get().withEdits(edits.read(folder, id))) : job;
    }

    /** The job as it ended; its edits do not matter. */
    private Optional<Job> read(Path folder, JobRequest request) throws IOException {
        Path file = folder.resolve(JobFolders.OUTCOME);
        String damage;
        try {
            Job ended = OutcomeFile.read(request, ChecksummedJson.read(file));
            if (isInItsMonth(folder, ended)) {
                return Optional.of(ended);
            }
            unknownFiles.report(
                    folder,
                    "the job ended in " + JobFolders.MONTH.format(ended.end().at()));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            RequestReader.rethrowIfExists(file, e);
            damage = JobFolders.OUTCOME + " is missing";
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            damage = e.getMessage();
        }
        Optional<Job> indexed = index.indexedEnd(request.id());
        if (indexed.isPresent() && !isInItsMonth(folder, indexed.get())) {
            unknownFiles.report(folder, damage);
            return Optional.empty();
        }
        Job repaired = indexed.isPresent() ? indexed.get() : unknownEnd(request, folder);
        LOG.error("Job {}: {}; it is rewritten as {}", request.id(), damage, repaired.state());
        ChecksummedJson.write(file, OutcomeFile.write(repaired));
        return Optional.of(repaired);
    }

    /** Whether the folder is in the month in which the job is looked up later. */
    private static boolean isInItsMonth(Path folder, Job ended) {
        return folder.getParent().endsWith(JobFolders.MONTH.format(ended.end().at()));
    }

    /** A job that has ended, but nobody knows how. */
    private static Job unknownEnd(JobRequest request, Path folder) throws IOException {
        Failure unknown = new Failure(
                ErrorCode.INTERNAL,
                "The record of how this job ended was damaged on the disk",
                "look at its log, and run it again");
        return new Job(
                request,
                JobState.FAILED,
                0,
                null,
                null,
                new Job.End(new Outcome.Failed(unknown), endedAt(folder), Duration.ZERO, List.of()));
    }

    /** When the folder was last modified. If that is not in the folder's month, the start of this month. */
    private static Instant endedAt(Path folder) throws IOException {
        Instant modified = Files.getLastModifiedTime(folder).toInstant();
        String month = folder.getParent().getFileName().toString();
        return JobFolders.MONTH.format(modified).equals(month)
                ? modified
                : YearMonth.parse(month).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }
}
