package tinderbox.http.access;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Worker;
import tinderbox.json.EscapedJson;

/**
 * Records each request, one JSON object per line. A thread of its own writes the lines, a tenth of a second late at most,
 * so that no request waits for the disk: a crash can cost the last ones. Lines that cannot be written are only counted,
 * in the server's log.
 */
public final class AccessLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

    /** Several lines are written at once. */
    private static final Duration DELAY = Duration.ofMillis(100);

    private static final int MAX_WAITING = 8192;
    private static final int MAX_BATCH = 512;
    private static final long REPORT_NANOS = Duration.ofMinutes(1).toNanos();

    /** Wakes the writer. */
    private static final AccessEntry WAKE =
            new AccessEntry(null, null, null, null, null, null, null, 0, 0, false, null);

    private final Clock clock;
    /** Null if no log is kept. */
    private final AccessFile file;

    private final BlockingQueue<AccessEntry> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Worker writer = new Worker("tinderbox-access-log", this::writeLines);
    private final AtomicLong lost = new AtomicLong();
    private volatile boolean closed;
    /** These two are for the writer only. */
    private boolean failing;

    private long reportedNanos = System.nanoTime() - REPORT_NANOS;

    private AccessLog(AccessFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    /** A log in this folder, whose files take at most {@code maxBytes}. */
    public static AccessLog in(Path folder, long maxBytes, Clock clock) {
        AccessLog log = new AccessLog(new AccessFile(folder, maxBytes), clock);
        log.writer.start();
        return log;
    }

    /** Records nothing. */
    public static AccessLog none() {
        return new AccessLog(null, Clock.systemUTC());
    }

    Instant now() {
        return clock.instant();
    }

    /** Records a request. Never waits, never fails. */
    void add(AccessEntry entry) {
        if (file != null && !closed && !waiting.offer(entry)) {
            lost.incrementAndGet();
        }
    }

    private void writeLines() throws InterruptedException {
        List<AccessEntry> batch = new ArrayList<>();
        do {
            batch.add(waiting.take());
            writer.pause(DELAY);
            while (!batch.isEmpty()) {
                waiting.drainTo(batch, MAX_BATCH - batch.size());
                write(batch);
                batch.clear();
                waiting.drainTo(batch, MAX_BATCH);
            }
        } while (!closed);
        reportLost();
    }

    private void write(List<AccessEntry> batch) {
        batch.remove(WAKE);
        var lines = new ByteArrayOutputStream();
        for (AccessEntry entry : batch) {
            lines.writeBytes(EscapedJson.write(entry));
            lines.write('\n');
        }
        try {
            file.write(lines.toByteArray());
        } catch (IOException e) {
            lost.addAndGet(batch.size());
            if (!failing) {
                LOG.error(
                        "The access log in {} cannot be written; until it can, it lacks what is requested: {}",
                        file.folder(),
                        e.toString());
            }
            failing = true;
            return;
        }
        if (failing || System.nanoTime() - reportedNanos >= REPORT_NANOS) {
            failing = false;
            reportLost();
        }
    }

    private void reportLost() {
        long count = lost.getAndSet(0);
        if (count > 0) {
            reportedNanos = System.nanoTime();
            LOG.warn("The access log lacks {} requests, which could not be written", count);
        }
    }

    /** Writes what waits. */
    @Override
    public void close() {
        if (file == null || closed) {
            return;
        }
        closed = true;
        // If there is no room for it, the writer does not wait.
        boolean unused = waiting.offer(WAKE);
        if (!writer.stop()) {
            LOG.warn("The end of the access log in {} may be missing", file.folder());
            return;
        }
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("The access log in {} could not be closed", file.folder(), e);
        }
    }
}
