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
 * The one long-lived session. It starts in the background while HTTP already works, and is restarted if it dies, a
 * limited number of times.
 */
public final class SparkEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkEngine.class);
    private static final String OWN_THREAD_PREFIX = "tinderbox-";
    private static final long POLL_MS = 500;
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);
    private static final Duration DEAD_STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

    /**
     * How often in a row the session is restarted without an attempt completing on it, and how often each start is
     * tried.
     */
    private static final int MAX_DEATHS = 3;

    private final SparkSettings settings;
    private final ProgressListener progress = new ProgressListener();
    private final Executors executors = new Executors(Clock.systemUTC());
    private final FailureHandler onFailure;
    private final Worker keeper = new Worker("tinderbox-spark-keeper", this::run, CLOSE_WITHIN);
    private SparkSession session;
    /** The session to stop once this is closed. */
    private SparkSession sessionToStop;

    private SessionProbe probe;
    /** Whether a probe must show that the session works before another attempt starts on it. */
    private boolean suspected;
    /** Whether a thread of Spark has died because it could not start another. */
    private boolean damaged;
    /** The last session that was given up because of a shortage of threads. */
    private SparkSession outOfThreads;

    private int deaths;
    private boolean closed;

    /** Is notified when there will be no session any more. */
    public interface FailureHandler {
        /** The first session could not be started. */
        void notStarted(Throwable cause);

        /** The session has died and is not restarted. */
        void diedForGood();
    }

    public SparkEngine(SparkSettings settings, FailureHandler onFailure) {
        this.settings = settings;
        this.onFailure = onFailure;
        if (!settings.isLocal()) {
            executors.install(progress);
        }
    }

    /** Starts the session in the background. */
    public void start() {
        Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
        keeper.start();
    }

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

    /** Requests a probe of the session, because the machine ran out of a resource during an attempt on it. */
    synchronized void requestProbe() {
        suspected = session != null;
        notifyAll();
    }

    /** Whether this session was given up because of a shortage of threads, which is no fault of its attempts. */
    synchronized boolean endedByThreadShortage(SparkSession ended) {
        return ended == outOfThreads;
    }

    private void run() {
        HeartbeatFilter.begin();
        try {
            if (!open(create())) {
                return;
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "{} could not be started", "Spark", e);
            onFailure.notStarted(e);
            return;
        } finally {
            HeartbeatFilter.end();
        }
        try {
            restartWhenDead();
            stopSession();
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "{} can no longer be supervised, and the server ends", "Spark", e);
            onFailure.diedForGood();
        }
    }

    private void restartWhenDead() {
        for (Optional<SparkSession> dead = awaitDeath(); dead.isPresent(); dead = awaitDeath()) {
            if (deaths > MAX_DEATHS) {
                LOG.error(
                        "Spark has died {} times in a row, and the server ends; look above for what ran each time."
                                + " The jobs that wait are kept for the next start",
                        deaths);
                onFailure.diedForGood();
                return;
            }
            if (!restart(dead.get())) {
                LOG.error("Spark does not start any more, and the server ends. The jobs that wait are kept for the next"
                        + " start");
                onFailure.diedForGood();
                return;
            }
        }
    }

    /** Replaces a dead session by a new one; returns false if that fails repeatedly. */
    private boolean restart(SparkSession dead) {
        HeartbeatFilter.begin();
        try {
            return retryRestart(dead);
        } finally {
            HeartbeatFilter.end();
        }
    }

    private boolean retryRestart(SparkSession dead) {
        for (int tries = 0; tries < MAX_DEATHS && !isClosed(); tries++) {
            try {
                if (dead == outOfThreads) {
                    LOG.error("Spark no longer works; it is started again, and the jobs that ran on it run again");
                } else if (tries == 0) {
                    LOG.error("Spark has died; it is started again ({} of {})", deaths, MAX_DEATHS);
                }
                stopDead(dead);
                open(create());
                return true;
            } catch (Throwable e) {
                OomSafeLog.error(LOG, "{} could not be started again", "Spark", e);
                if (ResourceShortage.of(e).isPresent()) {
                    tries--;
                }
                LockSupport.parkNanos(RETRY_PAUSE.toNanos());
            }
        }
        return isClosed();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Runs on this thread and not in {@link #close}, because stopping a session that has lost threads may never end. */
    private void stopSession() {
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
    private static void stopDead(SparkSession dead) {
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

    private SparkSession create() {
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

    private synchronized boolean open(SparkSession started) {
        if (closed) {
            started.stop();
            return false;
        }
        progress.listenTo(started.sparkContext());
        session = started;
        probe = new SessionProbe(started.sparkContext(), settings.isLocal());
        suspected = false;
        damaged = false;
        LOG.info("Spark {} is ready on {}", started.version(), settings.master());
        notifyAll();
        return true;
    }

    /** Waits until the session has died, counts that and returns it; empty once this is closed. */
    private synchronized Optional<SparkSession> awaitDeath() {
        try {
            while (!closed && !session.sparkContext().isStopped() && !isUnusable()) {
                wait(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        if (closed) {
            return Optional.empty();
        }
        Optional<SparkSession> dead = Optional.of(session);
        if (session != outOfThreads) {
            deaths++;
        }
        session = null;
        return dead;
    }

    /** Whether the session is alive but no longer works; probed as soon as there is a thread for the probe. */
    private boolean isUnusable() {
        if ((suspected || damaged || probe.isDue()) && !probe.isRunning() && !probe.start()) {
            suspected = true;
            return false;
        }
        if (damaged || probe.isUnanswered()) {
            outOfThreads = session;
            return true;
        }
        if (!probe.isRunning()) {
            suspected = false;
        }
        return false;
    }

    /** Called when an attempt has completed on this session. */
    synchronized void markHealthy(SparkSession used) {
        if (used == session) {
            deaths = 0;
        }
    }

    /** Waits for the session; empty once this is closed. Restores the interrupt flag. */
    synchronized Optional<SparkSession> await() {
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
    synchronized Optional<SparkSession> session() {
        return closed
                ? Optional.empty()
                : Optional.ofNullable(session)
                        .filter(current -> !suspected
                                && !damaged
                                && !current.sparkContext().isStopped());
    }

    /**
     * Drops what attempts have cached and left; call when none runs. All sessions share cached data: a later query would
     * get the rows of a file as it was, not as it is.
     */
    void dropCachedData() {
        Optional<SparkSession> ready = session();
        // Otherwise nothing is asked of the session, because some of its parts start late, when a query needs them.
        if (ready.isPresent() && !ready.get().sparkContext().getPersistentRDDs().isEmpty()) {
            ready.get().catalog().clearCache();
        }
    }

    public boolean isReady() {
        return session().isPresent();
    }

    /** How many tasks the session can run at the same time, or null if there is none. */
    public Integer cores() {
        return session().map(ready -> ready.sparkContext().defaultParallelism()).orElse(null);
    }

    /** The executors of the cluster; none with a local master. */
    public Executors executors() {
        return executors;
    }

    ProgressListener progress() {
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
