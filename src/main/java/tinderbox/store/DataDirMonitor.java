package tinderbox.store;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the data dir a few times a second: whether it is still this server's, and whether it can be written. */
public final class DataDirMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirMonitor.class);
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final DataDir dataDir;
    private final Runnable taken;
    private final Thread thread = new Thread(this::loop, "tinderbox-data-dir");
    private volatile boolean closed;

    /**
     * Watches this data dir from now on.
     *
     * @param taken run once, if another server has taken it; nothing must be written into it any more
     */
    public DataDirMonitor(DataDir dataDir, Runnable taken) {
        this.dataDir = dataDir;
        this.taken = taken;
        thread.setDaemon(true);
        thread.start();
    }

    private void loop() {
        while (!closed) {
            try {
                if (dataDir.isTaken()) {
                    LOG.error(
                            "Another server has taken the data dir {}: its lock file was removed, and is another one"
                                    + " now. This server stops, and writes nothing more into it",
                            dataDir.path());
                    taken.run();
                    return;
                }
                dataDir.probe().watch();
            } catch (RuntimeException | Error e) {
                // Whatever it was, the next look is worth a try.
                LOG.debug("Looking at the data dir failed", e);
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
