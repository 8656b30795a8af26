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
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.CancelFile;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.ChecksummedJson.DamagedException;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;

/**
 * Reads jobs back from their folders, mends what a crash or the disk has damaged, and tells what it mended. A folder is
 * a job's if its name is the id in its {@code request.json}. Whatever else lies there, and what cannot be read now, is
 * named in the log and left alone: it stops no start.
 */
final class JobFolderReader {
    private static final Logger LOG = LoggerFactory.getLogger(JobFolderReader.class);
    private static final String TORN_REQUEST = JobFolders.REQUEST + ".tmp";

    private final JobFolders folders;
    private final UnknownFiles unknownFiles;
    private final Memory memory;
    /** The ids that folders in {@code active/} are named after which were left alone. */
    private final Set<JobId> unread = new HashSet<>();

    private boolean readAllMonths = true;

    /** What is known from elsewhere, for folders that are damaged. */
    interface Memory {
        Optional<JobRequest> request(JobId id);

        Optional<Job> ended(JobId id);
    }

    JobFolderReader(JobFolders folders, UnknownFiles unknownFiles, Memory memory) {
        this.folders = folders;
        this.unknownFiles = unknownFiles;
        this.memory = memory;
    }

    /** An ended job by its id alone, for when the index does not know it. */
    Optional<Job> findEnded(JobId id) throws IOException {
        for (Path month : folders.months()) {
            Optional<Job> job = readEnded(month, id);
            if (job.isPresent()) {
                return job;
            }
        }
        return Optional.empty();
    }

    /** The ids that folders of ended jobs are named after, by month, the newest first. */
    Map<Path, List<JobId>> ended() throws IOException {
        Map<Path, List<JobId>> ended = new LinkedHashMap<>();
        for (Path month : folders.months()) {
            try {
                ended.put(month, ids(month));
            } catch (IOException e) {
                readAllMonths = false;
                unknownFiles.leave(month, "it cannot be read (" + e + ")");
            }
        }
        return ended;
    }

    /** Whether {@link #ended} has all of them. */
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
                unknownFiles.leave(folder, "its name is no job's id");
            }
        }
        return ids;
    }

    /** Leaves what has the name of a job that has not ended. */
    void leave(Path month, JobId id) {
        unknownFiles.leave(month.resolve(id.toString()), "job " + id + " has not ended");
    }

    /** Writes a job's request with another number in the order of acceptance. */
    Job renumber(Job job, long seq) throws IOException {
        Job renumbered = new Job(
                job.request().withSeq(seq), job.state(), job.attempt(), job.startedAt(), job.cancel(), job.end());
        ChecksummedJson.write(folders.folder(job).resolve(JobFolders.REQUEST), RequestFile.write(renumbered.request()));
        LOG.warn("Job {} had the number of another in the order of acceptance, and is now number {}", job.id(), seq);
        return renumbered;
    }

    /** As {@link #readEnded(Path, JobId)}, for a start: what cannot be read is left alone. */
    Optional<Job> readEndedOrLeave(Path month, JobId id) {
        try {
            return readEnded(month, id);
        } catch (IOException e) {
            unknownFiles.leave(month.resolve(id.toString()), "it cannot be read (" + e + ")");
            return Optional.empty();
        }
    }

    /**
     * An ended job by its month; empty where its folder is not its, or is damaged beyond repair and put aside.
     *
     * @throws IOException if it cannot be read now
     */
    private Optional<Job> readEnded(Path month, JobId id) throws IOException {
        Path folder = month.resolve(id.toString());
        if (!AtomicFiles.isFolder(folder)) {
            if (AtomicFiles.exists(folder)) {
                unknownFiles.leave(folder, "it is no folder");
            }
            return Optional.empty();
        }
        boolean isJob = AtomicFiles.exists(folder.resolve(JobFolders.REQUEST))
                || AtomicFiles.exists(folder.resolve(JobFolders.OUTCOME))
                || memory.ended(id).isPresent();
        if (!isJob) {
            unknownFiles.leave(folder, "there is no job in it");
            return Optional.empty();
        }
        Optional<JobRequest> request = request(folder, id);
        return request.isPresent() ? outcome(folder, request.get()) : Optional.empty();
    }

    private Optional<Job> outcome(Path folder, JobRequest request) throws IOException {
        Path file = folder.resolve(JobFolders.OUTCOME);
        String damage;
        try {
            return inItsMonth(folder, OutcomeFile.read(request, ChecksummedJson.read(file)));
        } catch (NoSuchFileException e) {
            failIfThere(file, e);
            damage = JobFolders.OUTCOME + " is missing";
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            damage = e.getMessage();
        }
        Optional<Job> known = memory.ended(request.id());
        if (known.isPresent() && !isInItsMonth(folder, known.get())) {
            unknownFiles.leave(folder, damage);
            return Optional.empty();
        }
        Job mended = known.isPresent() ? known.get() : endUnknown(request, folder);
        LOG.error("Job {}: {}; it is rewritten as {}", request.id(), damage, mended.state());
        ChecksummedJson.write(file, OutcomeFile.write(mended));
        return Optional.of(mended);
    }

    /** A link that leads nowhere is not nothing. */
    private static void failIfThere(Path file, NoSuchFileException e) throws IOException {
        if (AtomicFiles.exists(file)) {
            throw e;
        }
    }

    /** Where it is looked for later, it must be. */
    private Optional<Job> inItsMonth(Path folder, Job ended) {
        if (isInItsMonth(folder, ended)) {
            return Optional.of(ended);
        }
        unknownFiles.leave(
                folder,
                "the job ended in " + JobFolders.MONTH.format(ended.end().at()));
        return Optional.empty();
    }

    private static boolean isInItsMonth(Path folder, Job ended) {
        return folder.getParent().endsWith(JobFolders.MONTH.format(ended.end().at()));
    }

    /** The end of a job of which only is known that it has ended. */
    private static Job endUnknown(JobRequest request, Path folder) throws IOException {
        Failure unknown = new Failure(
                ErrorCode.INTERNAL,
                "The record of how this job ended was damaged on the disk",
                "look at its log, and run it again");
        Instant at = endedAt(folder);
        return new Job(
                request,
                JobState.FAILED,
                0,
                null,
                null,
                new Job.End(new Outcome.Failed(unknown), at, Duration.ZERO, List.of()));
    }

    /** When it ended, as far as that is known: the month of its folder, and that must hold for it to be found. */
    private static Instant endedAt(Path folder) throws IOException {
        Instant changed = Files.getLastModifiedTime(folder).toInstant();
        String month = folder.getParent().getFileName().toString();
        return JobFolders.MONTH.format(changed).equals(month)
                ? changed
                : YearMonth.parse(month).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /**
     * Every job that has not ended, in the order of acceptance; finishes what a crash left half done.
     *
     * @throws IOException if not even their names can be read, or one that has ended cannot be moved
     */
    List<Job> unfinished() throws IOException {
        List<Job> jobs = new ArrayList<>();
        List<Path> months = folders.months();
        for (Path folder : folders.unended()) {
            Optional<Job> job = readActive(folder, months);
            if (job.isEmpty()) {
                continue;
            }
            if (job.get().state().isTerminal()) {
                folders.moveToEnded(job.get());
            } else {
                jobs.add(job.get());
            }
        }
        jobs.sort(Comparator.comparingLong(job -> job.request().seq()));
        return jobs;
    }

    /** The ids that folders are named after which {@link #unfinished} has left alone: they may be jobs all the same. */
    Set<JobId> unread() {
        return unread;
    }

    private Optional<Job> readActive(Path folder, List<Path> months) {
        String name = folder.getFileName().toString();
        if (!JobId.isWellFormed(name)) {
            if (!AtomicFiles.isLeftover(folder)) {
                unknownFiles.leave(folder, "its name is no job's id");
            }
            return Optional.empty();
        }
        JobId id = JobId.parse(name);
        try {
            if (!AtomicFiles.isFolder(folder)) {
                unknownFiles.leave(folder, "it is no folder");
                return Optional.empty();
            }
            return readActive(folder, id, months);
        } catch (IOException e) {
            unread.add(id);
            unknownFiles.leave(
                    folder, "it cannot be read (" + e + "); a job that was accepted there waits for the next start");
            return Optional.empty();
        }
    }

    /** The job in a folder; empty where none was accepted, or it has ended, or is damaged beyond repair. */
    private Optional<Job> readActive(Path folder, JobId id, List<Path> months) throws IOException {
        Optional<Job> ended = ended(id, months);
        if (ended.isPresent()) {
            leaveCopy(folder, ended.get());
            return Optional.empty();
        }
        if (wasNeverAccepted(folder, id)) {
            return Optional.empty();
        }
        Optional<JobRequest> request = request(folder, id);
        if (request.isEmpty()) {
            if (AtomicFiles.exists(folder)) {
                unread.add(id);
            }
            return Optional.empty();
        }
        Path outcome = folder.resolve(JobFolders.OUTCOME);
        Path result = folder.resolve(JobFolders.RESULT);
        if (!AtomicFiles.exists(outcome)) {
            // No client has seen it, and the next attempt makes another.
            AtomicFiles.delete(result);
            return Optional.of(unended(folder, request.get()));
        }
        try {
            return Optional.of(OutcomeFile.read(request.get(), ChecksummedJson.read(outcome)));
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            LOG.error("Job {}: {}; the job runs again, and the file is kept as {}", id, e.getMessage(), aside(outcome));
            if (AtomicFiles.exists(result)) {
                LOG.error("Job {}: its result, which may be whole, is kept as {}", id, aside(result));
            }
            return Optional.of(unended(folder, request.get()));
        }
    }

    private Path aside(Path part) throws IOException {
        return folders.putAside(part);
    }

    /**
     * Whether nothing was ever accepted in this folder. If there is nothing in it but what a crash leaves of an
     * acceptance, that is removed; all else is left alone.
     */
    private boolean wasNeverAccepted(Path folder, JobId id) throws IOException {
        boolean isAccepted = AtomicFiles.exists(folder.resolve(JobFolders.REQUEST))
                || (memory.request(id).isPresent() && memory.ended(id).isEmpty());
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
            unknownFiles.leave(folder, JobFolders.REQUEST + " is missing");
        }
        return true;
    }

    /** The end of a job, if a sealed request and a sealed outcome in its place say that it has ended. */
    private static Optional<Job> ended(JobId id, List<Path> months) throws IOException {
        for (Path month : months) {
            Optional<Job> ended = JobFolders.readEnd(month.resolve(id.toString()));
            if (ended.isPresent()) {
                return ended;
            }
        }
        return Optional.empty();
    }

    /**
     * Deletes the folder of an unfinished job that has ended elsewhere: a copy of the data dir that was made meanwhile
     * can have it, or a crash during a move by copy. What only has its name stays.
     */
    private void leaveCopy(Path folder, Job ended) throws IOException {
        if (isCopyOf(ended, folder)) {
            LOG.warn("Job {} has ended, as its folder in ended/ says; {} is deleted", ended.id(), folder);
            AtomicFiles.delete(folder);
        } else {
            unknownFiles.leave(folder, "the job has ended");
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

    /**
     * What was accepted; mended from the index where the file is damaged, and the folder put aside where that fails.
     * Empty also where the folder is no job's.
     */
    private Optional<JobRequest> request(Path folder, JobId id) throws IOException {
        Path file = folder.resolve(JobFolders.REQUEST);
        String damage;
        boolean missing = false;
        try {
            JobRequest request = RequestFile.read(ChecksummedJson.read(file));
            if (request.id().equals(id)) {
                return Optional.of(request);
            }
            unknownFiles.leave(folder, "its " + JobFolders.REQUEST + " is that of job " + request.id());
            return Optional.empty();
        } catch (NoSuchFileException e) {
            failIfThere(file, e);
            damage = JobFolders.REQUEST + " is missing";
            missing = true;
        } catch (DamagedException | MalformedJsonException | RuntimeException e) {
            damage = e.getMessage();
        }
        Optional<JobRequest> known = memory.request(id);
        if (known.isPresent()) {
            LOG.error("Job {}: {}; it is rewritten from the index", id, damage);
            ChecksummedJson.write(file, RequestFile.write(known.get()));
            return known;
        }
        if (missing) {
            unknownFiles.leave(folder, damage);
        } else {
            LOG.error(
                    "The job folder {} is damaged ({}); it was moved to {} and is not shown any more",
                    folder,
                    damage,
                    folders.putAside(folder));
        }
        return Optional.empty();
    }

    private Job unended(Path folder, JobRequest request) throws IOException {
        List<Path> attempts = JobFolders.attempts(folder);
        if (attempts.isEmpty()) {
            return Job.accepted(request);
        }
        Path newest = attempts.get(attempts.size() - 1);
        Instant startedAt = Files.getLastModifiedTime(newest).toInstant();
        CancelRequest cancel =
                Files.exists(folder.resolve(JobFolders.CANCEL)) ? cancelRequest(folder, startedAt) : null;
        JobState state = cancel == null ? JobState.RUNNING : JobState.CANCELLING;
        return new Job(request, state, JobFolders.number(newest), startedAt, cancel, null);
    }

    /** Whatever the file says: that it is there means that somebody was told that the job will not go on. */
    private static CancelRequest cancelRequest(Path folder, Instant startedAt) {
        try {
            return CancelFile.read(ChecksummedJson.read(folder.resolve(JobFolders.CANCEL)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            LOG.error("Job {}: {}; the job is cancelled", folder.getFileName(), e.getMessage());
            return new CancelRequest("unknown", startedAt, CancelRequest.Reason.REQUESTED);
        }
    }
}
