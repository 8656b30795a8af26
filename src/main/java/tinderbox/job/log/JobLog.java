package tinderbox.job.log;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Redactor;

/**
 * A job's own log while an attempt runs: one line per entry, {@code time level text}, in the files that {@link
 * LogFolder} tells of. Once all of them together are too large, the oldest is deleted; the numbers of the lines go
 * on. For several threads, and a line is in the file when its method returns. Plain streams, not channels: an
 * interrupt must not close them half-way through a write.
 */
public final class JobLog implements AutoCloseable {
    /** The smallest size that a log can be held to, in bytes. */
    public static final long SMALLEST = 1 << 16;

    /** A log is kept in at most about this many parts. */
    private static final int PARTS = 8;

    /** What is written at once, in bytes; also the smallest part. */
    private static final int BATCH = 1 << 14;

    private static final int BUFFER = 1 << 16;
    private static final Duration TRY_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(JobLog.class);

    private final Path folder;
    private final File newest;
    private final Path newestIndex;
    private final Clock clock;
    private final Redactor redactor;
    private final long maxBytes;
    private final long partBytes;
    private final Deque<LogFolder.Older> older;
    private long olderBytes;
    /** Of the newest part: the number of its first line and of its next one, its size, and where its index ends. */
    private long first;

    private long next;
    private long bytes;
    private long indexed;
    private OutputStream text;
    private OutputStream index;
    private byte[] head;
    private long brokenSinceNanos;
    private boolean broken;
    private boolean closed;

    /** Goes on with the log in {@code folder}, and hides nothing in it. */
    public JobLog(Path folder, Clock clock, long maxBytes) throws IOException {
        this(folder, clock, maxBytes, Redactor.NONE);
    }

    /**
     * Goes on with the log in {@code folder}, which may have none yet.
     *
     * @param maxBytes how large it may grow, at least {@link #SMALLEST}
     * @param redactor hides in each text what those who read the log are not to see
     */
    public JobLog(Path folder, Clock clock, long maxBytes, Redactor redactor) throws IOException {
        if (maxBytes < SMALLEST) {
            throw new IllegalArgumentException("a log of " + maxBytes + " bytes is too small to be of use");
        }
        this.folder = folder;
        this.newest = folder.resolve(LogFolder.NEWEST).toFile();
        this.newestIndex = folder.resolve(LogFolder.NEWEST_INDEX);
        this.clock = clock;
        this.redactor = redactor;
        this.maxBytes = maxBytes;
        this.partBytes = Math.max(BATCH, maxBytes / PARTS);
        this.older = new ArrayDeque<>(LogFolder.older(folder));
        this.olderBytes = older.stream().mapToLong(LogFolder.Older::bytes).sum();
        begin();
    }

    /**
     * The files of the log in a folder, in order; without their indexes, which can be done without. One may be gone
     * or have another name by the time it is read, where a job runs.
     */
    public static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        LogFolder.older(folder).forEach(part -> files.add(part.text()));
        files.add(folder.resolve(LogFolder.NEWEST));
        return files;
    }

    /** Says what happens. */
    public void info(String text) {
        write(LogLine.Level.INFO, text);
    }

    /** Says that something was passed over or is odd. */
    public void warn(String text) {
        write(LogLine.Level.WARN, text);
    }

    /** Says why the job fails. */
    public void error(String text) {
        write(LogLine.Level.ERROR, text);
    }

    /** Says why the job fails, with the whole stack trace. */
    public void error(String text, Throwable cause) {
        write(LogLine.Level.ERROR, text, cause);
    }

    /** Writes a text, which may have several lines, with the stack trace of its cause. */
    public void write(LogLine.Level level, String text, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        write(level, text + "\n" + trace);
    }

    /** Writes a text, which may have several lines. Once the log is closed nothing happens. */
    public void write(LogLine.Level level, String text) {
        Batch batch = new Batch(LogText.prefix(clock.instant(), level));
        if (text.isEmpty()) {
            batch.add("");
        } else {
            redacted(text).lines().forEach(batch::add);
        }
        batch.write();
    }

    /** A text as readers of this log may see it; other texts about the job for users go through this as well. */
    public String redacted(String text) {
        return redactor.apply(text);
    }

    /** Lines that are made ready before the lock is taken, and written at once. */
    private final class Batch {
        private final byte[] prefix;
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream(256);
        private int count;

        private Batch(byte[] prefix) {
            this.prefix = prefix;
        }

        private void add(String line) {
            if (lines.size() > BATCH - prefix.length - LogText.MAX_LINE - 1) {
                write();
            }
            LogText.append(lines, prefix, line);
            count++;
        }

        private void write() {
            put(lines.toByteArray(), count);
            lines.reset();
            count = 0;
        }
    }

    private synchronized void put(byte[] lines, int count) {
        if (closed || !isWritable()) {
            return;
        }
        try {
            if (bytes > 0 && bytes + lines.length > partBytes) {
                rotate();
            }
            while (!older.isEmpty() && olderBytes + bytes + lines.length > maxBytes) {
                dropOldest();
            }
            text.write(lines);
        } catch (IOException e) {
            cannotWrite(e);
            return;
        }
        bytes += lines.length;
        next += count;
        noteInIndex();
    }

    /** Makes the newest part one of the older ones and begins another. */
    private void rotate() throws IOException {
        text.close();
        closeIndex();
        LogFolder.Older full = LogFolder.Older.in(folder, first, next, bytes);
        Files.move(newest.toPath(), full.text(), StandardCopyOption.ATOMIC_MOVE);
        older.addLast(full);
        olderBytes += bytes;
        try {
            Files.move(newestIndex, full.index(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // A small part has none, and every part can do without.
            LOG.debug("No index for {}", full.text(), e);
        }
        begin();
    }

    private void dropOldest() throws IOException {
        LogFolder.Older oldest = older.removeFirst();
        olderBytes -= oldest.bytes();
        Files.deleteIfExists(oldest.text());
        Files.deleteIfExists(oldest.index());
    }

    /** Begins the newest part, or goes on with it where it is there. */
    private void begin() throws IOException {
        first = older.isEmpty() ? 0 : older.getLast().next();
        next = first;
        bytes = 0;
        indexed = 0;
        head = null;
        Files.deleteIfExists(newestIndex);
        resume();
    }

    /** Opens the newest part and counts what is in it beyond what is known; mends its end where that is torn. */
    private void resume() throws IOException {
        text = new FileOutputStream(newest, true);
        boolean torn = false;
        try (InputStream in = new FileInputStream(newest)) {
            in.skipNBytes(bytes);
            byte[] buffer = new byte[BUFFER];
            long at = bytes;
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        next++;
                        bytes = at + i + 1;
                        noteInIndex();
                    }
                }
                at += read;
                torn = bytes < at;
            }
            if (torn) {
                text.write('\n');
                bytes = at + 1;
                next++;
            }
        }
    }

    private void noteInIndex() {
        if (bytes - indexed < LogIndex.EVERY) {
            return;
        }
        try {
            if (head == null) {
                try (InputStream in = new FileInputStream(newest)) {
                    head = in.readNBytes(LogIndex.HEAD);
                }
            }
            if (index == null) {
                index = new FileOutputStream(newestIndex.toFile(), true);
            }
            index.write(LogIndex.entry(new LogIndex.Place(next, bytes), head, first));
        } catch (IOException e) {
            // Only a hint; whoever reads goes the longer way.
            LOG.debug("No index for {}", newest, e);
        }
        indexed = bytes;
    }

    /** Whether the file is open; where a write has failed it is opened again, but not all the time. */
    private boolean isWritable() {
        if (!broken) {
            return true;
        }
        if (System.nanoTime() - brokenSinceNanos < TRY_AGAIN_AFTER.toNanos()) {
            return false;
        }
        try {
            resume();
            broken = false;
            byte[] prefix = LogText.prefix(clock.instant(), LogLine.Level.WARN);
            ByteArrayOutputStream told = new ByteArrayOutputStream();
            LogText.append(told, prefix, "Lines are missing here: the log could not be written");
            put(told.toByteArray(), 1);
        } catch (IOException e) {
            cannotWrite(e);
        }
        return !broken;
    }

    /** A line that is lost must not end a job; the server's log tells that lines are missing. */
    private void cannotWrite(IOException e) {
        if (!broken) {
            LOG.warn("Lines are missing in {}: {}", newest, e.getMessage());
        }
        broken = true;
        brokenSinceNanos = System.nanoTime();
        close(text);
        closeIndex();
    }

    private void closeIndex() {
        if (index != null) {
            close(index);
            index = null;
        }
    }

    private static void close(Closeable file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.debug("Not closed", e);
        }
    }

    /** This log for a reader, also while it is written. */
    public LogParts parts() {
        return new Parts();
    }

    private final class Parts implements LogParts {
        @Override
        public long first() {
            synchronized (JobLog.this) {
                return older.isEmpty() ? first : older.getFirst().first();
            }
        }

        @Override
        public long next() {
            synchronized (JobLog.this) {
                return next;
            }
        }

        @Override
        public LogPart open(long line) throws IOException {
            // Under the lock, or the files may have other names already.
            synchronized (JobLog.this) {
                for (LogFolder.Older part : older) {
                    if (line < part.next()) {
                        return part.open();
                    }
                }
                return LogPart.open(newest.toPath(), newestIndex, first, next, bytes);
            }
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            close(text);
            closeIndex();
        }
    }
}
