package tinderbox.security.audit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The files of the audit log: {@code audit.jsonl} is being written; full ones are {@code audit-<seq>.jsonl}, named after
 * their first line.
 */
public record AuditFolder(Path path) {
    private static final Pattern FULL = Pattern.compile("audit-(\\d{1,18})\\.jsonl");

    /** A full file and the seq of its first line. */
    public record Full(Path path, long first) {
        private static Optional<Full> of(Path path) {
            Matcher name = FULL.matcher(path.getFileName().toString());
            return name.matches() ? Optional.of(new Full(path, Long.parseLong(name.group(1)))) : Optional.empty();
        }
    }

    public static AuditFolder of(Path dataDir) {
        return new AuditFolder(dataDir.resolve("audit"));
    }

    /** The file that is being written; between two of them it does not exist for a moment. */
    public Path current() {
        return path.resolve("audit.jsonl");
    }

    /** The full file whose first line has this seq. */
    Path full(long first) {
        return path.resolve(String.format(Locale.ROOT, "audit-%012d.jsonl", first));
    }

    /** Holds the damaged end of a file that was found before this line was written. */
    Path torn(long seq) {
        return path.resolve(String.format(Locale.ROOT, "torn-%012d.txt", seq));
    }

    /** Holds the file that was found in place of the current one before this line was written. */
    Path replaced(long seq) {
        return path.resolve(String.format(Locale.ROOT, "replaced-%012d.txt", seq));
    }

    /** Flushes the directory; only for threads that are never interrupted. */
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** The full files, oldest first. */
    public List<Full> full() throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(Full::of)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(Full::first))
                    .toList();
        }
    }
}
