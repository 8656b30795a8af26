package tinderbox.job.dispatch;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Backoff;
import tinderbox.common.OomSafeLog;
import tinderbox.job.Failure;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.ProgressReport;
import tinderbox.job.log.JobLog;
import tinderbox.job.log.Warnings;
import tinderbox.job.result.JobResult;
import tinderbox.job.result.ResultWriter;

/**
 * One run of a job, from before its start until its end is written. The runner reports the end with {@link #succeeded},
 * {@link #failed}, {@link #ranOutOf}, {@link #takenBack} or {@link #lost}, on any thread, also an interrupted one. These
 * methods return at once, never throw and need no memory. Only the first report counts. Thread-safe.
 */
public final class Attempt {
    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final Duration STUCK_AFTER = Duration.ofSeconds(10);

    private final Job job;
    private final long maxResultBytes;
    private final Consumer<Attempt> onEnd;
    private final boolean leftOver;
    private final Backoff backoff = new Backoff();
    private final AttemptEnd end = new AttemptEnd();
    private final long startedNanos = System.nanoTime();
    private volatile Path folder;
    private volatile JobLog log;
    private volatile Warnings warnings;

    private AttemptState state = AttemptState.STARTING;
    private String stopReason;
    private long stopNanos;
    /** Whether a thread writes the end now. */
    private boolean writing;

    /**
     * An attempt that has not started.
     *
     * @param job RUNNING
     * @param maxResultBytes how large the result may grow
     * @param onEnd called once, on the thread that reports the end
     */
    public Attempt(Job job, long maxResultBytes, Consumer<Attempt> onEnd) {
        this(job, maxResultBytes, onEnd, false);
    }

    private Attempt(Job job, long maxResultBytes, Consumer<Attempt> onEnd, boolean leftOver) {
        this.job = job;
        this.maxResultBytes = maxResultBytes;
        this.onEnd = onEnd;
        this.leftOver = leftOver;
    }

    /** The attempt of a job that the last process left running: it has ended, and holds no slot. */
    static Attempt leftOver(Job job) {
        Attempt attempt = new Attempt(job, 0, ended -> {}, true);
        attempt.lost();
        return attempt;
    }

    /**
     * Provides what the runner needs.
     *
     * @param attemptFolder for temporary files, deleted when the job ends; the rows of the result go to {@link
     *     ResultWriter#FILE} in it
     * @param jobLog the job's own log
     */
    public void open(Path attemptFolder, JobLog jobLog) {
        folder = attemptFolder;
        log = jobLog;
        warnings = new Warnings(jobLog);
    }

    /** The job at the start of this attempt. */
    public Job job() {
        return job;
    }

    /** The folder for temporary files; null before {@link #open}. */
    public Path folder() {
        return folder;
    }

    /** The job's own log; null before {@link #open}. */
    public JobLog log() {
        return log;
    }

    /** What the user should know of this attempt; null before {@link #open}. */
    public Warnings warnings() {
        return warnings;
    }

    public long maxResultBytes() {
        return maxResultBytes;
    }

    JobId id() {
        return job.id();
    }

    boolean isLeftOver() {
        return leftOver;
    }

    synchronized AttemptState state() {
        return state;
    }

    List<String> warningTexts() {
        Warnings all = warnings;
        return all == null ? List.of() : all.toList();
    }

    /** How long it has run, or had run when it ended. */
    synchronized Duration duration() {
        if (leftOver) {
            return Duration.ZERO;
        }
        boolean ended = state == AttemptState.REPORTING || state == AttemptState.COMMITTED;
        return Duration.ofNanos((ended ? end.nanos() : System.nanoTime()) - startedNanos);
    }

    /** When to retry what failed: to stop the attempt, and once it has ended, to write its end. */
    Backoff backoff() {
        return backoff;
    }

    /** The only way into another state; returns false if it is not legal. */
    private boolean become(AttemptState next) {
        if (!state.canBecome(next)) {
            return false;
        }
        state = next;
        return true;
    }

    /** The runner knows the attempt. Returns false if it was asked to stop before, or has ended already. */
    synchronized boolean started() {
        return become(AttemptState.RUNNING);
    }

    /** The attempt is asked to stop. Returns false if it was asked before, or has ended. */
    synchronized boolean stop(String reason) {
        if (!become(AttemptState.STOPPING)) {
            return false;
        }
        stopReason = reason;
        stopNanos = System.nanoTime();
        return true;
    }

    /** Why the attempt was asked to stop; null if it was not. */
    synchronized String stopReason() {
        return stopReason;
    }

    synchronized boolean canStop() {
        return state.canBecome(AttemptState.STOPPING);
    }

    /** Whether it was asked to stop some time ago and still runs. */
    synchronized boolean isStuck() {
        return state == AttemptState.STOPPING && System.nanoTime() - stopNanos > STUCK_AFTER.toNanos();
    }

    /**
     * The job type returned.
     *
     * @param result describes the rows in the attempt's folder
     * @param report what Spark did; null if that is not known
     */
    public void succeeded(JobResult result, ProgressReport report) {
        ended(AttemptEnd.Kind.SUCCEEDED, result, null, null, report);
    }

    /**
     * The attempt failed or was stopped, and none of its tasks runs any more.
     *
     * @param report what Spark did; null if that is not known
     */
    public void failed(Failure failure, ProgressReport report) {
        ended(AttemptEnd.Kind.FAILED, null, failure, null, report);
    }

    /** The machine ran out of a resource, such as threads: the attempt does not count, and the job is retried. */
    public void ranOutOf(String resource) {
        ended(AttemptEnd.Kind.RAN_OUT, null, null, resource, null);
    }

    /**
     * The cluster lost the session or the executors, which is not the job's fault: the attempt does not count, and the job
     * is retried.
     *
     * @param reason what happened, as a sentence without its full stop
     */
    public void takenBack(String reason) {
        ended(AttemptEnd.Kind.TAKEN_BACK, null, null, reason, null);
    }

    /** Spark died or the runner was closed during the attempt; that is not the job's fault. */
    public void lost() {
        ended(AttemptEnd.Kind.LOST, null, null, null, null);
    }

    /** The attempt could not start: NOT_READY or NOT_STARTED if the reason may pass, otherwise FAILED. */
    void notStarted(AttemptEnd.Kind why) {
        ended(why, null, AttemptEnd.INTERNAL, null, null);
    }

    private void ended(AttemptEnd.Kind kind, JobResult result, Failure failure, String cause, ProgressReport report) {
        synchronized (this) {
            if (!become(AttemptState.REPORTING)) {
                return;
            }
            end.set(kind, result, failure, cause, report);
            backoff.reset();
        }
        try {
            onEnd.accept(this);
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "The end of job {} could not be handed over; it is tried again", job.id(), e);
        }
    }

    /** Makes the caller the one thread that writes the end; returns false if there is no end to write, or another does. */
    synchronized boolean beginWriting() {
        if (state != AttemptState.REPORTING || writing) {
            return false;
        }
        writing = true;
        return true;
    }

    /** The end, for the thread that writes it. */
    AttemptEnd end() {
        return end;
    }

    /** The end is not written: another try may begin. */
    synchronized void writingFailed() {
        writing = false;
    }

    /** The end is written. */
    synchronized void committed() {
        become(AttemptState.COMMITTED);
        writing = false;
    }
}
