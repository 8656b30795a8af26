package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobResult;
import tinderbox.job.JobState;
import tinderbox.job.ProgressReport;
import tinderbox.job.ResultWriter;
import tinderbox.json.MalformedJsonException;

/**
 * The truth: one folder a job, under {@code active/} until {@code outcome.json} is in it, then under {@code
 * ended/<yyyy-mm>/}. What a method has changed is on the disk when it returns, but for what only deletes
 * scratch. The caller sees to it that no two threads change the same job.
 */
final class JobFolders {
    static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("yyyy-MM").withZone(ZoneOffset.UTC);

    static final String REQUEST = "request.json";
    static final String CANCEL = "cancel.json";
    static final String OUTCOME = "outcome.json";
    static final String RESULT = "result";
    static final String STAGES = "stages.json";
    private static final String ATTEMPT = "attempt-";

    private final Path active;
    private final Path ended;
    private final Path deleted;

    /** The folders in this data dir, made where they are not there. */
    JobFolders(Path dataDir) throws IOException {
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
        Path file = folder(cancelling).resolve(CANCEL);
        try {
            Sealed.write(file, CancelFile.write(cancelling.cancel()));
        } catch (IOException | RuntimeException | Error e) {
            // After a crash it would count, though whoever asked was told that it does not.
            Files.deleteIfExists(file);
            throw e;
        }
        CrashPoint.CANCEL_AFTER_FILE.pass();
    }

    /** Puts the result in its place; it counts only once {@link #end} has followed. Can be tried again. */
    void publish(Job job, JobResult result) throws IOException {
        Path target = activeFolder(job.id()).resolve(RESULT);
        if (Files.isDirectory(activeFolder(job.id())) && !Files.isDirectory(target)) {
            Path whole = attempt(job).resolve(RESULT);
            ResultFiles.write(whole, attempt(job).resolve(ResultWriter.FILE), job, result);
            Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
        }
        if (Files.isDirectory(target)) {
            Durable.sync(target.getParent());
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
        Path target = folder(job);
        if (!Files.exists(folder) && Files.isDirectory(target)) {
            Durable.sync(target.getParent());
            return readOutcome(job.request(), target);
        }
        if (job.state() != JobState.SUCCEEDED) {
            Durable.delete(folder.resolve(RESULT));
        }
        Sealed.write(folder.resolve(OUTCOME), OutcomeFile.write(job));
        CrashPoint.END_BEFORE_MOVE.pass();
        moveToEnded(job);
        CrashPoint.END_BEFORE_INDEX.pass();
        return job;
    }

    private static Job readOutcome(JobRequest request, Path folder) throws IOException {
        try {
            return OutcomeFile.read(request, Sealed.read(folder.resolve(OUTCOME)));
        } catch (MalformedJsonException e) {
            throw new IOException("the outcome of job " + request.id() + " cannot be read", e);
        }
    }

    void moveToEnded(Job job) throws IOException {
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

    /** Takes an ended job away for good; its files stay until {@link #clear}, or else the next start. */
    void delete(Job job) throws IOException {
        if (Files.exists(folder(job))) {
            Durable.move(folder(job), grave(job));
            // A deleted job must not come back, whatever the file system is like.
            Durable.sync(folder(job).getParent());
        }
        CrashPoint.DELETE_BEFORE_INDEX.pass();
    }

    /** Removes the files of a job that was deleted. */
    void clear(Job gone) throws IOException {
        Durable.delete(grave(gone));
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
        return Files.isDirectory(result) ? Optional.of(ResultFiles.read(result)) : Optional.empty();
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

    /** The folders of the ended jobs, one a month, newest first. */
    List<Path> months() throws IOException {
        return children(ended)
                .filter(Files::isDirectory)
                .sorted(Comparator.reverseOrder())
                .toList();
    }

    /** The folders of the jobs that have not ended, in no order. */
    List<Path> unended() throws IOException {
        return children(active).toList();
    }

    /** The folders of a job's attempts, in order. */
    static List<Path> attempts(Path folder) throws IOException {
        return children(folder)
                .filter(child -> child.getFileName().toString().matches(ATTEMPT + "\\d{1,9}"))
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
