package tinderbox.security.audit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
import tinderbox.common.Worker;

/**
 * Who did what, when, from where, with what and what came of it: in {@code audit/} of the data dir, one JSON object a
 * line, each chained to the one before as {@link AuditLine} says. Lines are only ever added; if the log outgrows its
 * {@link AuditBounds}, its oldest file is deleted, after a line that says so.
 *
 * <p>A line is in the file, where a kill of the process does not harm it, when {@link #append} returns. The flush to
 * the disk follows at most about {@value #PACE_MILLIS} ms later, for all lines that have come meanwhile: a loss of
 * power can cost that much of the end, and a storm of refusals does not cost a flush each. Closing flushes too.
 *
 * <p>Where lines cannot be written, requests go on; the server's log says so once, and when it works again a line
 * tells how many are missing. At each flush the file at the path is compared with the open one: if somebody has deleted
 * or replaced it, its lines are put back and a line tells of it.
 */
public final class AuditLog implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    /** How much all files may take unless something else is asked for, in bytes. */
    public static final long MAX_BYTES = 1L << 30;

    private static final long PACE_MILLIS = 500;
    /** How often a line tells of those that were skipped, and if there is no more room for such lines. */
    private static final Duration SKIPPED_EVERY = Duration.ofMinutes(1);

    private static final Duration SKIPPED_SELDOM = Duration.ofHours(1);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final AuditFolder folder;
    private final Clock clock;
    private final AuditBounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Worker flusher = new Worker("tinderbox-audit", this::flushAsLinesCome, STOP_WITHIN);
    private ChainHead last;
    /** Null where the next one could not be begun yet. */
    private AuditFile file;

    /** Files that are full but may not have reached the disk. */
    private final List<AuditFile> full = new ArrayList<>();

    private final SkippedLines skipped = new SkippedLines();
    /** When lines were skipped first of which no line tells yet. */
    private long skippedNanos;
    /** What anonymous refusals take of the file that is written. */
    private long anonymousBytes;

    /** Whether the file has lost its place and could not be put back. */
    private boolean misplaced;

    private boolean dirty;
    private long missed;
    private Instant missedSince;
    private boolean closed;
    /** Only for the flusher. */
    private boolean unflushed;
    /** Whether a file was begun since the log was last compared with its bounds. */
    private boolean grown = true;

    /**
     * Goes on with the log of a data dir, which may have none yet.
     *
     * @throws IOException where it cannot be read or written; the message says what to do
     */
    public AuditLog(Path dataDir, Clock clock) throws IOException {
        this(dataDir, clock, AuditBounds.ofTotal(MAX_BYTES));
    }

    AuditLog(Path dataDir, Clock clock, long fileBytes) throws IOException {
        this(dataDir, clock, new AuditBounds(fileBytes, MAX_BYTES));
    }

    /**
     * Goes on with the log of a data dir within these bounds.
     *
     * @throws IOException if it cannot be read or written; the message says what to do
     */
    public AuditLog(Path dataDir, Clock clock, AuditBounds bounds) throws IOException {
        this.folder = AuditFolder.of(dataDir);
        this.clock = clock;
        this.bounds = bounds;
        Files.createDirectories(folder.path());
        boolean isNew = !Files.exists(folder.current());
        this.last = AuditRecovery.resume(folder);
        this.file = AuditRecovery.open(folder, last);
        this.anonymousBytes = AuditRecovery.anonymousBytes(folder.current());
        // That audit/ itself is there, for good.
        new AuditFolder(dataDir).sync();
        tellOfCut();
        if (last.seq() == 0 && AuditRecovery.isUsed(dataDir, folder, isNew)) {
            LOG.warn("The data dir {} was used before, but there is no audit log of that time", dataDir);
            append(AuditEvent.ofLog(AuditAction.AUDIT_BEGUN, null, Map.of()));
        }
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
        Map<String, Object> line = AuditLine.members(event);
        lock.lock();
        try {
            if (closed) {
                missed(1, new IOException("the audit log is closed"));
            } else {
                write(List.of(line), Long.MAX_VALUE);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Writes down that a request was turned away of which it is not known who sent it; counts it only if such lines take
     * their part of the file already.
     *
     * @param network where it came from
     */
    public void appendAnonymous(AuditEvent event, String network) {
        Map<String, Object> line = AuditLine.members(event);
        lock.lock();
        try {
            if (closed || !writeAnonymous(line, bounds.anonymousBytes())) {
                skip(network);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Counts a line that is not written, because there are too many; now and then a line tells how many there were. */
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

    /** False if such lines would take more than {@code most} of the file. */
    private boolean writeAnonymous(Map<String, Object> line, long most) {
        int written = write(List.of(line), most - anonymousBytes);
        anonymousBytes += Math.max(0, written);
        return written >= 0;
    }

    private void tellOfSkipped() {
        if (!skipped.isEmpty()) {
            int written = write(List.of(AuditLine.members(skipped.event())), Long.MAX_VALUE);
            if (written > 0) {
                anonymousBytes += written;
                skipped.clear();
            }
            skippedNanos = System.nanoTime();
        }
    }

    /** One page of what is in it, the newest first. */
    public AuditPage page(AuditQuery query) throws IOException {
        return new AuditReader(folder).page(query);
    }

    /** Answers with the number of bytes; -1 if that would be more than {@code most}, and nothing was written. */
    private int write(List<Map<String, Object>> lines, long most) {
        Batch batch;
        Instant now = clock.instant();
        try {
            AuditFile to = file();
            batch = new Batch(now, to.bytes() == 0);
            if (missed > 0) {
                batch.add(AuditLine.members(AuditEvent.ofLog(
                        AuditAction.AUDIT_MISSED, null, Map.of("lines", missed, "since", missedSince))));
            }
            lines.forEach(batch::add);
            if (batch.bytes.size() > most) {
                return -1;
            }
            to.write(batch.bytes.toByteArray());
            last = batch.link;
        } catch (IOException e) {
            missed(lines.size(), e);
            return 0;
        }
        if (missed > 0) {
            LOG.info("The audit log is written again; {} lines are missing in it", missed);
            missed = 0;
        }
        dirty = true;
        changed.signalAll();
        return batch.bytes.size();
    }

    /** Lines that are written at once. */
    private final class Batch {
        private final Instant now;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        private ChainHead link = last;
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
        if (file != null && (file.bytes() >= bounds.fileBytes() || file.isCutShort())) {
            checkPlace();
        }
        if (file != null && file.bytes() >= bounds.fileBytes()) {
            Files.move(folder.current(), folder.full(file.first()));
            full.add(file);
            file = null;
        }
        if (file == null) {
            file = new AuditFile(folder.current(), last.seq() + 1);
            anonymousBytes = 0;
            grown = true;
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
            while (!dirty && !closed && nanosToSkipped() > 0) {
                changed.awaitNanos(nanosToSkipped());
            }
            if (nanosToSkipped() <= 0 && !closed) {
                tellOfSkipped();
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

    private long nanosToSkipped() {
        boolean isRoom = anonymousBytes < bounds.anonymousBytes();
        long pace = (isRoom ? SKIPPED_EVERY : SKIPPED_SELDOM).toNanos();
        return skipped.isEmpty() ? pace : skippedNanos + pace - System.nanoTime();
    }

    private void flush() {
        List<AuditFile> ended;
        AuditFile current;
        lock.lock();
        try {
            dirty = false;
            checkPlace();
            ended = List.copyOf(full);
            current = file;
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
            prune();
        } catch (IOException e) {
            notFlushed(e);
        }
    }

    /** Sees to it that the file at the path is the one that is written. */
    private void checkPlace() {
        try {
            if (file == null || file.isInPlace()) {
                return;
            }
            if (!misplaced) {
                LOG.error(
                        "The audit log {} was deleted, replaced or cut short by another process; what was written is put"
                                + " back as far as possible, and a new file begun",
                        folder.current());
            }
            if (!Files.exists(folder.path())) {
                Files.createDirectory(folder.path());
            }
            String found = "nothing";
            if (Files.exists(folder.current(), LinkOption.NOFOLLOW_LINKS)) {
                Path aside = folder.replaced(last.seq() + 1);
                Files.move(folder.current(), aside);
                found = aside.getFileName().toString();
            }
            long first = file.first();
            boolean kept = file.bytes() == 0 || file.copyTo(folder.full(first));
            file.close();
            file = null;
            misplaced = false;
            AuditEvent event = AuditEvent.ofLog(
                    AuditAction.AUDIT_REPLACED,
                    null,
                    Map.of("first", first, "last", last.seq(), "kept", kept, "found", found));
            write(List.of(AuditLine.members(event)), Long.MAX_VALUE);
        } catch (IOException e) {
            if (!misplaced) {
                LOG.error("The audit log in {} cannot be put back; it is tried again: {}", folder.path(), e.toString());
            }
            misplaced = true;
        }
    }

    /** Deletes the oldest files that are too much, after a line that tells so has reached the disk. */
    private void prune() throws IOException {
        lock.lock();
        try {
            if (!grown || closed) {
                return;
            }
            List<AuditFolder.Full> parts = folder.full();
            long total = bounds.fileBytes();
            for (AuditFolder.Full part : parts) {
                total += Files.size(part.path());
            }
            int gone = 0;
            while (gone < parts.size() && total > bounds.maxBytes()) {
                total -= Files.size(parts.get(gone++).path());
            }
            if (gone > 0) {
                long next = gone < parts.size() ? parts.get(gone).first() : first();
                prune(parts.subList(0, gone), next);
            }
            grown = false;
        } finally {
            lock.unlock();
        }
    }

    /** The seq of the first line of the file that is written, or will be. */
    private long first() {
        return file == null ? last.seq() + 1 : file.first();
    }

    private void prune(List<AuditFolder.Full> parts, long next) throws IOException {
        AuditFolder.Full newest = parts.get(parts.size() - 1);
        ChainHead end = end(newest, next);
        long before = missed;
        append(AuditEvent.ofLog(
                AuditAction.AUDIT_PRUNED,
                null,
                Map.of("first", parts.get(0).first(), "last", end.seq(), "last_hash", end.hash())));
        if (missed > before) {
            return;
        }
        file.force();
        for (AuditFolder.Full part : parts) {
            Files.deleteIfExists(part.path());
        }
        LOG.info(
                "Deleted lines {} to {} of the audit log, as --max-audit-bytes asks",
                parts.get(0).first(),
                end.seq());
    }

    /** The last line of a file; of one that somebody has damaged only its number is known. */
    private static ChainHead end(AuditFolder.Full file, long next) {
        try {
            ChainHead end = AuditRecovery.lastLink(file.path());
            if (end.seq() > 0) {
                return end;
            }
        } catch (IOException e) {
            LOG.debug("The end of {} cannot be read", file.path(), e);
        }
        LOG.warn("The end of {} is damaged; `audit verify` will say so of the lines after it", file.path());
        return new ChainHead(next - 1, "unknown");
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
            if (!closed) {
                tellOfSkipped();
                if (missed > 0) {
                    write(List.of(), Long.MAX_VALUE);
                }
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
