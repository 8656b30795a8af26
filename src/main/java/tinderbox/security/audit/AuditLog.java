package tinderbox.security.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.TimingPoint;
import tinderbox.common.Worker;

/**
 * Records who did what, when, from where, and with what outcome: in {@code audit/} of the data dir, one JSON object per
 * line, each chained to the line before as {@link AuditLine} says. Lines are only ever added; if the log outgrows its
 * {@link AuditBounds}, its oldest file is deleted, after a line that says so.
 *
 * <p>When {@link #append} returns, the line is in the file and survives a kill of the process. It is flushed to the disk
 * at most about {@value #FLUSH_MILLIS} ms later, together with all lines that have come meanwhile: a power failure can
 * cost that much of the end, and a storm of refusals does not cost a flush each. Closing flushes too.
 *
 * <p>If lines cannot be written, requests continue. The server's log reports that once, and the next line that can be
 * written says how many are missing. Each flush compares the file at the path with the open one: if somebody has deleted
 * or replaced it, its lines are put back and a line says so.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** The default size limit of all files together, in bytes. */
    public static final long MAX_BYTES = 1L << 30;

    private static final long FLUSH_MILLIS = 500;
    /** How often skipped lines are reported. */
    private static final Duration SKIPPED_INTERVAL = Duration.ofMinutes(1);
    /** How often they are reported once anonymous refusals have used up their part of the file. */
    private static final Duration SKIPPED_INTERVAL_IF_FULL = Duration.ofHours(1);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final AuditFolder folder;
    private final Clock clock;
    private final AuditBounds bounds;
    private final Worker flusher = new Worker("tinderbox-audit", this::flushLines, STOP_LIMIT);

    /** Guards all that follows. */
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private final AuditWriter writer;
    private final AuditPruner pruner;
    private final SkippedLines skipped = new SkippedLines();
    /** When skipped lines were last reported, or the first since was skipped. */
    private long skippedNanos;

    private final TimingPoint flushes = new TimingPoint();
    private boolean closed;

    /** Whether the last flush failed; for the flusher only. */
    private boolean flushFailed;

    /**
     * Continues the log of a data dir, which may have none yet.
     *
     * @throws IOException if it cannot be read or written; the message says what to do
     */
    public AuditLog(Path dataDir, Clock clock) throws IOException {
        this(dataDir, clock, AuditBounds.ofTotal(MAX_BYTES));
    }

    AuditLog(Path dataDir, Clock clock, long fileBytes) throws IOException {
        this(dataDir, clock, new AuditBounds(fileBytes, MAX_BYTES));
    }

    /**
     * Continues the log of a data dir within these bounds.
     *
     * @throws IOException if it cannot be read or written; the message says what to do
     */
    public AuditLog(Path dataDir, Clock clock, AuditBounds bounds) throws IOException {
        this.folder = AuditFolder.of(dataDir);
        this.clock = clock;
        this.bounds = bounds;
        Files.createDirectories(folder.path());
        boolean isNew = !Files.exists(folder.current());
        this.writer = new AuditWriter(folder, clock, bounds);
        this.pruner = new AuditPruner(folder, bounds, writer);
        // The entry of audit/ itself must reach the disk too.
        new AuditFolder(dataDir).sync();
        reportCut();
        if (writer.head().seq() == 0 && AuditRecovery.isUsed(dataDir, folder, isNew)) {
            LOG.warn("The data dir {} was used before, but there is no audit log of that time", dataDir);
            writer.write(AuditEvent.ofLog(AuditAction.AUDIT_BEGUN, null, Map.of()));
        }
        flusher.start();
    }

    /** Reports a damaged end that this start, or one that was interrupted, has cut off. */
    private void reportCut() throws IOException {
        Path torn = folder.torn(writer.head().seq() + 1);
        if (Files.exists(torn)) {
            writer.write(AuditEvent.ofLog(
                    AuditAction.AUDIT_CUT, torn.getFileName().toString(), Map.of("bytes", Files.size(torn))));
        }
    }

    /** Records an event. Never fails: a line that cannot be written is counted as missing. */
    public void append(AuditEvent event) {
        Map<String, Object> line = AuditLine.members(event);
        lock.lock();
        try {
            if (closed) {
                writer.countMissed(1, new IOException("the audit log is closed"));
            } else {
                writer.write(line);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Records that a request of an unknown sender was refused. If such lines have taken their part of the file, it is
     * only counted.
     *
     * @param network where the request came from
     */
    public void appendAnonymous(AuditEvent event, String network) {
        Map<String, Object> line = AuditLine.members(event);
        lock.lock();
        try {
            if (closed || !writer.writeAnonymous(line, bounds.anonymousBytes())) {
                skip(network);
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Counts a line that is not written because there are too many; now and then a line reports their number. */
    public void skip(String network) {
        lock.lock();
        try {
            if (skipped.isEmpty()) {
                skippedNanos = System.nanoTime();
                changed.signalAll();
            }
            skipped.add(network, clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private void reportSkipped() {
        if (!skipped.isEmpty()) {
            if (writer.writeSkipped(skipped.event())) {
                skipped.clear();
            }
            skippedNanos = System.nanoTime();
        }
    }

    /** One page of the log, the newest lines first. */
    public AuditPage page(AuditQuery query) throws IOException {
        return new AuditReader(folder).page(query);
    }

    /** All pages of the log, the newest lines first. */
    public AuditPages pages(AuditQuery query) throws IOException {
        return new AuditReader(folder).pages(query);
    }

    private void flushLines() {
        boolean more = true;
        while (more) {
            more = awaitLines();
            flush();
        }
    }

    /** Waits until there is something to flush; false if this is the last time. */
    private boolean awaitLines() {
        lock.lock();
        try {
            long left = Duration.ofMillis(FLUSH_MILLIS).toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            while (!writer.isDirty() && !closed && nanosToReport() > 0) {
                changed.awaitNanos(nanosToReport());
            }
            if (nanosToReport() <= 0 && !closed) {
                reportSkipped();
            }
            return !closed;
        } catch (InterruptedException e) {
            // This thread is not supposed to be interrupted. If it is, it still flushes.
            LOG.warn("The flusher of the audit log was interrupted", e);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private long nanosToReport() {
        long interval = (writer.hasRoomForAnonymous() ? SKIPPED_INTERVAL : SKIPPED_INTERVAL_IF_FULL).toNanos();
        return skipped.isEmpty() ? interval : skippedNanos + interval - System.nanoTime();
    }

    /** Measures each flush. */
    public TimingPoint flushes() {
        return flushes;
    }

    private void flush() {
        List<AuditFile> full;
        AuditFile current;
        lock.lock();
        try {
            writer.setDirty(false);
            writer.restoreFile();
            full = writer.full();
            current = writer.file();
        } finally {
            lock.unlock();
        }
        try {
            long started = System.nanoTime();
            for (AuditFile file : full) {
                file.force();
                remove(file);
            }
            if (current != null) {
                current.force();
            }
            folder.sync();
            flushes.ended(started);
            flushFailed = false;
            prune();
        } catch (IOException e) {
            retryFlush(e);
        }
    }

    private void remove(AuditFile flushed) throws IOException {
        lock.lock();
        try {
            writer.remove(flushed);
        } finally {
            lock.unlock();
        }
        flushed.close();
    }

    private void prune() throws IOException {
        lock.lock();
        try {
            if (!closed) {
                pruner.prune();
            }
        } finally {
            lock.unlock();
        }
    }

    private void retryFlush(IOException e) {
        if (!flushFailed) {
            LOG.error("The audit log in {} cannot be flushed to the disk: {}", folder.path(), e.toString());
        }
        flushFailed = true;
        lock.lock();
        try {
            writer.setDirty(true);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed) {
                reportSkipped();
                writer.reportMissed();
            }
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (flusher.stop()) {
            closeFile();
        } else {
            LOG.error("The end of the audit log in {} may not have reached the disk", folder.path());
        }
    }

    private void closeFile() {
        lock.lock();
        try {
            writer.close();
        } catch (IOException e) {
            LOG.warn("The audit log in {} could not be closed", folder.path(), e);
        } finally {
            lock.unlock();
        }
    }
}
