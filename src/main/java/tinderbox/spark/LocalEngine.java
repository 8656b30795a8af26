package tinderbox.spark;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.OomSafeLog;
import tinderbox.common.ResourceShortage;

/** Keeps a session whose tasks run in this process. If it dies, it is restarted a limited number of times. */
final class LocalEngine extends SparkEngine {
    private static final Logger LOG = LoggerFactory.getLogger(LocalEngine.class);
    private static final Duration RETRY_PAUSE = Duration.ofSeconds(1);

    /**
     * How often in a row the session is restarted without an attempt completing on it, and how often each start is
     * tried.
     */
    private static final int MAX_DEATHS = 3;

    private final Listener listener;
    private final String name;
    private SessionProbe probe;
    /** Whether a probe must show that the session works before another attempt starts on it. */
    private boolean suspected;

    private int deaths;

    LocalEngine(SparkSettings settings, Clock clock, Listener listener) {
        super(settings, clock, notReady(settings));
        this.listener = listener;
        this.name = "the session on " + settings.master();
    }

    private static String notReady(SparkSettings settings) {
        return "the session on " + settings.master() + " is not ready";
    }

    @Override
    synchronized void requestProbe() {
        suspect(current() != null);
        notifyAll();
    }

    private synchronized void suspect(boolean now) {
        suspected = now;
        if (current() != null) {
            become(now ? SessionState.CONNECTING : SessionState.READY, now ? notReady(settings()) : name + " is ready");
        }
    }

    @Override
    void keep() {
        HeartbeatFilter.begin();
        try {
            if (!open(create())) {
                return;
            }
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "{} could not be started", "Spark", e);
            listener.notStarted(e);
            return;
        } finally {
            HeartbeatFilter.end();
        }
        try {
            restartWhenDead();
            stopSession();
        } catch (Throwable e) {
            OomSafeLog.error(LOG, "{} can no longer be supervised, and the server ends", "Spark", e);
            listener.diedForGood();
        }
    }

    private void restartWhenDead() {
        for (Optional<SparkSession> dead = awaitDeath(); dead.isPresent(); dead = awaitDeath()) {
            if (deaths > MAX_DEATHS) {
                LOG.error(
                        "Spark has died {} times in a row, and the server ends; look above for what ran each time."
                                + " The jobs that wait are kept for the next start",
                        deaths);
                listener.diedForGood();
                return;
            }
            if (!restart(dead.get())) {
                LOG.error("Spark does not start any more, and the server ends. The jobs that wait are kept for the next"
                        + " start");
                listener.diedForGood();
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
                if (endedByThreadShortage(dead)) {
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

    private synchronized boolean open(SparkSession started) {
        probe = new SessionProbe(started.sparkContext());
        suspected = false;
        if (!open(started, SessionState.READY, name + " is ready")) {
            return false;
        }
        LOG.info("Spark {} is ready on {}", started.version(), settings().master());
        return true;
    }

    /** Waits until the session has died, counts that and returns it; empty once this is closed. */
    private synchronized Optional<SparkSession> awaitDeath() {
        try {
            while (!isClosed() && !current().sparkContext().isStopped() && !isUnusable()) {
                wait(POLL_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
        if (isClosed()) {
            return Optional.empty();
        }
        if (!endedByThreadShortage(current())) {
            deaths++;
        }
        return Optional.of(giveUp(SessionState.CONNECTING, notReady(settings())));
    }

    /** Whether the session is alive but no longer works; probed as soon as there is a thread for the probe. */
    private boolean isUnusable() {
        if ((suspected || isDamaged() || probe.isDue()) && !probe.isRunning() && !probe.start()) {
            suspect(true);
            return false;
        }
        if (isDamaged() || probe.isUnanswered()) {
            markOutOfThreads();
            return true;
        }
        if (suspected && !probe.isRunning()) {
            suspect(false);
        }
        return false;
    }

    @Override
    synchronized void markHealthy(SparkSession used) {
        if (used == current()) {
            deaths = 0;
        }
    }

    @Override
    Optional<String> lossByCluster(SparkSession used, Throwable failure) {
        return Optional.empty();
    }

    @Override
    public Integer cores() {
        return session().map(ready -> ready.sparkContext().defaultParallelism()).orElse(null);
    }
}
