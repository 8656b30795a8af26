package tinderbox.spark;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.common.Worker;

/**
 * The one long-lived session. It starts in the background while HTTP already works, and is replaced if it is lost. {@link
 * LocalEngine} and {@link ClusterEngine} decide when.
 */
public abstract sealed class SparkEngine implements AutoCloseable permits LocalEngine, ClusterEngine {
    private static final Logger LOG = LoggerFactory.getLogger(SparkEngine.class);
    private static final String OWN_THREAD_PREFIX = "tinderbox-";
    static final long POLL_MS = 500;
    private static final Duration DEAD_STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

    private final SparkSettings settings;
    private final Clock clock;
    private final ProgressListener progress = new ProgressListener();
    private final TaskTotals taskTotals = new TaskTotals();
    private final LateJobs lateJobs = new LateJobs();
    private final Executors executors;
    private final Worker keeper = new Worker("tinderbox-spark-keeper", this::keep, CLOSE_WITHIN);
    private SparkSession session;
    /** The session to stop once this is closed. */
    private SparkSession sessionToStop;

    private SessionStatus status;
    /** Whether a thread of Spark has died because it could not start another. */
    private boolean damaged;
    /** The last session that was given up because of a shortage of threads. */
    private SparkSession outOfThreads;

    private boolean closed;

    /** Is notified of what the server must know; on any thread, so it must be quick. */
    public interface Listener {
        /** The first session with a local master could not be started. */
        void notStarted(Throwable cause);

        /** The session with a local master has died and is not restarted. */
        void diedForGood();

        /** The executors of the cluster have this many cores now, at least one. */
        void coresChanged(int cores);
    }

    SparkEngine(SparkSettings settings, Clock clock, String detail) {
        this.settings = settings;
        this.clock = clock;
        this.executors = new Executors(clock);
        this.status = new SessionStatus(SessionState.CONNECTING, detail, clock.instant());
    }

    /** An engine that has not started. */
    public static SparkEngine of(SparkSettings settings, Clock clock, Listener listener) {
        return settings.isLocal()
                ? new LocalEngine(settings, clock, listener)
                : new ClusterEngine(settings, clock, listener);
    }

    /** Starts the session in the background. */
    public void start() {
        Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
        keeper.start();
    }

    /** Starts the session, and replaces it whenever it is lost, until this is closed; runs on a thread of its own. */
    abstract void keep();

    /** Requests a check of the session, because the machine ran out of a resource during an attempt on it. */
    abstract void requestProbe();

    /** Called when an attempt has completed on this session. */
    abstract void markHealthy(SparkSession used);

    /** How the cluster lost this session, which is no fault of its attempts; empty if it did not. */
    abstract Optional<String> lossByCluster(SparkSession used, Throwable failure);

    /** How many tasks the session can run at the same time, or null if there is none. */
    public abstract Integer cores();

    /** If a thread dies like this, Spark continues without it, and its work is never done. */
    private void uncaught(Thread thread, Throwable thrown) {
        if (ResourceShortage.of(thrown).isPresent() && isOfSpark(thread)) {
            LOG.error("Spark lost its thread {}, because the machine has no more threads", thread.getName());
            synchronized (this) {
                damaged = session != null;
                notifyAll();
            }
        } else {
            OomSafeLog.error(LOG, "Thread {} died", thread.getName(), thrown);
        }
    }

    /** By name, because the stack often does not show it: the server's own threads recover from failures. */
    private static boolean isOfSpark(Thread thread) {
        return !thread.getName().startsWith(OWN_THREAD_PREFIX);
    }

    final synchronized boolean isDamaged() {
        return damaged;
    }

    /** Notes that the session is given up because of a shortage of threads. */
    final synchronized void markOutOfThreads() {
        outOfThreads = session;
    }

    /** Whether this session was given up because of a shortage of threads, which is no fault of its attempts. */
    final synchronized boolean endedByThreadShortage(SparkSession ended) {
        return ended == outOfThreads;
    }

    final SparkSettings settings() {
        return settings;
    }

    final synchronized boolean isClosed() {
        return closed;
    }

    /** Creates a context and its session. May return a context that Spark is already stopping. */
    final SparkSession create() {
        LocalIdentity.provide(settings);
        ServerConf conf = settings.conf();
        settings.boundNetwork();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        // The builder would create a context with its own SparkConf, and that also takes Java's system properties.
        SparkContext context = SparkContext.getOrCreate(conf);
        // The generic builder would spend a second on Scala reflection to find this one.
        return org.apache.spark.sql.classic.SparkSession.builder()
                .sparkContext(context)
                .config(conf)
                .getOrCreate();
    }

    /** Makes this the session, in the given state; stops it and returns false if this is closed. */
    final synchronized boolean open(SparkSession started, SessionState state, String detail) {
        if (closed) {
            started.stop();
            return false;
        }
        progress.listenTo(started.sparkContext());
        progress.addToQueue(started.sparkContext(), taskTotals);
        lateJobs.listenTo(started.sparkContext(), progress);
        session = started;
        damaged = false;
        become(state, detail);
        return true;
    }

    /** The session as the keeper sees it, in any state; null if there is none. */
    final synchronized SparkSession current() {
        return session;
    }

    /** Gives up the session and returns it; it still has to be stopped. */
    final synchronized SparkSession giveUp(SessionState next, String detail) {
        SparkSession given = session;
        session = null;
        become(next, detail);
        return given;
    }

    /** Changes the state, or only its detail. */
    final synchronized void become(SessionState next, String detail) {
        SessionStatus before = status;
        if (next == before.state()) {
            status = new SessionStatus(next, detail, before.since());
        } else if (before.state().canBecome(next)) {
            status = new SessionStatus(next, detail, clock.instant());
        } else {
            throw new IllegalStateException(before.state() + " cannot become " + next);
        }
        notifyAll();
        if (!status.detail().equals(before.detail())) {
            changed(status);
        }
    }

    /** Called after each change of the state or its detail, while this is locked. */
    void changed(SessionStatus now) {}

    /** Stops what was the session when this was closed, as the keeper's last work: it may never end. */
    final void stopSession() {
        SparkSession open;
        synchronized (this) {
            open = sessionToStop;
            sessionToStop = null;
        }
        if (open != null) {
            HeartbeatFilter.begin();
            try {
                open.stop();
            } finally {
                HeartbeatFilter.end();
            }
        }
    }

    /** Waits until the dead context is gone, because Spark would return one that is still stopping as the new one. */
    static void stopDead(SparkSession dead) {
        try {
            dead.stop();
        } catch (RuntimeException e) {
            LOG.warn("The dead session did not stop cleanly", e);
        }
        long deadline = System.nanoTime() + DEAD_STOP_WITHIN.toNanos();
        while (SparkContext$.MODULE$.getActive().nonEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(POLL_MS).toNanos());
        }
    }

    /** Waits for the session; empty once this is closed. Restores the interrupt flag. */
    final synchronized Optional<SparkSession> await() {
        // Return the session that was checked, because Spark may die in between.
        Optional<SparkSession> ready = session();
        try {
            while (ready.isEmpty() && !closed) {
                wait(POLL_MS);
                ready = session();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ready;
    }

    /** The session, if there is one and it works. */
    public final synchronized Optional<SparkSession> session() {
        return closed || damaged || !status.state().runsJobs()
                ? Optional.empty()
                : Optional.ofNullable(session)
                        .filter(current -> !current.sparkContext().isStopped());
    }

    /** The state of the session, and why it is in it. */
    public final synchronized SessionStatus status() {
        return !status.state().runsJobs() || session().isPresent()
                ? status
                : new SessionStatus(
                        SessionState.CONNECTING, "Spark has just stopped and is started again", status.since());
    }

    /**
     * Drops what attempts have cached and left; call when none runs. All sessions share cached data: a later query would
     * get the rows of a file as it was, not as it is.
     */
    final void dropCachedData() {
        Optional<SparkSession> ready = session();
        // Otherwise nothing is asked of the session, because some of its parts start late, when a query needs them.
        if (ready.isPresent() && !ready.get().sparkContext().getPersistentRDDs().isEmpty()) {
            ready.get().catalog().clearCache();
        }
    }

    /** The executors of the cluster; none with a local master. */
    public final Executors executors() {
        return executors;
    }

    /** The tasks of all sessions so far. */
    public final TaskTotals taskTotals() {
        return taskTotals;
    }

    final LateJobs lateJobs() {
        return lateJobs;
    }

    final ProgressListener progress() {
        return progress;
    }

    /** Stops the session, and with it every task. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            sessionToStop = session;
            session = null;
            notifyAll();
        }
        if (!keeper.stop()) {
            LOG.warn("Spark does not stop; it ends with the process");
        }
        executors.close();
    }
}
