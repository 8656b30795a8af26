package tinderbox.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
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
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobResult;
import tinderbox.job.JobState;
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
    private static final DateTimeFormatter MOMENT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

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

    JobFolders(Path dataDir, Clock clock) throws IOException {
        this.active = Files.createDirectories(dataDir.resolve("active"));
        this.ended = Files.createDirectories(dataDir.resolve("ended"));
        this.deleted = dataDir.resolve("deleted");
        this.recovery = dataDir.resolve("recovery").resolve(MOMENT.format(clock.instant()));
        Durable.delete(deleted);
        Files.createDirectories(deleted);
        Durable.sync(dataDir);
    }

    void accept(JobRequest request) throws IOException {
        Path folder = active.resolve(request.id().toString());
        Files.createDirectory(folder);
        Durable.write(folder.resolve(REQUEST), RequestFile.write(request));
        Durable.sync(active);
    }

    /** Takes back what {@link #accept} left when it failed. */
    void unaccept(JobId id) throws IOException {
        Durable.delete(active.resolve(id.toString()));
    }

    void start(Job running) throws IOException {
        Durable.createFolder(attempt(running));
    }

    void cancel(Job cancelling) throws IOException {
        Durable.write(folder(cancelling).resolve(CANCEL), CancelFile.write(cancelling.cancel()));
    }

    /** Puts the result in its place; it counts only once {@link #end} has followed. */
    void publish(Job job, JobResult result) throws IOException {
        Path attempt = attempt(job);
        Path whole = attempt.resolve(RESULT);
        ResultFiles.write(whole, attempt.resolve(ResultWriter.FILE), job, result);
        Durable.move(whole, activeFolder(job.id()).resolve(RESULT));
    }

    /** Writes the outcome, then moves the folder to the ended ones. */
    void end(Job job) throws IOException {
        Path folder = activeFolder(job.id());
        Durable.write(folder.resolve(OUTCOME), OutcomeFile.write(job));
        moveToEnded(job);
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
        Durable.move(folder, month.resolve(job.id().toString()));
    }

    void delete(Job job) throws IOException {
        Path grave = deleted.resolve(job.id().toString());
        Durable.move(folder(job), grave);
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
        try {
            JobRequest request = RequestFile.read(Files.readAllBytes(folder.resolve(REQUEST)));
            return OutcomeFile.read(request, Files.readAllBytes(folder.resolve(OUTCOME)));
        } catch (MalformedJsonException | RuntimeException | NoSuchFileException e) {
            putAside(folder, e);
            return null;
        }
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

    /** The job in a folder; null where none was accepted, or it is damaged. */
    private Job readActive(Path folder) throws IOException {
        if (!Files.exists(folder.resolve(REQUEST))) {
            LOG.info("{} was never accepted, its request is not there; removed", folder.getFileName());
            Durable.delete(folder);
            return null;
        }
        try {
            JobRequest request = RequestFile.read(Files.readAllBytes(folder.resolve(REQUEST)));
            if (Files.exists(folder.resolve(OUTCOME))) {
                return OutcomeFile.read(request, Files.readAllBytes(folder.resolve(OUTCOME)));
            }
            return unended(folder, request);
        } catch (MalformedJsonException | RuntimeException e) {
            putAside(folder, e);
            return null;
        }
    }

    private static Job unended(Path folder, JobRequest request) throws IOException, MalformedJsonException {
        List<Path> attempts = attempts(folder);
        if (attempts.isEmpty()) {
            return Job.accepted(request);
        }
        Path newest = attempts.get(attempts.size() - 1);
        Instant startedAt = Files.getLastModifiedTime(newest).toInstant();
        CancelRequest cancel = Files.exists(folder.resolve(CANCEL))
                ? CancelFile.read(Files.readAllBytes(folder.resolve(CANCEL)))
                : null;
        JobState state = cancel == null ? JobState.RUNNING : JobState.CANCELLING;
        return new Job(request, state, number(newest), startedAt, cancel, null);
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
