package tinderbox.security.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds lines to the chain and to the newest file, and begins another file when that is full. Lines that cannot be
 * written are counted; the next one that can be written comes after a line with their number. Not thread-safe.
 */
final class AuditWriter implements Closeable {
    private static final Logger LOG = LoggerFactory.getLogger(AuditWriter.class);

    private final AuditFolder folder;
    private final Clock clock;
    private final AuditBounds bounds;
    private ChainHead head;
    /** Null until the next file could be begun. */
    private AuditFile file;

    /** Full files that may not have reached the disk. */
    private final List<AuditFile> full = new ArrayList<>();

    private long anonymousBytes;
    private long missed;
    private Instant missedSince;
    /** Whether the file has lost its place and could not be put back. */
    private boolean misplaced;

    private boolean dirty;

    /** Continues after the last line in the folder; cuts off what a crash left after it. */
    AuditWriter(AuditFolder folder, Clock clock, AuditBounds bounds) throws IOException {
        this.folder = folder;
        this.clock = clock;
        this.bounds = bounds;
        this.head = AuditRecovery.resume(folder);
        this.file = AuditRecovery.open(folder, head);
        this.anonymousBytes = AuditRecovery.anonymousBytes(folder.current());
    }

    /** The last line. */
    ChainHead head() {
        return head;
    }

    /** Writes a line about an event. */
    void write(AuditEvent event) {
        write(AuditLine.members(event));
    }

    /** Writes a line with these members. */
    void write(Map<String, Object> members) {
        write(List.of(members), Long.MAX_VALUE);
    }

    /**
     * Writes a line of the kind that may take only a part of a file; false if it would take more than {@code
     * maxBytes} of this one, together with those before it.
     */
    boolean writeAnonymous(Map<String, Object> members, long maxBytes) {
        int written = write(List.of(members), maxBytes - anonymousBytes);
        anonymousBytes += Math.max(0, written);
        return written >= 0;
    }

    /** Writes a line about skipped refusals, even if refusals have used up their part; returns false if that fails. */
    boolean writeSkipped(AuditEvent event) {
        int written = write(List.of(AuditLine.members(event)), Long.MAX_VALUE);
        anonymousBytes += written;
        return written > 0;
    }

    /** Whether anonymous refusals may take more of the current file. */
    boolean hasRoomForAnonymous() {
        return anonymousBytes < bounds.anonymousBytes();
    }

    /** Returns the number of bytes; 0 if writing failed, -1 if they are more than {@code maxBytes}. */
    private int write(List<Map<String, Object>> lines, long maxBytes) {
        Batch batch;
        Instant now = clock.instant();
        try {
            AuditFile target = openFile();
            batch = new Batch(now, target.bytes() == 0);
            if (missed > 0) {
                batch.add(AuditLine.members(AuditEvent.ofLog(
                        AuditAction.AUDIT_MISSED, null, Map.of("lines", missed, "since", missedSince))));
            }
            lines.forEach(batch::add);
            if (batch.bytes.size() > maxBytes) {
                return -1;
            }
            target.write(batch.bytes.toByteArray());
            head = batch.head;
        } catch (IOException e) {
            countMissed(lines.size(), e);
            return 0;
        }
        if (missed > 0) {
            LOG.info("The audit log can be written again; it lacks {} lines", missed);
            missed = 0;
        }
        dirty = true;
        return batch.bytes.size();
    }

    /** Lines that are written at once. */
    private final class Batch {
        private final Instant now;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
        private ChainHead head = AuditWriter.this.head;
        private boolean beginsFile;

        private Batch(Instant now, boolean beginsFile) {
            this.now = now;
            this.beginsFile = beginsFile;
        }

        private void add(Map<String, Object> members) {
            AuditLine line = AuditLine.after(head, now, members, beginsFile);
            bytes.writeBytes(line.bytes());
            bytes.write('\n');
            head = line.head();
            beginsFile = false;
        }
    }

    /** The file to write to; a new one if the last is full. */
    private AuditFile openFile() throws IOException {
        if (file != null && (isFull(file) || file.isCutShort())) {
            restoreFile();
        }
        if (file != null && isFull(file)) {
            Files.move(folder.current(), folder.full(file.first()));
            full.add(file);
            file = null;
        }
        if (file == null) {
            file = new AuditFile(folder.current(), head.seq() + 1);
            anonymousBytes = 0;
        }
        return file;
    }

    private boolean isFull(AuditFile written) {
        return written.bytes() >= bounds.fileBytes();
    }

    /** Counts lines that could not be written. */
    void countMissed(int lines, IOException e) {
        if (missed == 0) {
            missedSince = clock.instant();
            LOG.error(
                    "The audit log in {} cannot be written; until it can, what is done is not recorded: {}",
                    folder.path(),
                    e.toString());
        }
        missed += lines;
    }

    /** Lines that could not be written, and that no line has reported yet. */
    long missed() {
        return missed;
    }

    /** Writes how many lines are missing, if any are. */
    void reportMissed() {
        if (missed > 0) {
            write(List.of(), Long.MAX_VALUE);
        }
    }

    /** If another process has deleted, replaced or cut the file, puts its lines back as far as possible. */
    void restoreFile() {
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
            String found = moveAside();
            long first = file.first();
            boolean kept = file.bytes() == 0 || file.copyTo(folder.full(first));
            file.close();
            file = null;
            misplaced = false;
            write(AuditEvent.ofLog(
                    AuditAction.AUDIT_REPLACED,
                    null,
                    Map.of("first", first, "last", head.seq(), "kept", kept, "found", found)));
        } catch (IOException e) {
            if (!misplaced) {
                LOG.error("The audit log in {} cannot be put back yet: {}", folder.path(), e.toString());
            }
            misplaced = true;
        }
    }

    /** Moves away what is in place of the file, and returns its new name. */
    private String moveAside() throws IOException {
        if (!Files.exists(folder.path())) {
            Files.createDirectory(folder.path());
        }
        if (!Files.exists(folder.current(), LinkOption.NOFOLLOW_LINKS)) {
            return "nothing";
        }
        Path aside = folder.replaced(head.seq() + 1);
        Files.move(folder.current(), aside);
        return aside.getFileName().toString();
    }

    /** The seq of the first line of the current file, or of the next if there is none. */
    long first() {
        return file == null ? head.seq() + 1 : file.first();
    }

    /** The file that is written; null if none could be begun. */
    AuditFile file() {
        return file;
    }

    /** The files that are full and may not have reached the disk. */
    List<AuditFile> full() {
        return List.copyOf(full);
    }

    /** A full file has reached the disk. */
    void remove(AuditFile flushed) {
        full.remove(flushed);
    }

    /** Whether lines may not have reached the disk. */
    boolean isDirty() {
        return dirty;
    }

    void setDirty(boolean lines) {
        dirty = lines;
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
