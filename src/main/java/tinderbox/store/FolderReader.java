package tinderbox.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
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
import tinderbox.job.JobState;
import tinderbox.job.Outcome;
import tinderbox.json.MalformedJsonException;
import tinderbox.store.Sealed.DamagedException;

/** Reads jobs back from their folders, mends what a crash or the disk has damaged, and tells what it mended. */
final class FolderReader {
    private static final Logger LOG = LoggerFactory.getLogger(FolderReader.class);

    private final JobFolders folders;
    private final Path recovery;
    private final Memory memory;

    /** What is known from elsewhere, for folders that are damaged. */
    interface Memory {
        Optional<JobRequest> request(JobId id);

        Optional<Job> ended(JobId id);
    }

    /**
     * Reads these folders.
     *
     * @param recovery where a folder is put that cannot be mended
     */
    FolderReader(JobFolders folders, Path recovery, Memory memory) {
        this.folders = folders;
        this.recovery = recovery;
        this.memory = memory;
    }

    /** An ended job by its id alone, for when the index does not know it. */
    Optional<Job> findEnded(JobId id) throws IOException {
        for (Path month : folders.months()) {
            Path folder = month.resolve(id.toString());
            if (Files.isDirectory(folder)) {
                return Optional.ofNullable(readEnded(folder));
            }
        }
        return Optional.empty();
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
            return OutcomeFile.read(request, Sealed.read(folder.resolve(JobFolders.OUTCOME)));
        } catch (DamagedException | NoSuchFileException | MalformedJsonException | RuntimeException e) {
            Job known = memory.ended(request.id()).orElse(null);
            Job mended = known != null ? known : endUnknown(request, folder);
            LOG.error("Job {}: {}; it is written anew as {}", request.id(), e.getMessage(), mended.state());
            Sealed.write(folder.resolve(JobFolders.OUTCOME), OutcomeFile.write(mended));
            return mended;
        }
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

    /** Every job that has not ended, in the order of acceptance; finishes what a crash left half done. */
    List<Job> unfinished() throws IOException {
        List<Job> jobs = new ArrayList<>();
        List<Path> months = folders.months();
        for (Path folder : folders.unended()) {
            Job job = hasEnded(folder, months) ? null : readActive(folder);
            if (job != null && job.state().isTerminal()) {
                folders.moveToEnded(job);
            } else if (job != null) {
                if (Files.isDirectory(folder.resolve(JobFolders.RESULT))) {
                    Durable.delete(folder.resolve(JobFolders.RESULT));
                }
                jobs.add(job);
            }
        }
        jobs.sort(Comparator.comparingLong(job -> job.request().seq()));
        return jobs;
    }

    /** A copy of the data dir that was made while the job ended can hold it twice; its end is what counts. */
    private static boolean hasEnded(Path folder, List<Path> months) throws IOException {
        for (Path month : months) {
            if (Files.isDirectory(month.resolve(folder.getFileName()))) {
                Durable.delete(folder);
                return true;
            }
        }
        return false;
    }

    /** The job in a folder; null where none was accepted, or it is damaged beyond repair. */
    private Job readActive(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        if (!JobId.isWellFormed(name)) {
            return null;
        }
        if (!Files.exists(folder.resolve(JobFolders.REQUEST))
                && memory.request(JobId.parse(name)).isEmpty()) {
            LOG.info("{} was never accepted, its request is not there; removed", name);
            Durable.delete(folder);
            return null;
        }
        JobRequest request = request(folder);
        if (request == null) {
            return null;
        }
        if (!Files.exists(folder.resolve(JobFolders.OUTCOME))) {
            return unended(folder, request);
        }
        try {
            return OutcomeFile.read(request, Sealed.read(folder.resolve(JobFolders.OUTCOME)));
        } catch (DamagedException | NoSuchFileException | MalformedJsonException | RuntimeException e) {
            LOG.error("Job {}: {}; the job runs again", request.id(), e.getMessage());
            Files.delete(folder.resolve(JobFolders.OUTCOME));
            return unended(folder, request);
        }
    }

    /** What was accepted; mended from the index where the file is damaged, put aside where that fails. */
    private JobRequest request(Path folder) throws IOException {
        try {
            return RequestFile.read(Sealed.read(folder.resolve(JobFolders.REQUEST)));
        } catch (DamagedException | NoSuchFileException | MalformedJsonException | RuntimeException e) {
            JobRequest known =
                    memory.request(JobId.parse(folder.getFileName().toString())).orElse(null);
            if (known == null) {
                putAside(folder, e);
                return null;
            }
            LOG.error("Job {}: {}; it is written anew from the index", known.id(), e.getMessage());
            Sealed.write(folder.resolve(JobFolders.REQUEST), RequestFile.write(known));
            return known;
        }
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
            return CancelFile.read(Sealed.read(folder.resolve(JobFolders.CANCEL)));
        } catch (IOException | MalformedJsonException | RuntimeException e) {
            LOG.error("Job {}: {}; the job is cancelled", folder.getFileName(), e.getMessage());
            return new CancelRequest("unknown", startedAt, CancelRequest.Reason.REQUESTED);
        }
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
}
