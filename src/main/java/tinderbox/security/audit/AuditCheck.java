package tinderbox.security.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tinderbox.common.LineReader;

/**
 * Checks every line of an audit log and the chain through all of its files; a server may be writing it. Missing oldest
 * files are no fault, but a missing line at the beginning of a file is. If the log says that it deleted its oldest lines,
 * the rest must be chained to the last of them. A user who can write the files could rebuild the whole chain, or cut off
 * its end; to detect that, compare with a last hash that was noted elsewhere.
 */
public final class AuditCheck {
    /** The result of a check. */
    public sealed interface Verdict permits Intact, Broken {}

    /**
     * All lines are as they were written.
     *
     * @param first the seq of the first line, greater than 1 if older files are gone; 0 if there are no lines
     * @param last the seq of the last line; 0 if there are none
     * @param lastHash the hash of the last line
     * @param lost how many lines are missing because somebody deleted or cut their file, as the log itself says
     * @param notes sentences about the log that a reader should know
     */
    public record Intact(long lines, long first, long last, String lastHash, long lost, List<String> notes)
            implements Verdict {
        public Intact {
            notes = List.copyOf(notes);
        }

        Intact(long lines, long first, long last, String lastHash) {
            this(lines, first, last, lastHash, 0, List.of());
        }
    }

    /**
     * The first line that is not as it was written.
     *
     * @param line its number in the file, from 1
     * @param why what is wrong, as the end of a sentence that begins with the line
     * @param good how many lines before it are good, in all files
     */
    public record Broken(Path file, long line, String why, long good) implements Verdict {}

    /** Waits for a line that is just being written. */
    interface Pause {
        void pause() throws InterruptedException;
    }

    private static final long PAUSE_MILLIS = 1000;

    private final AuditFolder folder;
    private final Pause pause;
    private ChainHead head = ChainHead.START;
    private final List<String> notes = new ArrayList<>();
    /** The hash that the first line is chained to. */
    private String firstPrev;

    private long lines;
    private long first;
    private long lost;

    private AuditCheck(AuditFolder folder, Pause pause) {
        this.folder = folder;
        this.pause = pause;
    }

    /**
     * Checks the log in a data dir.
     *
     * @throws NoSuchFileException if there is none
     */
    public static Verdict run(Path dataDir) throws IOException, InterruptedException {
        return run(dataDir, () -> Thread.sleep(PAUSE_MILLIS));
    }

    static Verdict run(Path dataDir, Pause pause) throws IOException, InterruptedException {
        return new AuditCheck(AuditFolder.of(dataDir), pause).verdict();
    }

    private Verdict verdict() throws IOException, InterruptedException {
        List<AuditFolder.Full> full = folder.full();
        try (LineReader newest = openNewest()) {
            if (!full.equals(folder.full())) {
                // A file has just become full; the one opened here may be either.
                return verdict();
            }
            if (full.isEmpty() && newest == null) {
                throw new NoSuchFileException(folder.current().toString());
            }
            Optional<Broken> broken = checkFull(full);
            if (broken.isEmpty() && newest != null) {
                broken = check(folder.current(), newest);
            }
            return broken.isPresent() ? broken.get() : new Intact(lines, first, head.seq(), head.hash(), lost, notes);
        } catch (NoSuchFileException e) {
            if (!full.equals(folder.full())) {
                // The oldest has just been deleted.
                return new AuditCheck(folder, pause).verdict();
            }
            throw e;
        }
    }

    /** Null if there is none: for a moment, or since a crash, there are only full files. */
    private LineReader openNewest() throws IOException {
        try {
            return LineReader.forwards(folder.current());
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private Optional<Broken> checkFull(List<AuditFolder.Full> full) throws IOException, InterruptedException {
        for (AuditFolder.Full each : full) {
            try (LineReader reader = LineReader.forwards(each.path())) {
                Optional<Broken> broken = check(each.path(), reader);
                if (broken.isPresent()) {
                    return broken;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Broken> check(Path file, LineReader reader) throws IOException, InterruptedException {
        for (long number = 1; reader.advance(); number++) {
            if (!reader.isTerminated()) {
                pause.pause();
                reader.continueLine();
            }
            Optional<String> fault = reader.isTerminated()
                    ? fault(reader.line())
                    : Optional.of("is torn: its end is missing, as after a crash until the next start");
            if (fault.isPresent()) {
                return Optional.of(new Broken(file, number, fault.get(), lines));
            }
        }
        return Optional.empty();
    }

    /** What is wrong with the next line; if nothing is, it is the new head of the chain. */
    private Optional<String> fault(byte[] bytes) {
        AuditLine line;
        try {
            line = AuditLine.read(bytes);
        } catch (AuditLine.DamagedException e) {
            return Optional.of(e.getMessage());
        }
        long seq = line.head().seq();
        boolean isFirst = lines == 0;
        if (isFirst && seq > 1) {
            if (line.prev() == null) {
                return Optional.of("has seq " + seq + " but does not begin a file: lines before it are missing");
            }
            head = new ChainHead(seq - 1, line.prev());
            firstPrev = line.prev();
            if (isGap(line, 1)) {
                recordLost(line, 1);
            }
        } else if (seq > head.seq() + 1 && isGap(line, head.seq() + 1)) {
            recordLost(line, head.seq() + 1);
            head = new ChainHead(seq - 1, line.prev());
        }
        if (seq != head.seq() + 1) {
            return Optional.of("has seq " + seq + " instead of " + (head.seq() + 1)
                    + ": lines are missing, were added or changed places");
        }
        if (!line.fits(head.hash())) {
            return Optional.of("has a hash that does not fit: it, or the line before it, was changed");
        }
        first = isFirst ? seq : first;
        head = line.head();
        lines++;
        return note(line);
    }

    /** Whether a line, which must begin a file, says that all lines from {@code from} up to itself were lost. */
    private static boolean isGap(AuditLine line, long from) {
        return line.is(AuditAction.AUDIT_REPLACED)
                && line.prev() != null
                && line.param("kept").equals("false")
                && line.number("first") <= from
                && line.number("last") == line.head().seq() - 1;
    }

    private void recordLost(AuditLine line, long from) {
        long to = line.head().seq() - 1;
        lost += to - from + 1;
        notes.add("Lines " + from + " to " + to + " are missing: somebody deleted, replaced or cut their file while the"
                + " server wrote it");
    }

    /** Notes what a line says about the log itself. Returns what is wrong with that, if anything is. */
    private Optional<String> note(AuditLine line) {
        long seq = line.head().seq();
        if (line.is(AuditAction.AUDIT_PRUNED) && line.number("last") == first - 1) {
            if (!line.param("last_hash").equals(firstPrev)) {
                return Optional.of("says that the lines before seq " + first
                        + " ended in another hash than the one that line is chained to");
            }
            notes.add("Lines " + line.number("first") + " to " + line.number("last")
                    + " were deleted to keep within --max-audit-bytes, as line " + seq + " says");
        } else if (line.is(AuditAction.AUDIT_REPLACED) && line.param("kept").equals("true")) {
            notes.add("Before line " + seq + " somebody deleted or replaced the file that the server wrote; its lines"
                    + " were put back");
        } else if (line.is(AuditAction.AUDIT_BEGUN)) {
            notes.add("The log begins with line " + seq
                    + ", but the data dir was used before: an earlier log is missing");
        }
        return Optional.empty();
    }
}
