package tinderbox.job.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tinderbox.common.LineReader;

/**
 * A log that is not being written, read from its folder. {@code log.txt} is the newest part. {@code
 * log-<first>-<next>.txt} are the full parts before it, named by the number of their first line and of the line after
 * their last.
 */
public final class LogFolder implements LogParts {
    static final String NEWEST = "log.txt";
    static final String NEWEST_INDEX = "log.idx";
    private static final Pattern FULL_PART = Pattern.compile("log-(\\d{1,18})-(\\d{1,18})\\.txt");

    private final List<FullPart> fullParts;
    private final Path newest;
    private final Path newestIndex;
    private final long newestFirst;
    private final long newestBytes;
    private final long next;

    /** A part that is full. */
    record FullPart(Path text, long first, long next, long bytes) {
        static FullPart in(Path folder, long first, long next, long bytes) {
            return new FullPart(
                    folder.resolve(String.format(Locale.ROOT, "log-%012d-%012d.txt", first, next)), first, next, bytes);
        }

        Path index() {
            String name = text.getFileName().toString();
            return text.resolveSibling(name.substring(0, name.length() - "txt".length()) + "idx");
        }

        LogPart open() throws IOException {
            return LogPart.open(text, index(), first, next, bytes);
        }
    }

    /**
     * Reads which parts the log in this folder has; it may have none.
     *
     * @throws java.nio.file.NoSuchFileException if the folder does not exist
     */
    public LogFolder(Path folder) throws IOException {
        fullParts = fullParts(folder);
        newest = folder.resolve(NEWEST);
        newestIndex = folder.resolve(NEWEST_INDEX);
        newestFirst = nextAfter(fullParts);
        newestBytes = newest.toFile().length();
        next = newestBytes == 0 ? newestFirst : count();
    }

    private long count() throws IOException {
        try (LogPart part = openNewest(Long.MAX_VALUE)) {
            LogIndex.Position start = LogIndex.find(part, Long.MAX_VALUE);
            LineReader rest = LineReader.forwards(part.text(), start.offset(), newestBytes);
            long line = start.line();
            while (rest.advance() && rest.isTerminated()) {
                line++;
            }
            return line;
        }
    }

    private LogPart openNewest(long end) throws IOException {
        return LogPart.open(newest, newestIndex, newestFirst, end, newestBytes);
    }

    /** The parts before the newest, oldest first. */
    static List<FullPart> fullParts(Path folder) throws IOException {
        List<FullPart> parts = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = FULL_PART.matcher(file.getFileName().toString());
                if (name.matches()) {
                    long bytes = file.toFile().length();
                    parts.add(new FullPart(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), bytes));
                }
            }
        }
        parts.sort(Comparator.comparingLong(FullPart::first));
        return parts;
    }

    /** The number of the newest part's first line. */
    private static long nextAfter(List<FullPart> fullParts) {
        return fullParts.isEmpty() ? 0 : fullParts.get(fullParts.size() - 1).next();
    }

    @Override
    public long first() {
        return fullParts.isEmpty() ? newestFirst : fullParts.get(0).first();
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public LogPart open(long line) throws IOException {
        for (FullPart part : fullParts) {
            if (line < part.next()) {
                return part.open();
            }
        }
        return openNewest(next);
    }
}
