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
import tinderbox.store.files.OutcomeFile;
import tinderbox.store.files.RequestFile;
import tinderbox.store.files.ResultFiles;
import tinderbox.store.files.StagesFile;

/**
 * The truth: one folder a job, under {@code active/} until {@code outcome.json} is in it, then under {@code
 * ended/<yyyy-mm>/}. What a method has changed is on the disk when it returns, but for what only deletes
 * scratch. The caller sees to it that no two threads change the same job.
 */
final class JobFolders {
    private static final Logger LOG = LoggerFactory.getLogger(JobFolders.class);

    static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    static final String REQUEST = "request.json";
    static final String CANCEL = "cancel.json";
    static final String OUTCOME = "outcome.json";
    static final String RESULT = "result";
    static final String STAGES = "stages.json";
    private static final String ATTEMPT = "attempt-";
    private static final Pattern MONTH_NAME = Pattern.compile("\\d{4}-(0[1-9]|1[0-2])");

    private final Path active;
    private final Path ended;
    private final Path deleted;
    private final Path recovery;
    private final UnknownFiles unknownFiles;

    /** The folders in this data dir, with all that is put aside in one place. */
    JobFolders(Path dataDir) throws IOException {
        this(dataDir, dataDir.resolve("recovery"), new UnknownFiles());
    }

    /**
     * The folders in this data dir, made where they are not there.
     *
     * @param recovery where what is damaged, or in the way, is put; made when it is needed
     */
    JobFolders(Path dataDir, Path recovery, UnknownFiles unknownFiles) throws IOException {
        this.active = DataDir.folder(dataDir.resolve("active"));
        this.ended = DataDir.folder(dataDir.resolve("ended"));
        this.deleted = DataDir.folder(dataDir.resolve("deleted"));
        this.recovery = recovery;
        this.unknownFiles = unknownFiles;
        AtomicFiles.sync(dataDir);
        finishDeletions();
        deleteLeftovers();
    }

    /** Deletes what a crash kept {@link #clear} from deleting: what was moved here by a call, and nothing else. */
    private void finishDeletions() throws IOException {
        for (Path grave : children(deleted).toList()) {
            try {
                if (AtomicFiles.isLeftover(grave) || isGrave(grave)) {
                    clear(grave);
                } else {
                    unknownFiles.leave(grave, "it is no job that was deleted");
                }
            } catch (IOException e) {
                unknownFiles.leave(grave, "it cannot be deleted (" + e + ")");
            }
        }
    }

    /** Whether this is an ended job, or what is left of one: its outcome is deleted last. */
    private static boolean isGrave(Path grave) throws IOException {
        String name = grave.getFileName().toString();
        if (!JobId.isWellFormed(name) || !AtomicFiles.isFolder(grave)) {
            return false;
        }
        try {
            return OutcomeFile.isOf(JobId.parse(name), ChecksummedJson.read(grave.resolve(OUTCOME)));
        } catch (NoSuchFileException e) {
            return children(grave).findAny().isEmpty();
        } catch (ChecksummedJson.DamagedException | MalformedJsonException e) {
            return false;
        }
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
                unknownFiles.leave(folder, "it cannot be read (" + e + ")");
            }
        }
    }

    void accept(JobRequest request) throws IOException {
        Path folder = activeFolder(request.id());
        Files.createDirectory(folder);
        try {
            CrashPoint.ACCEPT_BEFORE_REQUEST.pass();
            ChecksummedJson.write(folder.resolve(REQUEST), RequestFile.write(request));
            AtomicFiles.sync(active);
            CrashPoint.ACCEPT_AFTER_REQUEST.pass();
        } catch (IOException | RuntimeException | Error e) {
            try {
                unaccept(request.id());
            } catch (IOException left) {
                e.addSuppressed(left);
            }
            throw e;
        }
    }

    /** Undoes {@link #accept}; never call it for a job whose acceptance was answered. */
    void unaccept(JobId id) throws IOException {
        AtomicFiles.delete(activeFolder(id));
    }

    void start(Job running) throws IOException {
        AtomicFiles.createFolder(attempt(running));
        CrashPoint.START_AFTER_FOLDER.pass();
    }

    /** Takes back what {@link #start} did, once the attempt is over. */
    void withdraw(Job running) throws IOException {
        AtomicFiles.delete(attempt(running));
        AtomicFiles.sync(activeFolder(running.id()));
    }

    void cancel(Job cancelling) throws IOException {
        Path file = folder(cancelling).resolve(CANCEL);
        try {
            ChecksummedJson.write(file, CancelFile.write(cancelling.cancel()));
        } catch (IOException | RuntimeException | Error e) {
            // After a crash it would count, though whoever asked was told that it does not.
            Files.deleteIfExists(file);
            throw e;
        }
        CrashPoint.CANCEL_AFTER_FILE.pass();
    }

    /** Puts the result in its place; it counts only once {@link #end} has followed. Can be tried again. */
    void publish(Job job, JobResult result) throws IOException {
        Path folder = activeFolder(job.id());
        if (AtomicFiles.isFolder(folder)) {
            Path target = folder.resolve(RESULT);
            if (!AtomicFiles.isFolder(target)) {
                Path whole = attempt(job).resolve(RESULT);
                ResultFiles.write(whole, attempt(job).resolve(ResultWriter.FILE), job, result);
                Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
            }
            AtomicFiles.sync(folder);
        }
        CrashPoint.PUBLISH_BEFORE_OUTCOME.pass();
    }

    /**
     * Writes the outcome, then moves the folder to the ended ones. Can be tried again.
     *
     * @return the job as it has ended: as an earlier try says, where that got as far as the move
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
            makeAgain(job);
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

    /** Somebody has deleted the job's folder while it ran; what is known of the job is written again. */
    private void makeAgain(Job job) throws IOException {
        if (!AtomicFiles.isFolder(active)) {
            // All of them are gone, with their disk perhaps, and may come back.
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
    }

    /**
     * The ended job that this folder holds: its sealed request has the id that the folder is named after, and its
     * sealed outcome is of the month that it lies in. Empty if anything of that is missing or damaged.
     *
     * @throws IOException if something is there and cannot be read
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
        Path month = month(job);
        if (!AtomicFiles.isFolder(month)) {
            makeWayFor(month);
            AtomicFiles.createFolder(month);
        }
        Path target = folder(job);
        makeWayFor(target);
        AtomicFiles.move(folder, target);
    }

    /** Moves what is no job of ours away from a place that a job needs. */
    private void makeWayFor(Path place) throws IOException {
        if (AtomicFiles.exists(place)) {
            LOG.warn("{} is in the way of a job that has ended; it was moved to {}", place, putAside(place));
        }
    }

    /** Moves what is damaged or in the way to where nothing reads it, for a person to look at. */
    Path putAside(Path path) throws IOException {
        Files.createDirectories(recovery);
        Path aside = recovery.resolve(path.getFileName());
        for (int number = 2; AtomicFiles.exists(aside); number++) {
            aside = recovery.resolve(path.getFileName() + "-" + number);
        }
        AtomicFiles.move(path, aside);
        return aside;
    }

    /** Takes an ended job away for good; its files stay until {@link #clear}, or else the next start. */
    void delete(Job job) throws IOException {
        if (!AtomicFiles.isFolder(ended)) {
            // All of them are gone, with their disk perhaps, and would come back with it.
            throw new NoSuchFileException(ended.toString());
        }
        if (AtomicFiles.exists(folder(job))) {
            if (!AtomicFiles.isFolder(deleted)) {
                AtomicFiles.createFolder(deleted);
            }
            makeWayFor(grave(job));
            AtomicFiles.move(folder(job), grave(job));
            // A deleted job must not come back, whatever the file system is like.
            AtomicFiles.sync(folder(job).getParent());
        }
        CrashPoint.DELETE_BEFORE_INDEX.pass();
    }

    /** Removes the files of a job that was deleted. */
    void clear(Job gone) throws IOException {
        clear(grave(gone));
    }

    /** The outcome goes last: it tells the next start that this may be deleted. */
    private static void clear(Path grave) throws IOException {
        if (!AtomicFiles.isFolder(grave)) {
            return;
        }
        for (Path child :
                children(grave).filter(child -> !child.endsWith(OUTCOME)).toList()) {
            AtomicFiles.delete(child);
        }
        AtomicFiles.delete(grave);
    }

    private Path grave(Job job) {
        return deleted.resolve(job.id().toString());
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

    /** Written plainly and not flushed: what a crash leaves of it is passed over. */
    void keep(Job running, ProgressReport report) throws IOException {
        Files.write(activeFolder(running.id()).resolve(STAGES), StagesFile.write(report));
    }

    Optional<ProgressReport> report(Job job) throws IOException {
        try {
            return Optional.of(StagesFile.read(Files.readAllBytes(folder(job).resolve(STAGES))));
        } catch (NoSuchFileException | MalformedJsonException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Where the job is. */
    Path folder(Job job) {
        return job.state().isTerminal() ? month(job).resolve(job.id().toString()) : activeFolder(job.id());
    }

    private Path activeFolder(JobId id) {
        return active.resolve(id.toString());
    }

    private Path month(Job job) {
        return ended.resolve(MONTH.format(job.end().at()));
    }

    /** The folders of the ended jobs, one a month, newest first; what else lies there is left alone. */
    List<Path> months() throws IOException {
        List<Path> months = new ArrayList<>();
        for (Path child : children(ended).toList()) {
            if (isMonth(child)) {
                months.add(child);
            } else if (!AtomicFiles.isLeftover(child)) {
                unknownFiles.leave(child, "it is no folder of a month, such as ended/2026-01");
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

    /** What lies where the jobs are that have not ended, in no order. */
    List<Path> unended() throws IOException {
        return children(active).toList();
    }

    /** The folders of a job's attempts, in order. */
    static List<Path> attempts(Path folder) throws IOException {
        return children(folder)
                .filter(child -> child.getFileName().toString().matches(ATTEMPT + "\\d{1,9}"))
                .filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                .sorted(Comparator.comparingInt(JobFolders::number))
                .toList();
    }

    static int number(Path attempt) {
        return Integer.parseInt(attempt.getFileName().toString().substring(ATTEMPT.length()));
    }

    static Stream<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList().stream();
        }
    }
}
