package tinderbox.security;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who did what, when, from where, with what and what came of it: in {@code audit/} of the data dir, one JSON object a
 * line, each chained to the one before as {@link AuditLine} says. Lines are only ever added.
 *
 * <p>A line is in the file, where a kill of the process does not harm it, when {@link #append} returns. The flush to
 * the disk follows at most about {@value #PACE_MILLIS} ms later, for all lines that have come meanwhile: a loss of
 * power can cost that much of the end, and a storm of refusals does not cost a flush each. Closing flushes too.
 *
 * <p>Where lines cannot be written, requests go on; the server's log says so once, and when it works again a line
 * tells how many are missing.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** A file that has grown so large, in bytes, is left alone and a new one begun. */
    private static final long FILE_BYTES = 64L << 20;

    private static final long PACE_MILLIS = 500;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final AuditFolder folder;
    private final Clock clock;
    private final long fileBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Thread flusher = new Thread(this::flushAsLinesCome, "tinderbox-audit");
    private ChainLink last;
    /** Null where the next one could not be begun yet. */
    private AuditFile file;

    /** Files that are full but may not have reached the disk. */
    private final List<AuditFile> full = new ArrayList<>();

    private boolean dirty;
    private long missed;
    private Instant missedSince;
    private boolean closed;
    /** Only for the flusher. */
    private boolean unflushed;

    /**
     * Goes on with the log of a data dir, which may have none yet.
     *
     * @throws IOException where it cannot be read or written; the message says what to do
     */
    public AuditLog(Path dataDir, Clock clock) throws IOException {
        this(dataDir, clock, FILE_BYTES);
    }

    AuditLog(Path dataDir, Clock clock, long fileBytes) throws IOException {
        this.folder = AuditFolder.of(dataDir);
        this.clock = clock;
        this.fileBytes = fileBytes;
        Files.createDirectories(folder.path());
        this.last = AuditStart.resume(folder);
        this.file = AuditStart.open(folder, last);
        // That audit/ itself is there, for good.
        new AuditFolder(dataDir).sync();
        tellOfCut();
        flusher.start();
    }

    /** Also where an earlier start was ended between the cut and this line. */
    private void tellOfCut() throws IOException {
        Path torn = folder.torn(last.seq() + 1);
        if (Files.exists(torn)) {
            append(AuditEvent.ofLog(
                    AuditAction.AUDIT_CUT, torn.getFileName().toString(), Map.of("bytes", Files.size(torn))));
        }
    }

    /** Writes down what somebody did. Never fails; see above for what happens where nothing can be written. */
    public void append(AuditEvent event) {
        Map<String, Object> told = AuditLine.members(event);
        lock.lock();
        try {
            if (closed) {
                missed(1, new IOException("the audit log is closed"));
            } else {
                write(List.of(told));
            }
        } finally {
            lock.unlock();
        }
    }

    /** One page of what is in it, the newest first. */
    public AuditPage page(AuditQuery query) throws IOException {
        return new AuditReader(folder).page(query);
    }

    private void write(List<Map<String, Object>> told) {
        Instant now = clock.instant();
        try {
            AuditFile to = file();
            Batch batch = new Batch(now, to.bytes() == 0);
            if (missed > 0) {
                batch.add(AuditLine.members(AuditEvent.ofLog(
                        AuditAction.AUDIT_MISSED, null, Map.of("lines", missed, "since", missedSince))));
            }
            told.forEach(batch::add);
            to.write(batch.bytes.toByteArray());
            last = batch.link;
        } catch (IOException e) {
            missed(told.size(), e);
            return;
        }
        if (missed > 0) {
            LOG.info("The audit log is written again; {} lines are missing in it", missed);
            missed = 0;
        }
        dirty = true;
        changed.signalAll();
    }

    /** Lines that are written at once. */
    private final class Batch {
        private final Instant now;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        private ChainLink link = last;
        private boolean begins;

        private Batch(Instant now, boolean begins) {
            this.now = now;
            this.begins = begins;
        }

        private void add(Map<String, Object> told) {
            AuditLine line = AuditLine.after(link, now, told, begins);
            bytes.writeBytes(line.bytes());
            bytes.write('\n');
            link = line.link();
            begins = false;
        }
    }

    /** The file to write to, a new one where the last is full. */
    private AuditFile file() throws IOException {
        if (file != null && file.bytes() >= fileBytes) {
            Files.move(folder.current(), folder.full(file.first()));
            full.add(file);
            file = null;
        }
        if (file == null) {
            file = new AuditFile(folder.current(), last.seq() + 1);
        }
        return file;
    }

    private void missed(int lines, IOException e) {
        if (missed == 0) {
            missedSince = clock.instant();
            LOG.error(
                    "The audit log in {} cannot be written, and what is done is not written down until it can: {}",
                    folder.path(),
                    e.toString());
        }
        missed += lines;
    }

    private void flushAsLinesCome() {
        boolean more = true;
        while (more) {
            more = awaitLines();
            flush();
        }
    }

    /** Waits until there is something to flush; false where it is the last time. */
    private boolean awaitLines() {
        lock.lock();
        try {
            long left = Duration.ofMillis(PACE_MILLIS).toNanos();
            while (left > 0 && !closed) {
                left = changed.awaitNanos(left);
            }
            while (!dirty && !closed) {
                changed.await();
            }
            return !closed;
        } catch (InterruptedException e) {
            // Nobody should; what is there is flushed all the same.
            LOG.warn("The flusher of the audit log was interrupted", e);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void flush() {
        List<AuditFile> ended;
        AuditFile current;
        lock.lock();
        try {
            ended = List.copyOf(full);
            current = file;
            dirty = false;
        } finally {
            lock.unlock();
        }
        try {
            for (AuditFile each : ended) {
                each.force();
                done(each);
            }
            if (current != null) {
                current.force();
            }
            folder.sync();
            unflushed = false;
        } catch (IOException e) {
            notFlushed(e);
        }
    }

    private void done(AuditFile flushed) throws IOException {
        lock.lock();
        try {
            full.remove(flushed);
        } finally {
            lock.unlock();
        }
        flushed.close();
    }

    /** It is tried again, at the same pace. */
    private void notFlushed(IOException e) {
        if (!unflushed) {
            LOG.error("The audit log in {} does not reach the disk: {}", folder.path(), e.toString());
        }
        unflushed = true;
        lock.lock();
        try {
            dirty = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!closed && missed > 0) {
                write(List.of());
            }
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        try {
            flusher.join(STOP_WITHIN.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (flusher.isAlive()) {
            LOG.error("The end of the audit log in {} may not have reached the disk", folder.path());
        } else {
            closeFile();
        }
    }

    private void closeFile() {
        lock.lock();
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            LOG.warn("The audit log in {} could not be closed", folder.path(), e);
        } finally {
            lock.unlock();
        }
    }
}
