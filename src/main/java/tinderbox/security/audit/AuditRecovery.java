package tinderbox.security.audit;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.LineReader;

/**
 * Finds the head of the chain when a log is opened, from the ends of the newest files alone. If a crash left something
 * after the last line, it is moved to a separate file.
 */
final class AuditRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRecovery.class);

    /** How many bytes at the end of a file may be damaged; a crash damages far fewer. */
    private static final long MAX_DAMAGE = 1 << 20;

    private AuditRecovery() {}

    private record LastLine(ChainHead head, long end) {}

    /**
     * The head of the chain; {@link ChainHead#START} if there are no lines.
     *
     * @throws IOException also if a file ends in something that no crash leaves
     */
    static ChainHead resume(AuditFolder folder) throws IOException {
        Map<Path, Long> ends = new LinkedHashMap<>();
        ChainHead head = ChainHead.START;
        for (Path file : newestFirst(folder)) {
            Optional<LastLine> last = lastLine(file);
            ends.put(file, last.map(LastLine::end).orElse(0L));
            if (last.isPresent()) {
                head = last.get().head();
                break;
            }
        }
        for (Map.Entry<Path, Long> end : ends.entrySet()) {
            cut(end.getKey(), end.getValue(), folder.torn(head.seq() + 1));
        }
        return head;
    }

    private static List<Path> newestFirst(AuditFolder folder) throws IOException {
        List<Path> files = new ArrayList<>();
        if (Files.exists(folder.current())) {
            files.add(folder.current());
        }
        List<AuditFolder.Full> full = folder.full();
        for (int i = full.size() - 1; i >= 0; i--) {
            files.add(full.get(i).path());
        }
        return files;
    }

    private static Optional<LastLine> lastLine(Path file) throws IOException {
        long size = Files.size(file);
        try (LineReader lines = LineReader.backwards(file)) {
            while (lines.advance()) {
                if (size - lines.offset() > MAX_DAMAGE) {
                    throw new IOException(
                            "the end of " + file + " is not an audit log; move that file elsewhere, keep it"
                                    + " for an investigation, and start again");
                }
                Optional<AuditLine> line = lines.isComplete() ? read(lines.line()) : Optional.empty();
                if (line.isPresent()) {
                    return Optional.of(new LastLine(
                            line.get().head(), lines.offset() + line.get().bytes().length + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** The head of the chain after a file; {@link ChainHead#START} if it has no complete line. */
    static ChainHead lastHead(Path file) throws IOException {
        return lastLine(file).map(LastLine::head).orElse(ChainHead.START);
    }

    /** How many bytes of a file are anonymous refusals. */
    static long anonymousBytes(Path file) throws IOException {
        long bytes = 0;
        try (LineReader lines = LineReader.forwards(file)) {
            while (lines.advance()) {
                byte[] line = lines.line();
                bytes += AuditLine.isAnonymousRefusal(line) ? line.length + 1 : 0;
            }
        }
        return bytes;
    }

    /** Whether a data dir shows that something was done that an audit log should have recorded. */
    static boolean isUsed(Path dataDir, AuditFolder folder, boolean isNew) throws IOException {
        return (isNew && Files.exists(folder.path().resolve("tokens.json")))
                || hasFiles(dataDir.resolve("active"))
                || hasFiles(dataDir.resolve("ended"));
    }

    private static boolean hasFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> children = Files.list(folder)) {
            return children.findAny().isPresent();
        }
    }

    private static Optional<AuditLine> read(byte[] line) {
        try {
            return Optional.of(AuditLine.read(line));
        } catch (AuditLine.DamagedException e) {
            LOG.debug("A line at the end of the audit log is damaged", e);
            return Optional.empty();
        }
    }

    /** Copies the end before it cuts it: after a crash in between, the end is in both files. */
    private static void cut(Path file, long end, Path torn) throws IOException {
        long bytes = Files.size(file) - end;
        if (bytes == 0) {
            return;
        }
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw");
                FileOutputStream copy = new FileOutputStream(torn.toFile(), true)) {
            damaged.seek(end);
            Channels.newInputStream(damaged.getChannel()).transferTo(copy);
            copy.getFD().sync();
            damaged.setLength(end);
            damaged.getFD().sync();
            LOG.warn("{} had {} damaged bytes at its end; they are now in {}", file, bytes, torn);
        }
    }

    /** Opens the file to write to. */
    static AuditFile open(AuditFolder folder, ChainHead last) throws IOException {
        Path current = folder.current();
        long first = last.seq() + 1;
        if (Files.exists(current) && Files.size(current) > 0) {
            try (LineReader lines = LineReader.forwards(current)) {
                first = lines.advance() ? AuditLine.seq(lines.line()) : 0;
            }
            if (first == 0) {
                // It is damaged, which the check reports; its name must sort between those of its neighbours all the
                // same.
                List<AuditFolder.Full> full = folder.full();
                first = full.isEmpty() ? 1 : full.get(full.size() - 1).first() + 1;
            }
        }
        return new AuditFile(current, first);
    }
}
