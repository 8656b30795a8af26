package tinderbox.security.audit;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the oldest files of a log that has outgrown its {@link AuditBounds}. Not thread-safe. */
final class AuditPruner {
    private static final Logger LOG = LoggerFactory.getLogger(AuditPruner.class);

    private final AuditFolder folder;
    private final AuditBounds bounds;
    private final AuditWriter writer;
    /** The first line of the file that was written when the log was last within its bounds; 0 before. */
    private long checkedFirst;

    AuditPruner(AuditFolder folder, AuditBounds bounds, AuditWriter writer) {
        this.folder = folder;
        this.bounds = bounds;
        this.writer = writer;
    }

    /** Deletes the oldest files beyond the limit, after a line that records this has been flushed. */
    void prune() throws IOException {
        // The limit can only be exceeded once a new file has begun.
        long first = writer.first();
        if (first == checkedFirst) {
            return;
        }
        List<AuditFolder.Full> files = folder.full();
        long total = bounds.fileBytes();
        for (AuditFolder.Full file : files) {
            total += Files.size(file.path());
        }
        int excess = 0;
        while (excess < files.size() && total > bounds.maxBytes()) {
            total -= Files.size(files.get(excess++).path());
        }
        if (excess > 0) {
            delete(
                    files.subList(0, excess),
                    excess < files.size() ? files.get(excess).first() : first);
        }
        checkedFirst = first;
    }

    /**
     * Deletes these files.
     *
     * @param next the seq of the first line that stays
     */
    private void delete(List<AuditFolder.Full> files, long next) throws IOException {
        long first = files.get(0).first();
        ChainHead end = end(files.get(files.size() - 1), next);
        long missed = writer.missed();
        writer.write(AuditEvent.ofLog(
                AuditAction.AUDIT_PRUNED, null, Map.of("first", first, "last", end.seq(), "last_hash", end.hash())));
        if (writer.missed() > missed) {
            return;
        }
        writer.file().force();
        for (AuditFolder.Full file : files) {
            Files.deleteIfExists(file.path());
        }
        LOG.info("Deleted lines {} to {} of the audit log to keep within --max-audit-bytes", first, end.seq());
    }

    /** The last line of a file; if somebody has damaged it, only its number is known. */
    private static ChainHead end(AuditFolder.Full file, long next) {
        try {
            ChainHead end = AuditRecovery.lastHead(file.path());
            if (end.seq() > 0) {
                return end;
            }
        } catch (IOException e) {
            LOG.debug("The end of {} cannot be read", file.path(), e);
        }
        LOG.warn("The end of {} is damaged; `audit verify` will report the lines after it", file.path());
        return new ChainHead(next - 1, "unknown");
    }
}
