package tinderbox.spark;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.cluster.MasterProbe;
import tinderbox.cluster.MasterWatch;
import tinderbox.common.Backoff;
import tinderbox.common.Causes;
import tinderbox.common.OomSafeLog;

/**
 * Keeps a session on a standalone cluster. It is created once the master answers, for as long as that takes, and replaced
 * if the master has forgotten it. Losing the cluster never ends the server.
 */
final class ClusterEngine extends SparkEngine {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterEngine.class);
    private static final Duration POLL = Duration.ofMillis(250);
    /** For so many polls, 15 seconds, executors that are not there may be on their way. */
    private static final int SETTLING_POLLS = 60;

    private final Listener listener;
    private final MasterWatch watch;
    /** Between sessions of which none got an executor, so that a cluster that refuses them all is left in peace. */
    private final Backoff backoff = new Backoff();

    private SparkSession lost;
    private String lossReason;
    private int cores;
    private final SessionLog log = new SessionLog();
    private final ExecutorStarts starts = new ExecutorStarts();
    private int pollsWithoutExecutors;

    ClusterEngine(SparkSettings settings, Clock clock, Listener listener) {
        super(settings, clock, noSession(settings, null).detail());
        this.listener = listener;
        executors().install(progress());
        this.watch = new MasterWatch(this::probe);
    }

    private MasterProbe probe() {
        LocalIdentity.provide(settings());
        return new MasterProbe(
                settings().masterUrl(), settings().driverHost(), settings().forProbe());
    }

    private static ClusterView noSession(SparkSettings settings, MasterProbe.Answer answer) {
        return new ClusterView(settings.master(), answer, null, false, 0, 0, List.of(), ClusterView.Starts.UNDER_WAY);
    }

    @Override
    public void start() {
        watch.start();
        super.start();
    }

    @Override
    void keep() {
        while (!isClosed()) {
            boolean open = current() != null || (awaitMaster() && openSession());
            if (open && awaitLoss()) {
                replace();
            }
        }
        stopSession();
    }

    /** Waits until a master answers; returns false once this is closed. */
    private synchronized boolean awaitMaster() {
        while (!isClosed()) {
            MasterProbe.Answer answer = watch.latest().orElse(null);
            if (answer instanceof MasterProbe.Answered && backoff.isDue()) {
                return true;
            }
            if (answer != null && !(answer instanceof MasterProbe.Answered)) {
                become(SessionState.CONNECTING, noSession(settings(), answer).detail());
            }
            pause();
        }
        return false;
    }

    /** Creates a session; returns false if that fails, after having noted why. */
    private boolean openSession() {
        HeartbeatFilter.begin();
        try {
            SparkSession started = create();
            SparkContext context = started.sparkContext();
            if (context.isStopped() || !isRegistered(context)) {
                stopDead(started);
                failed(
                        "the master " + settings().master()
                                + " has gone, or has removed the session at once; its log says which",
                        null);
                return false;
            }
            watch.askAgain();
            pollsWithoutExecutors = 0;
            starts.begin(context);
            return open(started, SessionState.NO_EXECUTORS, view(context).detail());
        } catch (Throwable e) {
            failed("Spark could not be started: " + rootMessage(e), e);
            return false;
        } finally {
            HeartbeatFilter.end();
        }
    }

    /** Otherwise Spark has made up an id, because it has given up waiting for the master's. */
    private static boolean isRegistered(SparkContext context) {
        return context.applicationId().startsWith("app-");
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = Causes.of(failure).reduce((outer, inner) -> inner).orElse(failure);
        // The message alone may be the name of a class, or nothing.
        return root.toString().lines().findFirst().orElse("").replaceFirst("^[\\w.$]*\\.", "");
    }

    private void failed(String detail, Throwable failure) {
        if (!detail.equals(status().detail()) && failure != null) {
            OomSafeLog.error(LOG, "{} could not be started; it is tried again", "Spark", failure);
        }
        backoff.failed();
        become(SessionState.CONNECTING, detail);
        watch.askAgain();
    }

    /** Follows the session until it is lost; returns false once this is closed. */
    private boolean awaitLoss() {
        for (SparkSession followed = current(); followed != null; followed = current()) {
            ClusterView view = view(followed.sparkContext());
            if (view.state() == SessionState.FORGOTTEN || isDamaged()) {
                return true;
            }
            follow(view);
            hold(view, followed.sparkContext());
        }
        return false;
    }

    /** Not while this is locked, because it asks the master. */
    private void hold(ClusterView view, SparkContext context) {
        if (view.executors() > 0) {
            starts.begin(context);
        } else if (!settling() && view.lacksExecutors()) {
            if (starts.follow(context, view.workers(), view.executorEnded())) {
                watch.askSoon();
            }
        }
    }

    private synchronized void follow(ClusterView view) {
        if (isClosed()) {
            return;
        }
        become(view.state(), view.detail());
        pollsWithoutExecutors = view.executors() > 0 ? 0 : Math.min(pollsWithoutExecutors + 1, SETTLING_POLLS);
        log.note(status(), view.starts() == ClusterView.Starts.UNDER_WAY);
        if (view.executors() > 0) {
            backoff.reset();
        }
        if (view.cores() != cores) {
            cores = view.cores();
            if (cores > 0) {
                listener.coresChanged(cores);
            }
        }
        pause();
    }

    private ClusterView view(SparkContext context) {
        return new ClusterView(
                settings().master(),
                watch.latest().orElse(null),
                context.applicationId(),
                context.isStopped(),
                executors().count(),
                executors().cores(),
                executors().problems(),
                starts.areFailing()
                        ? ClusterView.Starts.FAILING
                        : settling() ? ClusterView.Starts.UNDER_WAY : ClusterView.Starts.OVERDUE);
    }

    private boolean settling() {
        return pollsWithoutExecutors < SETTLING_POLLS;
    }

    private void replace() {
        SparkSession given = markLost();
        HeartbeatFilter.begin();
        try {
            if (given != null) {
                stopDead(given);
            }
        } finally {
            HeartbeatFilter.end();
        }
        become(SessionState.CONNECTING, "Spark connects to " + settings().master() + " again");
        backoff.failed();
        watch.askAgain();
    }

    /** Gives up the session and returns it; null if this was closed meanwhile. */
    private synchronized SparkSession markLost() {
        if (isClosed()) {
            return null;
        }
        if (isDamaged()) {
            markOutOfThreads();
            return giveUp(SessionState.CONNECTING, "Spark no longer works; it is started again");
        }
        ClusterView view = view(current().sparkContext());
        lost = current();
        lossReason = view.detail();
        cores = 0;
        return giveUp(SessionState.FORGOTTEN, view.detail());
    }

    private synchronized void pause() {
        long deadline = System.nanoTime() + POLL.toNanos();
        try {
            for (long left = POLL.toMillis(); left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
                if (isClosed() || isDamaged()) {
                    return;
                }
                wait(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    void changed(SessionStatus now) {
        log.note(now, settling());
    }

    /** The scheduler of a cluster tells of lost executors by itself. */
    @Override
    void requestProbe() {}

    @Override
    void markHealthy(SparkSession used) {}

    @Override
    synchronized Optional<String> lossByCluster(SparkSession used, Throwable failure) {
        if (used == lost) {
            return Optional.of(lossReason);
        }
        return used.sparkContext().isStopped() || isSchedulerError(failure)
                ? Optional.of("Spark has given up its session on " + settings().master())
                : Optional.empty();
    }

    /** What Spark's scheduler tells each job when the master has removed the session, before it stops the context. */
    private static boolean isSchedulerError(Throwable failure) {
        return Causes.of(failure)
                .map(cause -> String.valueOf(cause.getMessage()))
                .anyMatch(text -> text.contains("Master removed our application")
                        || text.contains("All masters are unresponsive"));
    }

    @Override
    public Integer cores() {
        return current() == null ? null : Integer.valueOf(executors().cores());
    }

    @Override
    public void close() {
        watch.close();
        super.close();
    }
}
