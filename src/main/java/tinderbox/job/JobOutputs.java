package tinderbox.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what jobs leave behind: their logs, their results, and what Spark did for them. */
public final class JobOutputs {
    private static final int PREVIEW_LINES = 100;

    private final JobStore store;
    private final JobRunner runner;

    JobOutputs(JobStore store, JobRunner runner) {
        this.store = store;
        this.runner = runner;
    }

    /** A page of the job's log. */
    public LogPage log(JobId id, long from, int limit, LogLine.Level least) {
        Job job = job(id);
        try (SeekableByteChannel log = store.read(job, JobStore.File.LOG).orElse(null)) {
            boolean ended = job.state().isTerminal();
            return log == null
                    ? new LogPage(List.of(), 0, 0, 0, ended)
                    : LogReader.page(log, from, limit, least, ended);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The last lines of the job's log, joined by line feeds. */
    public String logPreview(JobView view) {
        try (SeekableByteChannel log = store.read(view.job(), JobStore.File.LOG).orElse(null)) {
            return log == null ? "" : LogReader.preview(log, PREVIEW_LINES);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The job's whole log as it is on disk; empty where nothing has been written. The caller closes it. */
    public Optional<SeekableByteChannel> openLog(JobId id) {
        try {
            return store.read(job(id), JobStore.File.LOG);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * What is known of a result beside its rows.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} where the job has not SUCCEEDED, {@link
     *     ErrorCode#RESULT_GONE} or {@link ErrorCode#RESULT_DAMAGED} where its result is no longer there or whole
     */
    public JobResult result(JobId id) {
        Job job = job(id);
        if (job.state() != JobState.SUCCEEDED) {
            throw new JobException(ErrorCode.WRONG_STATE, "The job is " + job.state() + " and has no result", "");
        }
        try {
            return store.result(job).orElseThrow(JobOutputs::gone);
        } catch (IOException e) {
            throw new JobException(
                    ErrorCode.RESULT_DAMAGED,
                    "The result of this job is damaged on the server's disk",
                    "run the job again; the server's log says which file it is",
                    e);
        }
    }

    /** The summary of a job's result; empty where there is no result, or none that can be read. */
    public Optional<Map<String, Object>> summary(JobView view) {
        try {
            return view.job().state() == JobState.SUCCEEDED
                    ? Optional.of(result(view.job().id()).summary())
                    : Optional.empty();
        } catch (JobException e) {
            return Optional.empty();
        }
    }

    /** The rows of a result as CSV. The caller closes it. */
    public SeekableByteChannel openRows(JobId id) {
        try {
            return store.read(job(id), JobStore.File.RESULT_ROWS).orElseThrow(JobOutputs::gone);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * A page of a result's rows.
     *
     * @param text only rows whose first column contains it; null for all
     */
    public ResultPage resultPage(JobId id, long offset, int limit, String text) {
        JobResult result = result(id);
        try (ResultReader reader = new ResultReader(result, Channels.newInputStream(openRows(id)))) {
            return reader.page(offset, limit, text);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** What Spark has done for a job so far, stage by stage; what it did, once the job has ended. */
    public ProgressReport report(JobId id) {
        Job job = job(id);
        return runner.report(id).or(() -> store.report(job)).orElseGet(() -> ProgressReport.empty(job.attempt()));
    }

    /** What Spark has done for a job so far, or did; empty where that is not known. */
    public Optional<Progress> progress(JobView view) {
        return view.job().state().isTerminal()
                ? store.report(view.job()).map(ProgressReport::progress)
                : Optional.ofNullable(view.progress());
    }

    private Job job(JobId id) {
        return store.find(id).orElseThrow(JobService::notFound);
    }

    private static JobException gone() {
        return new JobException(ErrorCode.RESULT_GONE, "The result of this job is no longer kept", "run the job again");
    }

    private static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("the job's files could not be read", e);
    }
}
