package tinderbox.spark;

import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one long-lived session. It starts in the background, so that HTTP answers meanwhile. */
public final class SparkEngine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SparkEngine.class);

    private final SparkSettings settings;
    private final ProgressListener progress = new ProgressListener();
    private SparkSession session;
    private boolean closed;

    public SparkEngine(SparkSettings settings) {
        this.settings = settings;
    }

    /**
     * Begins to start the session.
     *
     * @param onFailure told where it cannot be started
     */
    public void start(FailureHandler onFailure) {
        new Thread(
                        () -> {
                            try {
                                open(create());
                            } catch (RuntimeException | Error e) {
                                LOG.error("Spark could not be started", e);
                                onFailure.failed(e);
                            }
                        },
                        "tinderbox-spark-start")
                .start();
    }

    /** Hears that the session could not be started. */
    public interface FailureHandler {
        /** Spark is not there and will not come. */
        void failed(Throwable cause);
    }

    private SparkSession create() {
        SparkConf conf = new SparkConf(false);
        settings.all().forEach(conf::set);
        return SparkSession.builder().config(conf).getOrCreate();
    }

    private synchronized void open(SparkSession started) {
        if (closed) {
            started.stop();
            return;
        }
        started.sparkContext().addSparkListener(progress);
        session = started;
        LOG.info("Spark {} is ready on {}", started.version(), settings.master());
        notifyAll();
    }

    /** Waits for the session; empty once this is closed. Restores the interrupt flag. */
    synchronized Optional<SparkSession> await() {
        try {
            while (session == null && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return closed ? Optional.empty() : Optional.ofNullable(session);
    }

    /** The session, if it is there. */
    synchronized Optional<SparkSession> session() {
        return closed ? Optional.empty() : Optional.ofNullable(session);
    }

    /** Whether jobs can run. */
    public boolean isReady() {
        return session().filter(ready -> !ready.sparkContext().isStopped()).isPresent();
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
        SparkSession last;
        synchronized (this) {
            closed = true;
            last = session;
            session = null;
            notifyAll();
        }
        if (last != null) {
            last.stop();
        }
    }
}
