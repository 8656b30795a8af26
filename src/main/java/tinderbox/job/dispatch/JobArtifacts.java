package tinderbox.job.dispatch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.job.JobView;
import tinderbox.job.Progress;
import tinderbox.job.ProgressReport;
import tinderbox.job.StorageFailure;
import tinderbox.job.Visibility;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.LogFolder;
import tinderbox.job.log.LogLine;
import tinderbox.job.log.LogPage;
import tinderbox.job.log.LogParts;
import tinderbox.job.log.LogReader;
import tinderbox.job.log.OpenLog;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.read.LineFormat;
import tinderbox.job.result.read.ParquetDownload;
import tinderbox.job.result.read.ResultPage;
import tinderbox.job.result.read.ResultQuery;
import tinderbox.job.result.read.ResultReader;

/** Reads what jobs produce: logs, results, and reports of what Spark did. */
public final class JobArtifacts {
    private static final Logger LOG = LoggerFactory.getLogger(JobArtifacts.class);
    private static final int PREVIEW_LINES = 100;

    private final JobStore store;
    private final JobRunner runner;
    private final Function<JobId, Optional<JobLog>> running;
    private final Limits limits;
    private final DiskGuard disk;
    private final Visibility visibility;

    /**
     * Reads from this store.
     *
     * @param runner has the progress of running jobs
     * @param running the log of a running job, which is read while it is written
     */
    JobArtifacts(JobStore store, JobRunner runner, Function<JobId, Optional<JobLog>> running, Limits limits) {
        this(store, runner, running, limits, new DiskGuard(store, limits.minFreeBytes()), Visibility.ALL);
    }

    private JobArtifacts(
            JobStore store,
            JobRunner runner,
            Function<JobId, Optional<JobLog>> running,
            Limits limits,
            DiskGuard disk,
            Visibility visibility) {
        this.store = store;
        this.runner = runner;
        this.running = running;
        this.limits = limits;
        this.disk = disk;
        this.visibility = visibility;
    }

    /** As these, but other submitters' jobs do not exist. */
    JobArtifacts seenBy(Visibility visible) {
        return new JobArtifacts(store, runner, running, limits, disk, visible);
    }

    /**
     * A page of the job's log. It reads a bounded number of bytes, so a page may have fewer than {@code limit} lines. If
     * the log of a running job has nothing new, no file is read.
     *
     * @param from the number of the first line; a negative one counts from the end
     * @param minLevel only lines of at least this level
     */
    public LogPage log(JobId id, long from, int limit, LogLine.Level minLevel) {
        return log(id, from, limit, minLevel, null);
    }

    /**
     * As above.
     *
     * @param text only lines that contain this, ignoring case; null for all
     */
    public LogPage log(JobId id, long from, int limit, LogLine.Level minLevel, String text) {
        boolean ended = job(id).state().isTerminal();
        return readLog(id, ended, log -> LogReader.page(log, from, limit, minLevel, text, ended));
    }

    /** The last lines of the job's log, joined by line feeds. */
    public String logPreview(JobView view) {
        try {
            return preview(view.job());
        } catch (JobException e) {
            if (e.code() == ErrorCode.STORAGE_UNAVAILABLE) {
                // The rest of the view is known without the log.
                return "";
            }
            throw e;
        }
    }

    private String preview(Job job) {
        return readLog(job.id(), job.state().isTerminal(), log -> LogReader.preview(log, PREVIEW_LINES));
    }

    /** The whole log of a job, without deleted parts. The caller closes it. */
    public OpenLog openLog(JobId id) {
        return readLog(id, job(id).state().isTerminal(), LogReader::open);
    }

    private interface LogReading<T> {
        T read(LogParts log) throws IOException;
    }

    private <T> T readLog(JobId id, boolean ended, LogReading<T> reading) {
        try {
            Optional<JobLog> written = ended ? Optional.empty() : running.apply(id);
            if (written.isPresent()) {
                try {
                    return reading.read(written.get().parts());
                } catch (NoSuchFileException e) {
                    // The job has ended, and its folder has moved.
                }
            }
            for (int tries = 0; ; tries++) {
                try {
                    return reading.read(new LogFolder(store.logFolder(id).orElseThrow(JobService::notFound)));
                } catch (NoSuchFileException e) {
                    // A folder moves when its job ends, and again when the job is deleted.
                    if (tries == 2) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * The description of a result: everything but its rows.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} if the job has not SUCCEEDED, {@link ErrorCode#RESULT_GONE} if
     *     its result no longer exists, {@link ErrorCode#RESULT_DAMAGED} if it is damaged, {@link
     *     ErrorCode#RESULT_TOO_NEW} if this version cannot read it
     */
    public JobResult result(JobId id) {
        Job job = job(id);
        if (job.state() != JobState.SUCCEEDED) {
            throw new JobException(ErrorCode.WRONG_STATE, "The job is " + job.state() + " and has no result", "");
        }
        try {
            return store.result(job).orElseThrow(JobArtifacts::gone);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** The summary of a job's result; empty if there is no result or it cannot be read. */
    public Optional<Map<String, Object>> summary(JobView view) {
        try {
            return view.job().state() == JobState.SUCCEEDED
                    ? Optional.ofNullable(result(view.job().id()).summary())
                    : Optional.empty();
        } catch (JobException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether {@link #openRows} returns at once, because the rows are verified already. True also if there is no result.
     */
    public boolean areRowsVerified(JobId id) {
        return store.areRowsVerified(job(id));
    }

    /**
     * The rows of a result as CSV. The caller closes it.
     *
     * @throws JobException {@link ErrorCode#RESULT_GONE} if they no longer exist, {@link ErrorCode#RESULT_DAMAGED} if
     *     they differ from what was published
     */
    public SeekableByteChannel openRows(JobId id) {
        try {
            return store.openRows(job(id)).orElseThrow(JobArtifacts::gone);
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** A page of the rows of a result that match a query. */
    public ResultPage resultPage(JobId id, JobResult result, ResultQuery query, long offset, int limit) {
        try {
            return ResultReader.page(result, openRows(id), query, offset, limit, limits.results());
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** All rows of a result, in parts. The caller closes it. */
    public ResultReader resultReader(JobId id, JobResult result, LineFormat format) {
        try {
            return new ResultReader(result, openRows(id), ResultQuery.all(), format, limits.results());
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /**
     * Writes the rows of a result that match a query to a temporary file. The caller closes it, which deletes it.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if it becomes larger than a result may be, {@link
     *     ErrorCode#DISK_FULL} if there is no room for it
     */
    public SeekableByteChannel download(JobId id, JobResult result, ResultQuery query, LineFormat format)
            throws IOException {
        DownloadFile file = new DownloadFile(limits.maxResultBytes(), disk);
        try {
            write(id, result, query, format, file);
            return file.content();
        } catch (IOException | RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    /** As {@link #download}, as a Parquet file. */
    public SeekableByteChannel parquet(JobId id, JobResult result, ResultQuery query) throws IOException {
        DownloadFile file = new DownloadFile(limits.maxResultBytes(), disk);
        try {
            ParquetDownload parquet = new ParquetDownload(result);
            parquet.observe(openRows(id), query, limits.results());
            parquet.write(openRows(id), query, limits.results(), file);
            return file.content();
        } catch (IOException e) {
            file.close();
            throw damaged(e);
        } catch (RuntimeException | Error e) {
            file.close();
            throw e;
        }
    }

    private void write(JobId id, JobResult result, ResultQuery query, LineFormat format, DownloadFile file) {
        try (ResultReader rows = new ResultReader(result, openRows(id), query, format, limits.results())) {
            for (ByteBuffer part = rows.nextPart(); part.hasRemaining(); part = rows.nextPart()) {
                file.write(part);
            }
        } catch (IOException e) {
            throw damaged(e);
        }
    }

    /** What Spark has done for a job, stage by stage. */
    public ProgressReport report(JobId id) {
        Job job = job(id);
        return runner.report(id).or(() -> store.report(job)).orElseGet(() -> ProgressReport.empty(job.attempt()));
    }

    /** What Spark has done for a job, in total; empty if that is not known. */
    public Optional<Progress> progress(JobView view) {
        return view.job().state().isTerminal()
                ? store.report(view.job()).map(ProgressReport::progress)
                : Optional.ofNullable(view.progress());
    }

    private Job job(JobId id) {
        return store.find(id)
                .filter(job -> visibility.includes(job.request().submittedBy()))
                .orElseThrow(JobService::notFound);
    }

    private static JobException gone() {
        return new JobException(ErrorCode.RESULT_GONE, "The result of this job is no longer kept", "run the job again");
    }

    private static JobException damaged(IOException e) {
        return new JobException(
                ErrorCode.RESULT_DAMAGED,
                "The result of this job is damaged on the server's disk",
                "run the job again; the server's log says which file it is",
                e);
    }

    private JobException unreadable(IOException e) {
        if (store.outage().isEmpty()) {
            LOG.warn("The files of a job cannot be read: {}", e.toString());
            if (FileErrors.isMisplaced(e)) {
                return new JobException(
                        ErrorCode.INTERNAL,
                        "The files of this job are damaged on the server's disk",
                        "the server's log has the reason",
                        e);
            }
        }
        return StorageFailure.of(e);
    }
}
