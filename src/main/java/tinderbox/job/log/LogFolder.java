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
 * A log that nobody writes, as the files in its folder tell: {@code log.txt} is the newest part, and {@code
 * log-<first>-<next>.txt} are those before it, by the number of their first line and of the line after their last.
 */
public final class LogFolder implements LogParts {
    static final String NEWEST = "log.txt";
    static final String NEWEST_INDEX = "log.idx";
    private static final Pattern OLDER = Pattern.compile("log-(\\d{1,18})-(\\d{1,18})\\.txt");

    private final List<Older> older;
    private final Path newest;
    private final Path newestIndex;
    private final long newestFirst;
    private final long newestBytes;
    private final long next;

    /** A part that is full. */
    record Older(Path text, long first, long next, long bytes) {
        static Older in(Path folder, long first, long next, long bytes) {
            return new Older(
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
     * Finds the log in this folder, where there may be none.
     *
     * @throws java.nio.file.NoSuchFileException where the folder is not there
     */
    public LogFolder(Path folder) throws IOException {
        older = older(folder);
        newest = folder.resolve(NEWEST);
        newestIndex = folder.resolve(NEWEST_INDEX);
        newestFirst = nextAfter(older);
        newestBytes = newest.toFile().length();
        next = newestBytes == 0 ? newestFirst : count();
    }

    private long count() throws IOException {
        try (LogPart part = openNewest(Long.MAX_VALUE)) {
            LogIndex.Place known = LogIndex.find(part, Long.MAX_VALUE);
            LineReader rest = LineReader.forwards(part.text(), known.offset(), newestBytes);
            long line = known.line();
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
    static List<Older> older(Path folder) throws IOException {
        List<Older> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = OLDER.matcher(file.getFileName().toString());
                if (name.matches()) {
                    long bytes = file.toFile().length();
                    found.add(new Older(file, Long.parseLong(name.group(1)), Long.parseLong(name.group(2)), bytes));
                }
            }
        }
        found.sort(Comparator.comparingLong(Older::first));
        return found;
    }

    /** Where the lines of the newest part begin. */
    static long nextAfter(List<Older> older) {
        return older.isEmpty() ? 0 : older.get(older.size() - 1).next();
    }

    @Override
    public long first() {
        return older.isEmpty() ? newestFirst : older.get(0).first();
    }

    @Override
    public long next() {
        return next;
    }

    @Override
    public LogPart open(long line) throws IOException {
        for (Older part : older) {
            if (line < part.next()) {
                return part.open();
            }
        }
        return openNewest(next);
    }
}
