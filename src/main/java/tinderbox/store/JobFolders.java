package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.ProgressReport;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.files.CancelFile;
import tinderbox.store.files.ChecksummedJson;
import tinderbox.store.files.CrashPoint;
import tinderbox.store.files.EditsFile;
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;
import tinderbox.store.files.ResultFiles;
import tinderbox.store.files.StagesFile;

/**
 * The source of truth: one folder per job, in {@code active/} until it has an {@code outcome.json}, then in {@code
 * ended/<yyyy-mm>/}. Changes are durable when a method returns, except deletions of scratch files. The caller ensures
 * that no two threads change the same job.
 */
final class JobFolders {
    private static final Logger LOG = LoggerFactory.getLogger(JobFolders.class);

    static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    static final String REQUEST = "request.json";
    static final String CANCEL = "cancel.json";
    static final String EDITS = "edits.json";
    static final String OUTCOME = "outcome.json";
    static final String RESULT = "result";
    static final String STAGES = "stages.json";
    private static final String ATTEMPT = "attempt-";
    private static final Pattern MONTH_NAME = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])");

    private final Path active;
    private final Path ended;
    private final DeletedJobs deleted;
    private final Path recovery;
    private final UnknownFiles unknownFiles;

    JobFolders(Path dataDir) throws IOException {
        this(dataDir, dataDir.resolve("recovery"), new UnknownFiles());
    }

    /**
     * Creates the folders in this data dir that do not exist, and cleans up after a crash.
     *
     * @param recovery where to move what is damaged or in the way; created when needed
     */
    JobFolders(Path dataDir, Path recovery, UnknownFiles unknownFiles) throws IOException {
        this.active = DataDir.folder(dataDir.resolve("active"));
        this.ended = DataDir.folder(dataDir.resolve("ended"));
        this.deleted = new DeletedJobs(dataDir, unknownFiles);
        this.recovery = recovery;
        this.unknownFiles = unknownFiles;
        AtomicFiles.sync(dataDir);
        deleted.finishDeletions();
        deleteLeftovers();
    }

    private void deleteLeftovers() throws IOException {
        List<Path> folders = new ArrayList<>(months());
        folders.addAll(List.of(active, ended));
        for (Path folder : folders) {
            try {
                for (Path copy :
                        children(folder).filter(AtomicFiles::isLeftover).toList()) {
                    AtomicFiles.delete(copy);
                }
            } catch (IOException e) {
                unknownFiles.report(folder, "it cannot be read (" + e + ")");
            }
        }
    }

    void accept(JobRequest request) throws IOException {
        Files.createDirectory(activeFolder(request.id()));
        try {
            writeRequest(request);
            AtomicFiles.sync(active);
            CrashPoint.ACCEPT_AFTER_REQUEST.pass();
        } catch (IOException | RuntimeException | Error e) {
            try {
                undoAccept(request.id());
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    private void writeRequest(JobRequest request) throws IOException {
        CrashPoint.ACCEPT_BEFORE_REQUEST.pass();
        ChecksummedJson.write(activeFolder(request.id()).resolve(REQUEST), RequestFile.write(request));
    }

    /** Accepts the jobs of a run set; after a failure the caller calls {@link #undoAccept} for each. */
    void acceptAll(List<JobRequest> requests) throws IOException {
        for (JobRequest request : requests) {
            Files.createDirectory(activeFolder(request.id()));
        }
        ParallelWrites.all(requests, this::writeRequest);
        AtomicFiles.sync(active);
    }

    /** Removes the jobs of run sets that were not accepted, so that they stay removed after a power cut. */
    void removeUnaccepted(List<Job> jobs) throws IOException {
        for (Job job : jobs) {
            undoAccept(job.id());
        }
        AtomicFiles.sync(active);
    }

    /** Undoes {@link #accept}; never call it for a job whose acceptance a client has seen. */
    void undoAccept(JobId id) throws IOException {
        AtomicFiles.delete(activeFolder(id));
    }

    void start(Job running) throws IOException {
        AtomicFiles.createFolder(attempt(running));
        CrashPoint.START_AFTER_FOLDER.pass();
    }

    /** Undoes {@link #start} after the attempt is over. */
    void undoStart(Job running) throws IOException {
        AtomicFiles.delete(attempt(running));
        AtomicFiles.sync(activeFolder(running.id()));
    }

    void cancel(Job cancelling) throws IOException {
        Path file = folder(cancelling).resolve(CANCEL);
        try {
            ChecksummedJson.write(file, CancelFile.write(cancelling.cancel()));
        } catch (IOException | RuntimeException | Error e) {
            // If it stayed, it would cancel the job after a crash, although the client sees an error now.
            Files.deleteIfExists(file);
            throw e;
        }
        CrashPoint.CANCEL_AFTER_FILE.pass();
    }

    /** Writes what users have changed of a job, in whatever state it is. */
    void edit(Job edited) throws IOException {
        ChecksummedJson.replace(folder(edited).resolve(EDITS), EditsFile.write(edited.id(), edited.edits()));
    }

    /** Moves the result to its place; it counts only after {@link #end}. Can be retried. */
    void publish(Job job, JobResult result) throws IOException {
        Path folder = activeFolder(job.id());
        if (AtomicFiles.isFolder(folder)) {
            Path target = folder.resolve(RESULT);
            if (!AtomicFiles.isFolder(target)) {
                Path source = attempt(job).resolve(RESULT);
                ResultFiles.write(source, attempt(job).resolve(ResultWriter.FILE), job, result);
                Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
            }
            AtomicFiles.sync(folder);
        }
        CrashPoint.PUBLISH_BEFORE_OUTCOME.pass();
    }

    /**
     * Writes the outcome, then moves the folder to {@code ended/}. Can be retried.
     *
     * @return the ended job; if an earlier try got as far as the move, as that try wrote it
     */
    Job end(Job job) throws IOException {
        Path folder = activeFolder(job.id());
        Optional<Job> earlier = readEnd(folder(job)).filter(end -> end.request().equals(job.request()));
        if (earlier.isPresent()) {
            AtomicFiles.sync(folder(job).getParent());
            AtomicFiles.delete(folder);
            return earlier.get();
        }
        if (!AtomicFiles.isFolder(folder)) {
            recreate(job);
        }
        if (job.state() != JobState.SUCCEEDED) {
            AtomicFiles.delete(folder.resolve(RESULT));
        }
        ChecksummedJson.write(folder.resolve(OUTCOME), OutcomeFile.write(job));
        CrashPoint.END_BEFORE_MOVE.pass();
        moveToEnded(job);
        CrashPoint.END_BEFORE_INDEX.pass();
        return job;
    }

    /** Creates the folder of a job again after somebody deleted it while the job ran. */
    private void recreate(Job job) throws IOException {
        if (!AtomicFiles.isFolder(active)) {
            // The whole disk may be unmounted; the folders come back with it.
            throw new NoSuchFileException(active.toString());
        }
        if (job.state() == JobState.SUCCEEDED) {
            throw new JobException(
                    ErrorCode.INTERNAL,
                    "The job's folder was deleted while it ran, and its result with it",
                    "run the job again");
        }
        Path folder = activeFolder(job.id());
        LOG.error("{} was deleted while the job ran; it is made again, without log and result", folder);
        Files.createDirectory(folder);
        ChecksummedJson.write(folder.resolve(REQUEST), RequestFile.write(job.request()));
        if (job.edits() != null) {
            ChecksummedJson.replace(folder.resolve(EDITS), EditsFile.write(job.id(), job.edits()));
        }
    }

    /**
     * Reads the ended job in this folder, without what users have edited. The id in its request must match the folder's name, and the month of its
     * outcome must match the parent folder. Empty if a file is missing or damaged, or does not match.
     *
     * @throws IOException if a file exists and cannot be read
     */
    static Optional<Job> readEnd(Path folder) throws IOException {
        try {
            if (!AtomicFiles.isFolder(folder)) {
                return Optional.empty();
            }
            JobRequest request = RequestFile.read(ChecksummedJson.read(folder.resolve(REQUEST)));
            Job job = OutcomeFile.read(request, ChecksummedJson.read(folder.resolve(OUTCOME)));
            boolean inPlace = folder.endsWith(
                    Path.of(MONTH.format(job.end().at()), request.id().toString()));
            return inPlace ? Optional.of(job) : Optional.empty();
        } catch (NoSuchFileException e) {
            if (AtomicFiles.exists(folder.resolve(REQUEST)) && AtomicFiles.exists(folder.resolve(OUTCOME))) {
                throw e;
            }
            return Optional.empty();
        } catch (ChecksummedJson.DamagedException | MalformedJsonException | RuntimeException e) {
            return Optional.empty();
        }
    }

    void moveToEnded(Job job) throws IOException {
        Path folder = activeFolder(job.id());
        for (Path attempt : attempts(folder)) {
            AtomicFiles.delete(attempt);
        }
        createMonth(month(job));
        Path target = folder(job);
        moveOutOfTheWay(target);
        AtomicFiles.move(folder, target);
    }

    /** One thread at a time: a folder that another has just created for its own job is not in the way. */
    private synchronized void createMonth(Path month) throws IOException {
        if (!AtomicFiles.isFolder(month)) {
            moveOutOfTheWay(month);
            AtomicFiles.createFolder(month);
        }
    }

    private void moveOutOfTheWay(Path path) throws IOException {
        if (AtomicFiles.exists(path)) {
            LOG.warn("{} is in the way of a job that has ended; it was moved to {}", path, moveToRecovery(path));
        }
    }

    /** Moves what is damaged or in the way to {@code recovery/}, which the server never reads. */
    Path moveToRecovery(Path path) throws IOException {
        Files.createDirectories(recovery);
        Path target = recovery.resolve(path.getFileName());
        for (int number = 2; AtomicFiles.exists(target); number++) {
            target = recovery.resolve(path.getFileName() + "-" + number);
        }
        AtomicFiles.move(path, target);
        return target;
    }

    /** Writes the job's request with another sequence number. */
    Job renumber(Job job, long seq) throws IOException {
        Job renumbered = new Job(
                job.request().withSeq(seq),
                job.edits(),
                job.state(),
                job.attempt(),
                job.startedAt(),
                job.cancel(),
                job.end());
        ChecksummedJson.write(folder(job).resolve(REQUEST), RequestFile.write(renumbered.request()));
        LOG.warn("Job {} had the number of another in the order of acceptance, and is now number {}", job.id(), seq);
        return renumbered;
    }

    /** Deletes an ended job for good. Its files remain until {@link #deleteFiles}, or the next start. */
    void delete(Job job) throws IOException {
        if (!AtomicFiles.isFolder(ended)) {
            // The whole disk may be unmounted; the job would come back with it.
            throw new NoSuchFileException(ended.toString());
        }
        if (AtomicFiles.exists(folder(job))) {
            deleted.createRoot();
            moveOutOfTheWay(deleted.folder(job));
            AtomicFiles.move(folder(job), deleted.folder(job));
            // Without this, a power cut could bring the job back on some file systems.
            AtomicFiles.sync(folder(job).getParent());
        }
        CrashPoint.DELETE_BEFORE_INDEX.pass();
    }

    void deleteFiles(Job deletedJob) throws IOException {
        deleted.deleteFiles(deletedJob);
    }

    Path attempt(Job job) {
        return activeFolder(job.id()).resolve(ATTEMPT + job.attempt());
    }

    Path rows(Job job) {
        return folder(job).resolve(RESULT).resolve(ResultWriter.FILE);
    }

    Optional<JobResult> result(Job job) throws IOException {
        Path result = folder(job).resolve(RESULT);
        return AtomicFiles.isFolder(result) ? Optional.of(ResultFiles.read(result, job.id())) : Optional.empty();
    }

    /** Neither atomic nor flushed: a report that a crash has torn is ignored. */
    void writeReport(Job running, ProgressReport report) throws IOException {
        Files.write(activeFolder(running.id()).resolve(STAGES), StagesFile.write(report));
    }

    Optional<ProgressReport> readReport(Job job) throws IOException {
        try {
            return Optional.of(StagesFile.read(Files.readAllBytes(folder(job).resolve(STAGES))));
        } catch (NoSuchFileException | MalformedJsonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    Path folder(Job job) {
        return job.state().isTerminal() ? month(job).resolve(job.id().toString()) : activeFolder(job.id());
    }

    private Path activeFolder(JobId id) {
        return active.resolve(id.toString());
    }

    private Path month(Job job) {
        return ended.resolve(MONTH.format(job.end().at()));
    }

    /** The folders of ended jobs, one per month, newest first. */
    List<Path> months() throws IOException {
        List<Path> months = new ArrayList<>();
        for (Path child : children(ended).toList()) {
            if (isMonth(child)) {
                months.add(child);
            } else if (!AtomicFiles.isLeftover(child)) {
                unknownFiles.report(child, "it is not the folder of a month, such as ended/2026-01");
            }
        }
        months.sort(Comparator.reverseOrder());
        return months;
    }

    private static boolean isMonth(Path child) {
        try {
            return MONTH_NAME.matcher(child.getFileName().toString()).matches() && AtomicFiles.isFolder(child);
        } catch (IOException e) {
            return false;
        }
    }

    /** All that is in {@code active/}, in no order. */
    List<Path> activeFolders() throws IOException {
        return children(active).toList();
    }

    /** The folders of a job's attempts, in order. */
    static List<Path> attempts(Path folder) throws IOException {
        return children(folder)
                .filter(child -> child.getFileName().toString().matches(ATTEMPT + "\\d{1,9}"))
                .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                .sorted(Comparator.comparingInt(JobFolders::attemptNumber))
                .toList();
    }

    static int attemptNumber(Path attempt) {
        return Integer.parseInt(attempt.getFileName().toString().substring(ATTEMPT.length()));
    }

    static Stream<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList().stream();
        }
    }
}
