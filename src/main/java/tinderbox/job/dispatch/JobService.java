package tinderbox.job.dispatch;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.ThreadReserve;
import tinderbox.job.CancelRequest;
import tinderbox.job.CheckedSubmission;
import tinderbox.job.ErrorCode;
import tinderbox.job.FilterValues;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobCatalog;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobIds;
import tinderbox.job.JobListener;
import tinderbox.job.JobOrigin;
import tinderbox.job.JobPage;
import tinderbox.job.JobPatch;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobView;
import tinderbox.job.Submission;
import tinderbox.job.SubmissionResult;
import tinderbox.job.Visibility;

/**
 * The operations on jobs. Every change of a job's state is a compare-and-set in the {@link JobStore}; a method that loses a
 * race reads the job again and acts on its new state.
 */
public final class JobService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobService.class);
    private static final long POLL_NANOS = Duration.ofMillis(20).toNanos();

    /** The parameters of unfinished jobs are in memory. Ten thousand jobs have this if each has 3,355 characters. */
    private static final long MAX_UNFINISHED_CHARS = 32 << 20;

    private final JobStore store;
    private final JobRunner runner;
    private final JobCatalog catalog;
    private final Clock clock;
    private final Limits limits;
    private final PendingQueue queue;
    private final DiskGuard disk;
    private final ThreadReserve threads = new ThreadReserve();
    private final AttemptSupervisor attempts;
    private final Dispatcher dispatcher;
    private final Watchdog watchdog;
    private final JobArtifacts artifacts;
    private final RunSets runSets;
    private final KeyedRequests<JobView> keyedRequests = new KeyedRequests<>(
            "job",
            view -> view.job().id().toString(),
            view -> view.job().request().idempotencyKey());

    private volatile BiConsumer<Job, Duration> acceptMeasure = (job, took) -> {};
    private volatile boolean closing;

    /** A service that trusts its clock. */
    public JobService(JobStore store, JobRunner runner, JobCatalog catalog, Clock clock, Limits limits) {
        this(store, runner, catalog, clock, clock, limits);
    }

    /**
     * A service that has not started.
     *
     * @param clock timestamps of jobs
     * @param trusted decides which jobs are too old to be retained
     */
    public JobService(JobStore store, JobRunner runner, JobCatalog catalog, Clock clock, Clock trusted, Limits limits) {
        this.store = store;
        this.runner = runner;
        this.catalog = catalog;
        this.clock = clock;
        this.limits = limits;
        this.queue = new PendingQueue(limits);
        this.disk = new DiskGuard(store, limits.minFreeBytes());
        this.attempts =
                new AttemptSupervisor(store, runner, clock, queue, limits, threads, AttemptSupervisor.startWriters());
        var starter = new AttemptStarter(store, runner, clock, queue, attempts, limits, threads);
        this.dispatcher = new Dispatcher(queue, runner, () -> disk.hasRoom() && !threads.isExhausted(), starter::start);
        this.watchdog = new Watchdog(disk, threads, attempts, new Retention(store, trusted, limits));
        this.runSets = new RunSets(this, store, queue, disk, clock);
        this.artifacts = new JobArtifacts(store, runner, id -> attempts.find(id).map(Attempt::log), limits);
    }

    /** Recovers the jobs that the last process left unfinished, then starts jobs. */
    public void start() {
        List<Job> unfinished = store.unfinished();
        unfinished.forEach(this::recover);
        if (!unfinished.isEmpty()) {
            LOG.info("{} unfinished jobs found, {} wait to run", unfinished.size(), queue.size());
        }
        threads.watch();
        dispatcher.start();
        watchdog.start();
    }

    private void recover(Job job) {
        switch (job.state()) {
            case PENDING -> queue.add(job.request());
            case RUNNING -> {
                if (job.attempt() < limits.maxAttempts()) {
                    store.transition(job, job.requeued());
                    queue.addAgain(job.request());
                } else {
                    LOG.warn(
                            "Job {} was running at each of {} crashes; it is not started again",
                            job.id(),
                            job.attempt());
                    attempts.endLeftOver(job);
                }
            }
            case CANCELLING -> attempts.endLeftOver(job);
            case SUCCEEDED, FAILED, CANCELLED ->
                throw new IllegalStateException("job " + job.id() + " has ended and cannot be unfinished");
        }
    }

    /**
     * Accepts a job. When this returns, the job survives a crash. A second submission with the same idempotency
     * key and body returns the job of the first.
     *
     * @throws JobException {@link ErrorCode#INVALID_JOB}, {@link ErrorCode#QUEUE_FULL}, {@link
     *     ErrorCode#TOO_MANY_REQUESTS}, {@link ErrorCode#SHUTTING_DOWN}, {@link ErrorCode#DISK_FULL}, {@link
     *     ErrorCode#IDEMPOTENCY_IN_FLIGHT} or {@link ErrorCode#IDEMPOTENCY_MISMATCH}; then nothing was accepted
     */
    public SubmissionResult submit(Submission submission) {
        return submit(submission, () -> {}, Visibility.ALL);
    }

    /**
     * As {@link #submit(Submission)}.
     *
     * @param check refuses what may not be accepted now; a repeated submission gets its job in spite of it
     */
    SubmissionResult submit(Submission submission, Runnable check, Visibility visibility) {
        return once(submission.submittedBy(), submission.idempotencyKey(), () -> {
            check.run();
            return accept(submission, JobOrigin.of(null, null, submission.preset()), visibility);
        });
    }

    /**
     * Accepts a new job with the parameters, the name and the labels of an old one. A second rerun with the same idempotency key returns the job of
     * the first.
     *
     * @throws JobException {@link ErrorCode#JOB_NOT_FOUND}, or as {@link #submit} does; then nothing was accepted
     */
    public SubmissionResult rerun(JobId id, String by, IdempotencyKey idempotencyKey) {
        return rerun(id, by, idempotencyKey, null, Visibility.ALL);
    }

    /**
     * Accepts a new job with the parameters of an old one, whose inputs the caller must see.
     *
     * @param preset the id of the preset that it belongs to, or null
     */
    SubmissionResult rerun(JobId id, String by, IdempotencyKey idempotencyKey, String preset, Visibility visibility) {
        return once(by, idempotencyKey, () -> {
            Job old = job(id);
            return accept(
                    new Submission(
                            old.request().type(),
                            old.isNamed() ? old.name() : null,
                            old.request().params(),
                            old.labels(),
                            by,
                            idempotencyKey),
                    JobOrigin.of(id, null, preset),
                    visibility);
        });
    }

    /** Accepts a job unless one with the same key, which may be null, was accepted before. */
    private SubmissionResult once(String by, IdempotencyKey idempotencyKey, Supplier<JobView> accept) {
        KeyedRequests.Answer<JobView> answer = keyedRequests.once(
                by,
                idempotencyKey,
                () -> store.findByKey(by, idempotencyKey.key()).map(this::view),
                accept);
        return new SubmissionResult(answer.created(), answer.replayed());
    }

    private JobView accept(Submission submission, JobOrigin origin, Visibility visibility) {
        checkAccepting();
        long started = System.nanoTime();
        CheckedSubmission checked = check(submission.type(), submission.params(), visibility);
        disk.checkRoom();
        checkMemory(JobRequest.chars(checked.params(), submission.labels()));
        queue.reserve(submission.submittedBy());
        long seq = store.nextSeq();
        Job job;
        try {
            job = Job.accepted(request(seq, submission, checked, origin));
            store.accept(job);
        } catch (RuntimeException | Error e) {
            queue.release(submission.submittedBy());
            throw e;
        } finally {
            store.settle(seq);
        }
        queue.fill(job.request());
        measureAccepted(job, Duration.ofNanos(System.nanoTime() - started));
        return view(job);
    }

    private JobRequest request(long seq, Submission submission, CheckedSubmission checked, JobOrigin origin) {
        return new JobRequest(
                JobId.random(),
                seq,
                submission.type(),
                isNamed(submission) ? submission.name().strip() : checked.label(),
                isNamed(submission),
                checked.params(),
                checked.inputs(),
                checked.searchText(),
                submission.labels(),
                submission.submittedBy(),
                clock.instant(),
                origin,
                submission.idempotencyKey());
    }

    void measureAccepted(Job job, Duration took) {
        acceptMeasure.accept(job, took);
    }

    void checkAccepting() {
        if (closing) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN, "The server is shutting down", "send the job again in a moment");
        }
    }

    /** Checks that jobs whose parameters and labels have so many characters may wait. */
    void checkMemory(long chars) {
        if (store.unfinishedChars() + chars > MAX_UNFINISHED_CHARS) {
            throw new JobException(
                    ErrorCode.QUEUE_FULL,
                    "The queue is full: parameters, labels and notes of all unfinished jobs may have "
                            + MAX_UNFINISHED_CHARS + " characters",
                    "send the request again later");
        }
    }

    /** If the data dir is gone, so is the sample input, and that is not the submitter's mistake. */
    CheckedSubmission check(String type, Map<String, Object> params, Visibility visibility) {
        try {
            return catalog.check(type, params, visibility);
        } catch (JobException e) {
            throw store.probeOutage().orElse(e);
        }
    }

    private static boolean isNamed(Submission submission) {
        return submission.name() != null && !submission.name().isBlank();
    }

    /** Notifies {@code listener} of every change from now on. */
    public void addListener(JobListener listener) {
        store.addListener(listener);
    }

    /** Tells {@code measure} of every job that is accepted from now on, and how long that took. */
    public void onAccepted(BiConsumer<Job, Duration> measure) {
        acceptMeasure = measure;
    }

    /** Runs {@code look}, which must return at once, several times a second from now on, on the thread that watches jobs. */
    public void onWatch(Runnable look) {
        watchdog.onWatch(look);
    }

    /** The operations for a caller who sees only the jobs of these submitters. */
    public VisibleJobs seenBy(Visibility visibility) {
        return new VisibleJobs(this, visibility);
    }

    /** The current version of a job. */
    public JobView find(JobId id) {
        return view(job(id));
    }

    /** A page of jobs. */
    public JobPage<JobView> list(JobQuery query) {
        JobPage<Job> page = store.list(query);
        return new JobPage<>(views(page.jobs()), page.total(), page.counts(), page.next(), page.seen());
    }

    /** The ids of a page of jobs. */
    JobIds ids(JobQuery query) {
        return store.ids(query);
    }

    /** Those of these jobs that still exist. */
    List<JobView> find(List<JobId> ids) {
        return views(store.find(ids));
    }

    /** What the jobs of these submitters can be filtered by. */
    FilterValues filterValues(Visibility visible, int limit) {
        return store.filterValues(visible, limit);
    }

    private List<JobView> views(List<Job> listed) {
        List<Integer> positions = queue.positions(listed);
        List<JobView> views = new ArrayList<>(listed.size());
        for (int i = 0; i < positions.size(); i++) {
            views.add(view(listed.get(i), positions.get(i)));
        }
        return views;
    }

    /** The request of the oldest unfinished job that matches. */
    public Optional<JobRequest> findUnfinished(Predicate<JobRequest> filter) {
        return store.unfinished().stream().map(Job::request).filter(filter).findFirst();
    }

    /** The running jobs, in no order; at most {@link Limits#maxRunning}. */
    public List<JobView> running() {
        return store.running().stream().map(this::view).toList();
    }

    public int runningCount() {
        return attempts.activeCount();
    }

    public int waitingCount() {
        return queue.size();
    }

    /**
     * Cancels a job. A waiting job is CANCELLED at once; a running job is CANCELLING until its last task has stopped.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} if it has ended
     */
    public JobView cancel(JobId id, String by) {
        while (true) {
            Job job = job(id);
            switch (job.state()) {
                case PENDING -> {
                    if (attempts.cancelWaiting(job, by)) {
                        return find(id);
                    }
                }
                case RUNNING -> {
                    if (attempts.requestCancel(
                            job, new CancelRequest(by, clock.instant(), CancelRequest.Reason.REQUESTED))) {
                        return find(id);
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
     * Changes what users say about a job, in any state.
     *
     * @param check throws if the present version is not to be changed
     * @throws JobException {@link ErrorCode#JOB_NOT_FOUND}, {@link ErrorCode#INVALID_JOB}, {@link ErrorCode#QUEUE_FULL} if
     *     unfinished jobs take too much memory already, or what {@code check} throws
     */
    public JobView edit(JobId id, JobPatch patch, String by, Consumer<Job> check) {
        UnaryOperator<Job> edit = job -> {
            check.accept(job);
            Job edited = patch.applyTo(job, by, clock.instant());
            long more = edited.chars() - job.chars();
            if (more > 0 && !job.state().isTerminal()) {
                checkMemory(more);
            }
            return edited;
        };
        return view(store.edit(id, edit).orElseThrow(JobService::notFound));
    }

    /**
     * Deletes an ended job with its log and result.
     *
     * @throws JobException {@link ErrorCode#WRONG_STATE} if it has not ended; {@link ErrorCode#DATASET_IN_USE} if another
     *     job that has not ended reads its result
     */
    public void delete(JobId id) {
        delete(id, Visibility.ALL);
    }

    void delete(JobId id, Visibility visibility) {
        Job job = job(id);
        if (!job.state().isTerminal()) {
            throw wrongState(job, "cannot be deleted before it has ended; cancel it first");
        }
        checkUnread(Set.of(id), "The result of job " + id, visibility);
        if (!store.delete(job)) {
            throw notFound();
        }
    }

    /** Checks that no job that has not ended reads the result of one of these, which {@code what} describes. */
    void checkUnread(Set<JobId> ids, String what, Visibility visibility) {
        findUnfinished(request -> request.resultsOf().anyMatch(ids::contains)).ifPresent(reader -> {
            throw new JobException(
                    ErrorCode.DATASET_IN_USE,
                    what + " is the input of " + reader.shownTo(visibility) + ", which has not ended",
                    visibility.includes(reader.submittedBy())
                            ? "wait for that job, or cancel it"
                            : "wait for that job, or ask an admin");
        });
    }

    /** A future that completes when the job has ended. Cancel it to stop waiting. */
    public CompletableFuture<Job> whenEnded(JobId id) {
        return attempts.whenEnded(id).orElseThrow(JobService::notFound);
    }

    public JobArtifacts artifacts() {
        return artifacts;
    }

    /** The operations on run sets, for a caller who sees all. */
    RunSets runSets() {
        return runSets;
    }

    /** How many attempts may run at the same time now. */
    public int maxRunning() {
        return queue.slots();
    }

    /** From now on, this many attempts may run at the same time, at least one; those that run go on. */
    public void setMaxRunning(int attempts) {
        queue.setSlots(attempts);
    }

    public Limits limits() {
        return limits;
    }

    /** Whether new jobs are accepted, which ends when the server shuts down. */
    public boolean isAccepting() {
        return !closing;
    }

    /** Whether the disk has room for new jobs. */
    public boolean hasRoom() {
        return disk.hasRoom();
    }

    /** Whether the machine has threads for more jobs. */
    public boolean hasThreads() {
        return !threads.isExhausted();
    }

    /** How many jobs were cancelled some time ago and still hold a slot. */
    public int stuckCount() {
        return attempts.stuckCount();
    }

    /** A job with its live details. */
    public JobView view(Job job) {
        return view(job, queue.position(job));
    }

    private JobView view(Job job, Integer position) {
        if (job.state().isTerminal()) {
            return new JobView(
                    job,
                    job.startedAt() == null ? null : job.end().ran(),
                    null,
                    null,
                    job.end().warnings());
        }
        if (job.state().isRunning()) {
            Optional<Attempt> attempt = attempts.find(job.id());
            return new JobView(
                    job,
                    attempt.map(Attempt::duration).orElse(Duration.ZERO),
                    null,
                    runner.progress(job.id()).orElse(null),
                    attempt.map(Attempt::warningTexts).orElse(List.of()));
        }
        return new JobView(job, null, position, null, List.of());
    }

    private Job job(JobId id) {
        return store.find(id).orElseThrow(JobService::notFound);
    }

    static JobException notFound() {
        return new JobException(
                ErrorCode.JOB_NOT_FOUND,
                "There is no such job",
                "it may have been deleted; GET /api/v1/jobs lists all");
    }

    private static JobException wrongState(Job job, String consequence) {
        return new JobException(ErrorCode.WRONG_STATE, "The job is " + job.state() + " and " + consequence, "");
    }

    /**
     * Accepts and starts no more jobs, and gives running ones time to end. Waiting jobs stay for the next start of the
     * server.
     */
    public void drain(Duration grace) {
        closing = true;
        queue.close();
        long deadline = System.nanoTime() + grace.toNanos();
        while (attempts.activeCount() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    /** Stops running jobs; they run again after the next start of the server. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        watchdog.close();
        attempts.leaveToNextStart();
        runner.close();
        dispatcher.close();
        attempts.close();
        threads.close();
    }
}
