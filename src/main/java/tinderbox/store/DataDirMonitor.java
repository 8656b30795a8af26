package tinderbox.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Worker;

/** Checks a few times a second whether the data dir still belongs to this server, and whether it can be written. */
public final class DataDirMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirMonitor.class);
    private static final Duration INTERVAL = Duration.ofMillis(250);

    private final DataDir dataDir;
    private final Runnable onTakenOver;
    private final Worker worker = new Worker("tinderbox-data-dir", this::loop);

    /**
     * Starts monitoring.
     *
     * @param onTakenOver run once if another server has taken the data dir; nothing must be written to it from then on
     */
    public DataDirMonitor(DataDir dataDir, Runnable onTakenOver) {
        this.dataDir = dataDir;
        this.onTakenOver = onTakenOver;
        worker.start();
    }

    private void loop() {
        do {
            try {
                if (dataDir.isTakenOver()) {
                    LOG.error(
                            "Another server has taken the data dir {}: its lock file was removed, and there is a new"
                                    + " one. This server stops, and writes nothing more to it",
                            dataDir.path());
                    onTakenOver.run();
                    return;
                }
                dataDir.probe().poll();
            } catch (RuntimeException | Error e) {
                // The next round may succeed, for example after a shortage of memory.
                LOG.debug("Checking the data dir failed", e);
            }
        } while (worker.pause(INTERVAL));
    }

    @Override
    public void close() {
        worker.close();
    }
}
