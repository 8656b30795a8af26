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
 * Finds at a start where the chain has come to, from the ends of the newest files alone. What follows the last line
 * there, as a crash may leave it, is cut off to a file beside.
 */
final class AuditRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(AuditRecovery.class);

    /** How far before the end of a file a line is looked for, in bytes; a crash damages far less. */
    private static final long FARTHEST = 1 << 20;

    private AuditRecovery() {}

    private record LastLine(ChainHead link, long end) {}

    /**
     * Where the chain has come to; {@link ChainHead#START} where there are no lines.
     *
     * @throws IOException also where a file ends in what no crash leaves
     */
    static ChainHead resume(AuditFolder folder) throws IOException {
        Map<Path, Long> ends = new LinkedHashMap<>();
        ChainHead link = ChainHead.START;
        for (Path file : newestFirst(folder)) {
            Optional<LastLine> last = lastLine(file);
            ends.put(file, last.map(LastLine::end).orElse(0L));
            if (last.isPresent()) {
                link = last.get().link();
                break;
            }
        }
        for (Map.Entry<Path, Long> end : ends.entrySet()) {
            cut(end.getKey(), end.getValue(), folder.torn(link.seq() + 1));
        }
        return link;
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
                if (size - lines.offset() > FARTHEST) {
                    throw new IOException("the end of " + file + " is no audit log; move that file elsewhere, keep it"
                            + " for whoever looks into this, and start again");
                }
                Optional<AuditLine> line = lines.isComplete() ? read(lines.line()) : Optional.empty();
                if (line.isPresent()) {
                    return Optional.of(new LastLine(
                            line.get().link(), lines.offset() + line.get().bytes().length + 1));
                }
            }
        }
        return Optional.empty();
    }

    /** The last line of a file; the link before its first one if there is none that is whole. */
    static ChainHead lastLink(Path file) throws IOException {
        return lastLine(file).map(LastLine::link).orElse(ChainHead.START);
    }

    /** What anonymous refusals take of a file. */
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

    /** Whether a data dir shows that something was done for which an audit log should have a line. */
    static boolean isUsed(Path dataDir, AuditFolder folder, boolean isNew) throws IOException {
        return (isNew && Files.exists(folder.path().resolve("tokens.json")))
                || isFilled(dataDir.resolve("active"))
                || isFilled(dataDir.resolve("ended"));
    }

    private static boolean isFilled(Path folder) throws IOException {
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

    /** First kept, then cut: a crash between leaves the end twice, never nowhere. */
    private static void cut(Path file, long end, Path torn) throws IOException {
        long bytes = Files.size(file) - end;
        if (bytes == 0) {
            return;
        }
        try (RandomAccessFile damaged = new RandomAccessFile(file.toFile(), "rw");
                FileOutputStream beside = new FileOutputStream(torn.toFile(), true)) {
            damaged.seek(end);
            Channels.newInputStream(damaged.getChannel()).transferTo(beside);
            beside.getFD().sync();
            damaged.setLength(end);
            damaged.getFD().sync();
            LOG.warn("{} had {} damaged bytes at its end; they are in {} now", file, bytes, torn);
        }
    }

    /** The file that is written, and the seq of its first line. */
    static AuditFile open(AuditFolder folder, ChainHead last) throws IOException {
        Path current = folder.current();
        long first = last.seq() + 1;
        if (Files.exists(current) && Files.size(current) > 0) {
            try (LineReader lines = LineReader.forwards(current)) {
                first = lines.advance() ? AuditLine.seq(lines.line()) : 0;
            }
            if (first == 0) {
                // Damaged, which is for the check to tell; between its neighbours it must find its place all the same.
                List<AuditFolder.Full> full = folder.full();
                first = full.isEmpty() ? 1 : full.get(full.size() - 1).first() + 1;
            }
        }
        return new AuditFile(current, first);
    }
}
