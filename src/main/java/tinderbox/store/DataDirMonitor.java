package tinderbox.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Worker;

/** Looks at the data dir a few times a second: whether it is still this server's, and whether it can be written. */
public final class DataDirMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirMonitor.class);
    private static final Duration EVERY = Duration.ofMillis(250);

    private final DataDir dataDir;
    private final Runnable taken;
    private final Worker worker = new Worker("tinderbox-data-dir", this::loop);

    /**
     * Watches this data dir from now on.
     *
     * @param taken run once, if another server has taken it; nothing must be written into it any more
     */
    public DataDirMonitor(DataDir dataDir, Runnable taken) {
        this.dataDir = dataDir;
        this.taken = taken;
        worker.start();
    }

    private void loop() {
        do {
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
        } while (worker.pause(EVERY));
    }

    @Override
    public void close() {
        worker.close();
    }
}
