package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.CancelRequest;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.CancelFile;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ChecksummedJson.DamagedException;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;

/**
 * Reads the jobs in {@code active/} when the server starts, and finishes what a crash left half done. Logs what
 * else is there or cannot be read, and leaves it alone, so that it never stops a start.
 */
final class ActiveJobReader {
    private static final Logger LOG = LoggerFactory.getLogger(ActiveJobReader.class);
    private static final String TORN_REQUEST = JobFolders.REQUEST + ".tmp";

    private final JobFolders folders;
    private final UnknownFiles unknownFiles;
    private final JobIndex index;
    private final RequestReader requests;
    private final EditsReader edits;
    private final Set<String> unaccepted;
    private final Set<JobId> unread = new HashSet<>();

    /**
     * Reads jobs from these folders.
     *
     * @param unaccepted the ids of run sets that were not accepted
     */
    ActiveJobReader(
            JobFolders folders,
            UnknownFiles unknownFiles,
            JobIndex index,
            RequestReader requests,
            EditsReader edits,
            Set<String> unaccepted) {
        this.folders = folders;
        this.unknownFiles = unknownFiles;
        this.index = index;
        this.requests = requests;
        this.edits = edits;
        this.unaccepted = unaccepted;
    }

    /**
     * Reads every job that has not ended, in the order of acceptance, and removes those of run sets that were not
     * accepted.
     *
     * @throws IOException if {@code active/} cannot be listed, or a job that has ended cannot be moved
     */
    List<Job> readAll() throws IOException {
        List<Job> jobs = new ArrayList<>();
        List<Job> unacceptedJobs = new ArrayList<>();
        List<Path> months = folders.months();
        for (Path folder : folders.activeFolders()) {
            Optional<Job> job = readOrReport(folder, months);
            if (job.isEmpty()) {
                continue;
            }
            if (job.get().state().isTerminal()) {
                folders.moveToEnded(job.get());
            } else if (job.get().attempt() == 0
                    && unaccepted.contains(job.get().request().origin().runSet())) {
                unacceptedJobs.add(job.get());
            } else {
                jobs.add(job.get());
            }
        }
        if (!unacceptedJobs.isEmpty()) {
            LOG.info(
                    "{} jobs of run sets that were never accepted, because the server died meanwhile; removed",
                    unacceptedJobs.size());
            folders.removeUnaccepted(unacceptedJobs);
        }
        jobs.sort(Comparator.comparingLong(job -> job.request().seq()));
        return jobs;
    }

    /** The ids of folders that {@link #readAll} has left alone, but which may be jobs. */
    Set<JobId> unread() {
        return unread;
    }

    private Optional<Job> readOrReport(Path folder, List<Path> months) {
        String name = folder.getFileName().toString();
        if (!JobId.isWellFormed(name)) {
            if (!AtomicFiles.isLeftover(folder)) {
                unknownFiles.report(folder, "its name is not a job id");
            }
            return Optional.empty();
        }
        JobId id = JobId.parse(name);
        try {
            if (!AtomicFiles.isFolder(folder)) {
                unknownFiles.report(folder, "it is not a folder");
                return Optional.empty();
            }
            return read(folder, id, months);
        } catch (IOException e) {
            unread.add(id);
            unknownFiles.report(
                    folder, "it cannot be read (" + e + "); a job that was accepted there waits for the next start");
            return Optional.empty();
        }
    }

    /** Empty if no job was accepted in this folder, or the job has ended, or is damaged beyond repair. */
    private Optional<Job> read(Path folder, JobId id, List<Path> months) throws IOException {
        Optional<Job> ended = findEnded(id, months);
        if (ended.isPresent()) {
            deleteIfCopy(folder, ended.get());
            return Optional.empty();
        }
        if (wasNeverAccepted(folder, id)) {
            return Optional.empty();
        }
        Optional<JobRequest> request = requests.read(folder, id);
        if (request.isEmpty()) {
            if (AtomicFiles.exists(folder)) {
                unread.add(id);
            }
            return Optional.empty();
        }
        return Optional.of(read(folder, request.get()).withEdits(edits.read(folder, id)));
    }

    /** The job in its present state, without what users have edited. */
    private Job read(Path folder, JobRequest request) throws IOException {
        Path outcome = folder.resolve(JobFolders.OUTCOME);
        Path result = folder.resolve(JobFolders.RESULT);
        if (!AtomicFiles.exists(outcome)) {
            // No client has seen this result, and the next attempt writes another.
            AtomicFiles.delete(result);
            return withoutOutcome(folder, request);
        }
        try {
            return OutcomeFile.read(request, ChecksummedJson.read(outcome));
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            LOG.error(
                    "Job {}: {}; the job runs again, and the file is kept as {}",
                    request.id(),
                    e.getMessage(),
                    folders.moveToRecovery(outcome));
            if (AtomicFiles.exists(result)) {
                LOG.error(
                        "Job {}: its result, which may be whole, is kept as {}",
                        request.id(),
                        folders.moveToRecovery(result));
            }
            return withoutOutcome(folder, request);
        }
    }

    /**
     * Whether no job was accepted in this folder. If it holds only what a crash leaves of an acceptance, it is removed;
     * otherwise it is left alone.
     */
    private boolean wasNeverAccepted(Path folder, JobId id) throws IOException {
        boolean isAccepted = AtomicFiles.exists(folder.resolve(JobFolders.REQUEST))
                || (index.indexedRequest(id).isPresent() && index.indexedEnd(id).isEmpty());
        if (isAccepted) {
            return false;
        }
        List<Path> children = JobFolders.children(folder).toList();
        if (children.stream().allMatch(child -> child.endsWith(TORN_REQUEST))) {
            LOG.info("{} was never accepted, its request is not there; removed", id);
            Files.deleteIfExists(folder.resolve(TORN_REQUEST));
            Files.delete(folder);
        } else {
            unread.add(id);
            unknownFiles.report(folder, JobFolders.REQUEST + " is missing");
        }
        return true;
    }

    private static Optional<Job> findEnded(JobId id, List<Path> months) throws IOException {
        for (Path month : months) {
            Optional<Job> ended = JobFolders.readEnd(month.resolve(id.toString()));
            if (ended.isPresent()) {
                return ended;
            }
        }
        return Optional.empty();
    }

    /**
     * Deletes the folder of a job that is in {@code ended/} too. A copy of the data dir of a running server can have
     * both, and so can a crash during a move by copying. A folder that only has the same name stays.
     */
    private void deleteIfCopy(Path folder, Job ended) throws IOException {
        if (isCopyOf(ended, folder)) {
            LOG.warn("Job {} has ended, as its folder in ended/ says; {} is deleted", ended.id(), folder);
            AtomicFiles.delete(folder);
        } else {
            unknownFiles.report(folder, "the job has ended");
        }
    }

    private static boolean isCopyOf(Job ended, Path folder) throws IOException {
        try {
            JobRequest request = RequestFile.read(ChecksummedJson.read(folder.resolve(JobFolders.REQUEST)));
            return request.equals(ended.request());
        } catch (NoSuchFileException | DamagedException | MalformedJsonException | RuntimeException e) {
            return false;
        }
    }

    private static Job withoutOutcome(Path folder, JobRequest request) throws IOException {
        List<Path> attempts = JobFolders.attempts(folder);
        if (attempts.isEmpty()) {
            return Job.accepted(request);
        }
        Path newest = attempts.get(attempts.size() - 1);
        Instant startedAt = Files.getLastModifiedTime(newest).toInstant();
        CancelRequest cancel =
                Files.exists(folder.resolve(JobFolders.CANCEL)) ? cancelRequest(folder, startedAt) : null;
        JobState state = cancel == null ? JobState.RUNNING : JobState.CANCELLING;
        return new Job(request, state, JobFolders.attemptNumber(newest), startedAt, cancel, null);
    }

    /** Even a damaged file counts: its existence means that a client was promised that the job stops. */
    private static CancelRequest cancelRequest(Path folder, Instant startedAt) {
        try {
            return CancelFile.read(ChecksummedJson.read(folder.resolve(JobFolders.CANCEL)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            LOG.error("Job {}: {}; the job is cancelled", folder.getFileName(), e.getMessage());
            return new CancelRequest("unknown", startedAt, CancelRequest.Reason.REQUESTED);
        }
    }
}
