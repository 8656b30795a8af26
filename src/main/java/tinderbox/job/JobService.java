package tinderbox.job;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All that can be done with jobs. Every change of a job's state is a compare-and-set in the {@link JobStore};
 * whoever loses a race looks again and answers by what is now true.
 */
public final class JobService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobService.class);
    private static final int PREVIEW_LINES = 100;

    /** A name longer than this is refused, in characters. */
    public static final int MAX_NAME = 200;

    private final JobStore store;
    private final JobRunner runner;
    private final JobCatalog catalog;
    private final Clock clock;
    private final Limits limits;
    private final PendingQueue queue;
    private final Dispatcher dispatcher;
    private final Endings endings;
    private final Attempts attempts;
    private volatile boolean closing;

    /**
     * The bounds of the service.
     *
     * @param maxRunning attempts at the same time
     * @param maxQueued jobs that may wait
     * @param maxAttempts how often a job is started when the server crashes under it
     */
    public record Limits(int maxRunning, int maxQueued, int maxAttempts) {}

    public JobService(JobStore store, JobRunner runner, JobCatalog catalog, Clock clock, Limits limits) {
        this.store = store;
        this.runner = runner;
        this.catalog = catalog;
        this.clock = clock;
        this.limits = limits;
        this.queue = new PendingQueue(limits.maxQueued(), limits.maxRunning());
        this.endings = new Endings(store, clock);
        this.attempts = new Attempts(store, runner, clock, queue, endings, limits.maxAttempts());
        this.dispatcher = new Dispatcher(queue, runner, attempts::start);
    }

    /** Puts back what the last process left, then begins to start jobs. */
    public void start() {
        List<Job> unfinished = store.unfinished();
        unfinished.forEach(this::recover);
        if (!unfinished.isEmpty()) {
            LOG.info("{} unfinished jobs found, {} wait to run", unfinished.size(), queue.size());
        }
        dispatcher.start();
    }

    private void recover(Job job) {
        switch (job.state()) {
            case PENDING -> queue.add(job.request().seq(), job.id());
            case RUNNING -> {
                if (job.attempt() < limits.maxAttempts()) {
                    store.transition(job, job.requeued());
                    queue.add(job.request().seq(), job.id());
                } else {
                    endings.end(job, new Outcome.Failed(crashed(job)), Duration.ZERO);
                }
            }
            case CANCELLING -> endings.end(job, job.cancel().outcome(), Duration.ZERO);
            case SUCCEEDED, FAILED, CANCELLED ->
                throw new IllegalStateException("job " + job.id() + " has ended and cannot be unfinished");
        }
    }

    private static Failure crashed(Job job) {
        return new Failure(
                ErrorCode.SERVER_CRASHED,
                "The server stopped while the job ran, in each of its " + job.attempt() + " attempts",
                "look at the server's log for the reason, then run the job again");
    }

    /**
     * Accepts a job. When this returns, the job survives a crash.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB}, {@link ErrorCode#QUEUE_FULL}, {@link
     *     ErrorCode#SHUTTING_DOWN} or {@link ErrorCode#DISK_FULL}; then nothing was accepted
     */
    public JobView submit(Submission submission) {
        return accept(submission, null);
    }

    /** Accepts a new job with every parameter of an old one. */
    public JobView rerun(JobId id, String by) {
        JobRequest old = job(id).request();
        return accept(new Submission(old.type(), old.name(), old.params(), by), id);
    }

    private JobView accept(Submission submission, JobId rerunOf) {
        if (closing) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN, "The server is shutting down", "send the job again in a moment");
        }
        Map<String, Object> params = catalog.check(submission.type(), submission.params());
        if (!queue.reserve()) {
            throw new JobException(
                    ErrorCode.QUEUE_FULL,
                    "The queue is full: " + limits.maxQueued() + " jobs are waiting",
                    "send the job again later, or raise --max-queued");
        }
        JobRequest request = new JobRequest(
                JobId.random(),
                store.nextSeq(),
                submission.type(),
                name(submission, params),
                params,
                submission.submittedBy(),
                clock.instant(),
                rerunOf);
        Job job = Job.accepted(request);
        try {
            store.accept(job);
        } catch (RuntimeException | Error e) {
            queue.release();
            throw e;
        }
        queue.fill(request.seq(), request.id());
        return view(job);
    }

    private static String name(Submission submission, Map<String, Object> params) {
        if (submission.name() != null && !submission.name().isBlank()) {
            return submission.name().strip();
        }
        return params.get("input") instanceof String input ? submission.type() + " " + input : submission.type();
    }

    /** The job as it stands. */
    public JobView find(JobId id) {
        return view(job(id));
    }

    /** Some jobs as they stand, newest first. */
    public JobPage<JobView> list(JobQuery query) {
        JobPage<Job> page = store.list(query);
        List<Integer> positions = queue.positions(page.jobs());
        List<JobView> views = new ArrayList<>(page.jobs().size());
        for (int i = 0; i < positions.size(); i++) {
            views.add(view(page.jobs().get(i), positions.get(i)));
        }
        return new JobPage<>(views, page.total(), page.counts());
    }

    /**
     * Asks for a job to be stopped. One that waits is CANCELLED at once; one that runs is CANCELLING until its
     * last task has stopped.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} where it has ended
     */
    public JobView cancel(JobId id, String by) {
        while (true) {
            Job job = job(id);
            switch (job.state()) {
                case PENDING -> {
                    if (endings.end(job, new Outcome.Cancelled(by), Duration.ZERO)) {
                        queue.remove(job.request().seq());
                        return find(id);
                    }
                }
                case RUNNING -> {
                    Job cancelling =
                            job.cancelling(new CancelRequest(by, clock.instant(), CancelRequest.Reason.REQUESTED));
                    if (store.transition(job, cancelling)) {
                        runner.cancel(id, "by " + by);
                        return view(cancelling);
                    }
                }
                case CANCELLING -> {
                    return view(job);
                }
                case SUCCEEDED, FAILED, CANCELLED -> throw wrongState(job, "cannot be cancelled any more");
            }
        }
    }

    /**
     * Removes a job that has ended, with its log and result.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} where it has not ended
     */
    public void delete(JobId id) {
        Job job = job(id);
        if (!job.state().isTerminal()) {
            throw wrongState(job, "cannot be deleted before it has ended; cancel it first");
        }
        if (!store.delete(job)) {
            throw notFound();
        }
    }

    /** Answers with the job as soon as it has ended; at once where it has. Cancel the future to stop waiting. */
    public CompletableFuture<Job> whenEnded(JobId id) {
        return endings.whenEnded(id).orElseThrow(JobService::notFound);
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
     * @throws JobException {@link ErrorCode#WRONG_STATE} where the job has not SUCCEEDED
     */
    public JobResult result(JobId id) {
        Job job = job(id);
        if (job.state() != JobState.SUCCEEDED) {
            throw wrongState(job, "has no result");
        }
        try {
            return store.result(job).orElseThrow(JobService::notFound);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** The rows of a result as CSV. The caller closes it. */
    public SeekableByteChannel openRows(JobId id) {
        try {
            return store.read(job(id), JobStore.File.RESULT_ROWS).orElseThrow(JobService::notFound);
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

    /** The bounds of the service. */
    public Limits limits() {
        return limits;
    }

    /** Whether jobs that are sent now can run now. */
    public boolean isReady() {
        return !closing && runner.isReady();
    }

    private JobView view(Job job) {
        return view(job, queue.positions(List.of(job)).get(0));
    }

    private JobView view(Job job, Integer position) {
        if (job.state().isTerminal()) {
            return new JobView(job, job.startedAt() == null ? null : job.end().ran(), null, null);
        }
        if (job.state().isRunning()) {
            return new JobView(
                    job, attempts.ran(job.id()), null, runner.progress(job.id()).orElse(null));
        }
        return new JobView(job, null, position, null);
    }

    private Job job(JobId id) {
        return store.find(id).orElseThrow(JobService::notFound);
    }

    private static JobException notFound() {
        return new JobException(
                ErrorCode.JOB_NOT_FOUND,
                "There is no such job",
                "it may have been deleted; GET /api/v1/jobs lists all");
    }

    private static JobException wrongState(Job job, String what) {
        return new JobException(ErrorCode.WRONG_STATE, "The job is " + job.state() + " and " + what, "");
    }

    private static UncheckedIOException unreadable(IOException e) {
        return new UncheckedIOException("the job's files could not be read", e);
    }

    /** Starts and ends nothing more; what runs is left RUNNING for the next start to find. */
    @Override
    public void close() {
        closing = true;
        attempts.leaveAll();
        queue.close();
        runner.close();
        dispatcher.close();
        attempts.close();
    }
}
