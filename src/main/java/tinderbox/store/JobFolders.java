package tinderbox.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.CancelRequest;
import tinderbox.job.ErrorCode;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobResult;
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.job.ResultWriter;
import tinderbox.json.MalformedJsonException;

/**
 * The truth: one folder a job, under {@code active/} until {@code outcome.json} is in it, then under {@code
 * ended/<yyyy-mm>/}. Every method that changes something has reached the disk when it returns. The caller
 * sees to it that no two threads change the same job.
 */
final class JobFolders {
    private static final Logger LOG = LoggerFactory.getLogger(JobFolders.class);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    private static final String REQUEST = "request.json";
    private static final String CANCEL = "cancel.json";
    private static final String OUTCOME = "outcome.json";
    private static final String RESULT = "result";
    private static final String LOG_FILE = "log.txt";
    private static final String ATTEMPT = "attempt-";

    private final Path active;
    private final Path ended;
    private final Path deleted;
    private final Path recovery;
    private final Memory memory;

    /** What is known from elsewhere, for folders that are damaged. */
    interface Memory {
        Optional<JobRequest> request(JobId id);

        Optional<Job> ended(JobId id);
    }

    /**
     * The folders in this data dir.
     *
     * @param recovery where damaged folders are put
     */
    JobFolders(Path dataDir, Path recovery, Memory memory) throws IOException {
        this.memory = memory;
        this.recovery = recovery;
        this.active = Files.createDirectories(dataDir.resolve("active"));
        this.ended = Files.createDirectories(dataDir.resolve("ended"));
        this.deleted = dataDir.resolve("deleted");
        Durable.delete(deleted);
        Files.createDirectories(deleted);
        Durable.sync(dataDir);
    }

    void accept(JobRequest request) throws IOException {
        Path folder = active.resolve(request.id().toString());
        Files.createDirectory(folder);
        CrashPoint.ACCEPT_BEFORE_REQUEST.pass();
        Sealed.write(folder.resolve(REQUEST), RequestFile.write(request));
        Durable.sync(active);
        CrashPoint.ACCEPT_AFTER_REQUEST.pass();
    }

    /** Takes back what {@link #accept} left when it failed. */
    void unaccept(JobId id) throws IOException {
        Durable.delete(active.resolve(id.toString()));
    }

    void start(Job running) throws IOException {
        Durable.createFolder(attempt(running));
        CrashPoint.START_AFTER_FOLDER.pass();
    }

    /** Takes back what {@link #start} did, once the attempt is over. */
    void withdraw(Job running) throws IOException {
        Durable.delete(attempt(running));
        Durable.sync(activeFolder(running.id()));
    }

    void cancel(Job cancelling) throws IOException {
        Sealed.write(folder(cancelling).resolve(CANCEL), CancelFile.write(cancelling.cancel()));
        CrashPoint.CANCEL_AFTER_FILE.pass();
    }

    /** Puts the result in its place; it counts only once {@link #end} has followed. Can be tried again. */
    void publish(Job job, JobResult result) throws IOException {
        Path target = activeFolder(job.id()).resolve(RESULT);
        if (!Files.isDirectory(target)) {
            Path whole = attempt(job).resolve(RESULT);
            ResultFiles.write(whole, attempt(job).resolve(ResultWriter.FILE), job, result);
            Durable.move(whole, target);
        }
        CrashPoint.PUBLISH_BEFORE_OUTCOME.pass();
    }

    /** Writes the outcome, then moves the folder to the ended ones. Can be tried again. */
    void end(Job job) throws IOException {
        Sealed.write(activeFolder(job.id()).resolve(OUTCOME), OutcomeFile.write(job));
        CrashPoint.END_BEFORE_MOVE.pass();
        moveToEnded(job);
        CrashPoint.END_BEFORE_INDEX.pass();
    }

    private void moveToEnded(Job job) throws IOException {
        Path folder = activeFolder(job.id());
        for (Path attempt : attempts(folder)) {
            Durable.delete(attempt);
        }
        Path month = month(job);
        if (!Files.isDirectory(month)) {
            Files.createDirectories(month);
            Durable.sync(ended);
        }
        Path target = month.resolve(job.id().toString());
        if (Files.isDirectory(target)) {
            // A copy of the data dir that was made while the job ended can hold it twice.
            Durable.delete(folder);
        } else {
            Durable.move(folder, target);
        }
    }

    void delete(Job job) throws IOException {
        Path grave = deleted.resolve(job.id().toString());
        Durable.move(folder(job), grave);
        CrashPoint.DELETE_BEFORE_INDEX.pass();
        Durable.delete(grave);
    }

    Path attempt(Job job) {
        return activeFolder(job.id()).resolve(ATTEMPT + job.attempt());
    }

    Path log(Job job) {
        return folder(job).resolve(LOG_FILE);
    }

    Path rows(Job job) {
        return folder(job).resolve(RESULT).resolve(ResultWriter.FILE);
    }

    Optional<JobResult> result(Job job) throws IOException {
        Path result = folder(job).resolve(RESULT);
        return Files.isDirectory(result) ? Optional.of(ResultFiles.read(result)) : Optional.empty();
    }

    private Path folder(Job job) {
        return job.state().isTerminal() ? month(job).resolve(job.id().toString()) : activeFolder(job.id());
    }

    private Path activeFolder(JobId id) {
        return active.resolve(id.toString());
    }

    private Path month(Job job) {
        return ended.resolve(MONTH.format(job.end().at()));
    }

    /** An ended job by its id alone, for when the index does not know it. */
    Optional<Job> findEnded(JobId id) throws IOException {
        for (Path month : months()) {
            Path folder = month.resolve(id.toString());
            if (Files.isDirectory(folder)) {
                return Optional.ofNullable(readEnded(folder));
            }
        }
        return Optional.empty();
    }

    /** The folders of the ended jobs, one a month, newest first. */
    List<Path> months() throws IOException {
        return children(ended).sorted(Comparator.reverseOrder()).toList();
    }

    /** The ids of the jobs that ended in a month. */
    static List<JobId> ids(Path month) throws IOException {
        try (Stream<Path> folders = Files.list(month)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(JobId::isWellFormed)
                    .map(JobId::parse)
                    .toList();
        }
    }

    /** An ended job by its month; null, and put aside, where its folder is damaged. */
    Job readEnded(Path month, JobId id) throws IOException {
        return readEnded(month.resolve(id.toString()));
    }

    private Job readEnded(Path folder) throws IOException {
        JobRequest request = request(folder);
        if (request == null) {
            return null;
        }
        try {
            return OutcomeFile.read(request, Sealed.read(folder.resolve(OUTCOME)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            Job known = memory.ended(request.id()).orElse(null);
            Job mended = known != null ? known : endUnknown(request, folder);
            LOG.error("{} of job {}; written anew as {}", e.getMessage(), request.id(), mended.state());
            Sealed.write(folder.resolve(OUTCOME), OutcomeFile.write(mended));
            return mended;
        }
    }

    /** The end of a job of which only is known that it has ended. */
    private static Job endUnknown(JobRequest request, Path folder) throws IOException {
        Failure unknown = new Failure(
                ErrorCode.INTERNAL,
                "The record of how this job ended was damaged on the disk",
                "look at its log, and run it again");
        Instant at = Files.getLastModifiedTime(folder).toInstant();
        return new Job(
                request, JobState.FAILED, 0, null, null, new Job.End(new Outcome.Failed(unknown), at, Duration.ZERO));
    }

    /** Every job that has not ended, in the order of acceptance; finishes what a crash left half done. */
    List<Job> unfinished() throws IOException {
        List<Job> jobs = new ArrayList<>();
        for (Path folder : children(active).toList()) {
            Job job = readActive(folder);
            if (job != null && job.state().isTerminal()) {
                moveToEnded(job);
            } else if (job != null) {
                Durable.delete(folder.resolve(RESULT));
                jobs.add(job);
            }
        }
        jobs.sort(Comparator.comparingLong(job -> job.request().seq()));
        return jobs;
    }

    /** The job in a folder; null where none was accepted, or it is damaged beyond repair. */
    private Job readActive(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (!JobId.isWellFormed(name)) {
            return null;
        }
        if (!Files.exists(folder.resolve(REQUEST))
                && memory.request(JobId.parse(name)).isEmpty()) {
            LOG.info("{} was never accepted, its request is not there; removed", name);
            Durable.delete(folder);
            return null;
        }
        JobRequest request = request(folder);
        if (request == null) {
            return null;
        }
        if (!Files.exists(folder.resolve(OUTCOME))) {
            return unended(folder, request);
        }
        try {
            return OutcomeFile.read(request, Sealed.read(folder.resolve(OUTCOME)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            LOG.error("{} of job {}; the job runs again", e.getMessage(), request.id());
            Files.delete(folder.resolve(OUTCOME));
            return unended(folder, request);
        }
    }

    /** What was accepted; mended from the index where the file is damaged, put aside where that fails. */
    private JobRequest request(Path folder) throws IOException {
        try {
            return RequestFile.read(Sealed.read(folder.resolve(REQUEST)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            JobRequest known =
                    memory.request(JobId.parse(folder.getFileName().toString())).orElse(null);
            if (known == null) {
                putAside(folder, e);
                return null;
            }
            LOG.error("{} of job {}; written anew from the index", e.getMessage(), known.id());
            Sealed.write(folder.resolve(REQUEST), RequestFile.write(known));
            return known;
        }
    }

    private Job unended(Path folder, JobRequest request) throws IOException {
        List<Path> attempts = attempts(folder);
        if (attempts.isEmpty()) {
            return Job.accepted(request);
        }
        Path newest = attempts.get(attempts.size() - 1);
        Instant startedAt = Files.getLastModifiedTime(newest).toInstant();
        CancelRequest cancel = Files.exists(folder.resolve(CANCEL)) ? cancelRequest(folder, startedAt) : null;
        JobState state = cancel == null ? JobState.RUNNING : JobState.CANCELLING;
        return new Job(request, state, number(newest), startedAt, cancel, null);
    }

    /** Whatever the file says: that it is there means that somebody was told that the job will not go on. */
    private static CancelRequest cancelRequest(Path folder, Instant startedAt) {
        try {
            return CancelFile.read(Sealed.read(folder.resolve(CANCEL)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            LOG.error("{} of job {}; the job is cancelled", e.getMessage(), folder.getFileName());
            return new CancelRequest("unknown", startedAt, CancelRequest.Reason.REQUESTED);
        }
    }

    private static List<Path> attempts(Path folder) throws IOException {
        return children(folder)
                .filter(child -> child.getFileName().toString().matches(ATTEMPT + "\\d{1,9}"))
                .sorted(Comparator.comparingInt(JobFolders::number))
                .toList();
    }

    private static int number(Path attempt) {
        return Integer.parseInt(attempt.getFileName().toString().substring(ATTEMPT.length()));
    }

    /** Keeps a damaged folder where nothing reads it, for a person to look at. */
    private void putAside(Path folder, Exception why) throws IOException {
        Path aside = recovery.resolve(folder.getFileName());
        Files.createDirectories(recovery);
        try {
            Files.move(folder, aside);
        } catch (FileAlreadyExistsException e) {
            throw new IOException("two damaged folders have the name " + folder.getFileName(), e);
        }
        LOG.error(
                "The job folder {} is damaged ({}); it was moved to {} and is not shown any more",
                folder.getFileName(),
                why.getMessage(),
                aside);
    }

    private static Stream<Path> children(Path folder) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            return children.toList().stream();
        }
    }
}
