package tinderbox.spark;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext$;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;
import tinderbox.common.Worker;

/**
 * The one long-lived session. It starts in the background, so that HTTP answers meanwhile, and is made anew when
 * it dies; but not for ever.
 */
public final class SparkEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkEngine.class);
    private static final String OWN_THREADS = "tinderbox-";
    private static final long LOOK_EVERY_MS = 500;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);

    /**
     * How often in a row the session is made anew without an attempt ending on it in good order, and how often that is
     * tried each time.
     */
    private static final int MAX_DEATHS = 3;

    private final SparkSettings settings;
    private final ProgressListener progress = new ProgressListener();
    private final FailureHandler onFailure;
    private final Worker keeper = new Worker("tinderbox-spark-keeper", this::keep, CLOSE_WITHIN);
    private SparkSession session;
    /** The session to stop, once this is closed. */
    private SparkSession last;

    private SessionProbe probe;
    /** Whether the session has to show that it works before another attempt begins on it. */
    private boolean suspected;
    /** Whether a thread of Spark's has died because it could not start another. */
    private boolean damaged;
    /** The last session that was given up for that reason. */
    private SparkSession outOfThreads;

    private int deaths;
    private boolean closed;

    /** Hears that there is no session and there will be none. */
    public interface FailureHandler {
        /** The first session could not be started. */
        void notStarted(Throwable cause);

        /** The session has died, and is not or cannot be made anew any more. */
        void diedForGood();
    }

    public SparkEngine(SparkSettings settings, FailureHandler onFailure) {
        this.settings = settings;
        this.onFailure = onFailure;
    }

    /** Begins to start the session. */
    public void start() {
        Thread.setDefaultUncaughtExceptionHandler(this::uncaught);
        keeper.start();
    }

    /** Spark goes on without a thread that has died so, but what it did remains undone for ever. */
    private void uncaught(Thread thread, Throwable thrown) {
        if (ResourceShortage.of(thrown).isPresent() && isOfSpark(thread)) {
            LOG.error("Spark lost its thread {}, for the machine has no more threads", thread.getName());
            synchronized (this) {
                damaged = session != null;
                notifyAll();
            }
        } else {
            OomSafeLog.error(LOG, "Thread {} died", thread.getName(), thrown);
        }
    }

    /** All threads but those of the server, which look after themselves; the stack often does not tell. */
    private static boolean isOfSpark(Thread thread) {
        return !thread.getName().startsWith(OWN_THREADS);
    }

    /** Has the session probed, for the machine was short of something while an attempt ran on it. */
    synchronized void suspect() {
        suspected = session != null;
        notifyAll();
    }

    /** Whether this session was given up because the machine had no more threads for it: no fault of what ran on it. */
    synchronized boolean endedForWantOfThreads(SparkSession which) {
        return which == outOfThreads;
    }

    private void keep() {
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
            keepAlive();
            stopLast();
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "{} can no longer be looked after, and the server ends", "Spark", e);
            onFailure.diedForGood();
        }
    }

    private void keepAlive() {
        for (Optional<SparkSession> dead = awaitDeath(); dead.isPresent(); dead = awaitDeath()) {
            if (deaths > MAX_DEATHS) {
                LOG.error(
                        "Spark has died {} times in a row, and the server ends; look above for what ran each time."
                                + " The jobs that wait are kept for the next start",
                        deaths);
                onFailure.diedForGood();
                return;
            }
            if (!revive(dead.get())) {
                LOG.error("Spark does not start any more, and the server ends. The jobs that wait are kept for the next"
                        + " start");
                onFailure.diedForGood();
                return;
            }
        }
    }

    /** Makes a new session in the place of a dead one; false where that fails again and again. */
    private boolean revive(SparkSession dead) {
        HeartbeatFilter.begin();
        try {
            return reviveWithin(dead);
        } finally {
            HeartbeatFilter.end();
        }
    }

    private boolean reviveWithin(SparkSession dead) {
        for (int tries = 0; tries < MAX_DEATHS && !isClosed(); tries++) {
            try {
                if (dead == outOfThreads) {
                    LOG.error("Spark no longer works; it is started again, and the jobs that ran on it run again");
                } else if (tries == 0) {
                    LOG.error("Spark has died; it is started again ({} of {})", deaths, MAX_DEATHS);
                }
                bury(dead);
                open(create());
                return true;
            } catch (Throwable e) {
                OomSafeLog.error(LOG, "{} could not be started again", "Spark", e);
                if (ResourceShortage.of(e).isPresent()) {
                    tries--;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return isClosed();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    /** Here rather than where it is asked for, since a session that has lost threads may not come to an end. */
    private void stopLast() {
        SparkSession open;
        synchronized (this) {
            open = last;
            last = null;
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

    /** Waits until the dead context is gone: one that is still stopping would be taken for the new one. */
    private static void bury(SparkSession dead) {
        try {
            dead.stop();
        } catch (RuntimeException e) {
            LOG.warn("The dead session did not stop cleanly", e);
        }
        long deadline = System.nanoTime() + STOP_WITHIN.toNanos();
        while (SparkContext$.MODULE$.getActive().nonEmpty() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(LOOK_EVERY_MS).toNanos());
        }
    }

    private SparkSession create() {
        LocalIdentity.provide(settings);
        SparkConf conf = new SparkConf(false);
        settings.all().forEach(conf::set);
        settings.boundNetwork();
        SparkSession.clearActiveSession();
        SparkSession.clearDefaultSession();
        // The common builder would first look by Scala's reflection for what it can build, for a second; it is this.
        return org.apache.spark.sql.classic.SparkSession.builder().config(conf).getOrCreate();
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

    /** Waits until the session has died, counts it and answers with it; empty once this is closed. */
    private synchronized Optional<SparkSession> awaitDeath() {
        try {
            while (!closed && !session.sparkContext().isStopped() && !mustGo()) {
                wait(LOOK_EVERY_MS);
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

    /** Whether the session lives but works no more; looked at as soon as there is a thread to look with. */
    private boolean mustGo() {
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

    /** Tells that an attempt has ended in good order on this session. */
    synchronized void worked(SparkSession on) {
        if (on == session) {
            deaths = 0;
        }
    }

    /** Waits for the session; empty once this is closed. Restores the interrupt flag. */
    synchronized Optional<SparkSession> await() {
        // What is answered is what was looked at: Spark may die in between.
        Optional<SparkSession> ready = session();
        try {
            while (ready.isEmpty() && !closed) {
                wait(LOOK_EVERY_MS);
                ready = session();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ready;
    }

    /** The session, if it is there and lives. */
    synchronized Optional<SparkSession> session() {
        return closed
                ? Optional.empty()
                : Optional.ofNullable(session)
                        .filter(it ->
                                !suspected && !damaged && !it.sparkContext().isStopped());
    }

    /** Whether jobs can run. */
    public boolean isReady() {
        return session().isPresent();
    }

    /** How many tasks the session can run at the same time, or null while it is not there. */
    public Integer cores() {
        return session().map(ready -> ready.sparkContext().defaultParallelism()).orElse(null);
    }

    ProgressListener progress() {
        return progress;
    }

    /** Stops the session, and with it every task. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            last = session;
            session = null;
            notifyAll();
        }
        if (!keeper.stop()) {
            LOG.warn("Spark does not stop; it ends with the process");
        }
    }
}
