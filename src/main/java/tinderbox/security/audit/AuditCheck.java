package tinderbox.security.audit;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tinderbox.common.LineReader;

/**
 * Checks every line of an audit log and the chain through all of its files, also while a server writes it. That the
 * oldest files are gone is no fault, that a line is missing at the beginning of one is. If the log says that it deleted
 * the oldest lines, what is left must be chained to the last of them. A user who can write the files could rebuild the
 * whole chain, or cut off its end: compare with a last hash that was noted elsewhere.
 */
public final class AuditCheck {
    /** What came of it. */
    public sealed interface Verdict permits Intact, Broken {}

    /**
     * All lines are good.
     *
     * @param lines how many
     * @param first the seq of the first of them, greater than 1 where older files are gone; 0 where there are none
     * @param last the seq of the last; 0 where there are none
     * @param lastHash its hash
     * @param lost how many lines are missing, as the log itself says, because somebody deleted or cut its file
     * @param notes what the log says of itself and a reader should know, as sentences
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
     * @param line its number in the file, from 1 on
     * @param why what is wrong, as the end of a sentence that begins with the line
     * @param good how many good lines there are before it, in all files
     */
    public record Broken(Path file, long line, String why, long good) implements Verdict {}

    /** Waits a moment, so that a line which is just being written is whole afterwards. */
    interface Pause {
        void pause() throws InterruptedException;
    }

    private static final long MOMENT_MILLIS = 1000;

    private final AuditFolder folder;
    private final Pause pause;
    private ChainHead link = ChainHead.START;
    private final List<String> notes = new ArrayList<>();
    /** What the first line of all is chained to. */
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
     * @throws NoSuchFileException where there is none
     */
    public static Verdict run(Path dataDir) throws IOException, InterruptedException {
        return run(dataDir, () -> Thread.sleep(MOMENT_MILLIS));
    }

    static Verdict run(Path dataDir, Pause pause) throws IOException, InterruptedException {
        return new AuditCheck(AuditFolder.of(dataDir), pause).verdict();
    }

    private Verdict verdict() throws IOException, InterruptedException {
        List<AuditFolder.Full> full = folder.full();
        try (LineReader newest = openNewest()) {
            if (!full.equals(folder.full())) {
                // One has become full just now, and it is not sure which of them is open.
                return verdict();
            }
            if (full.isEmpty() && newest == null) {
                throw new NoSuchFileException(folder.current().toString());
            }
            Optional<Broken> broken = checkFull(full);
            if (broken.isEmpty() && newest != null) {
                broken = check(folder.current(), newest);
            }
            return broken.isPresent() ? broken.get() : new Intact(lines, first, link.seq(), link.hash(), lost, notes);
        } catch (NoSuchFileException e) {
            if (!full.equals(folder.full())) {
                // The oldest was deleted just now.
                return new AuditCheck(folder, pause).verdict();
            }
            throw e;
        }
    }

    /** Null where it is not there: there are full ones only, for a moment or because a crash came just then. */
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
                reader.readOn();
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

    /** What is wrong with the next line; where nothing is, the chain goes on with it. */
    private Optional<String> fault(byte[] bytes) {
        AuditLine line;
        try {
            line = AuditLine.read(bytes);
        } catch (AuditLine.DamagedException e) {
            return Optional.of(e.getMessage());
        }
        long seq = line.link().seq();
        boolean isFirst = lines == 0;
        if (isFirst && seq > 1) {
            if (line.prev() == null) {
                return Optional.of("has seq " + seq + " and begins no file: lines before it are missing");
            }
            link = new ChainHead(seq - 1, line.prev());
            firstPrev = line.prev();
            if (isGap(line, 1)) {
                lose(line, 1);
            }
        } else if (seq > link.seq() + 1 && isGap(line, link.seq() + 1)) {
            lose(line, link.seq() + 1);
            link = new ChainHead(seq - 1, line.prev());
        }
        if (seq != link.seq() + 1) {
            return Optional.of("has seq " + seq + " where " + (link.seq() + 1)
                    + " comes: lines are missing, were added or changed places");
        }
        if (!line.fits(link.hash())) {
            return Optional.of("has a hash that does not fit: it, or the line before it, was changed");
        }
        first = isFirst ? seq : first;
        link = line.link();
        lines++;
        return note(line);
    }

    /** Whether a line tells that all from another one up to itself were lost, as one that begins a file may. */
    private static boolean isGap(AuditLine line, long from) {
        return line.is(AuditAction.AUDIT_REPLACED)
                && line.prev() != null
                && line.param("kept").equals("false")
                && line.number("first") <= from
                && line.number("last") == line.link().seq() - 1;
    }

    private void lose(AuditLine line, long from) {
        long to = line.link().seq() - 1;
        lost += to - from + 1;
        notes.add("Lines " + from + " to " + to + " are missing: somebody deleted, replaced or cut their file while the"
                + " server wrote it");
    }

    /** Keeps what a line says of the log itself; what is wrong with that, if it is. */
    private Optional<String> note(AuditLine line) {
        long seq = line.link().seq();
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
