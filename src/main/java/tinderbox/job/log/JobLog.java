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
 * A job's log while an attempt runs: one line per entry, {@code time level text}, in the files that {@link LogFolder}
 * describes. Once they are too large together, the oldest file is deleted; line numbers are never reused. Thread-safe. A
 * line is in the file when its method returns. It uses streams because an interrupt closes a channel.
 */
public final class JobLog implements AutoCloseable {
    /** The smallest limit of a log's size, in bytes. */
    public static final long MIN_BYTES = 1 << 16;

    /** A log has at most about this many parts. */
    private static final int MAX_PARTS = 8;

    /** The size of one write, and the smallest size of a part. */
    private static final int BATCH_BYTES = 1 << 14;

    private static final int BUFFER_BYTES = 1 << 16;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(JobLog.class);

    private final Path folder;
    private final File newest;
    private final Path newestIndex;
    private final Clock clock;
    private final Redactor redactor;
    private final long maxBytes;
    private final long partBytes;
    private final Deque<LogFolder.FullPart> fullParts;
    private long fullPartsBytes;
    /** The number of the newest part's first line. */
    private long first;

    /** The number of the next line. */
    private long next;

    /** The size of the newest part. */
    private long bytes;

    /** The offset of the last line in the newest part's index. */
    private long indexed;

    private OutputStream text;
    private OutputStream index;
    private byte[] head;
    private long brokenSinceNanos;
    private boolean broken;
    private boolean closed;

    /** Continues the log in {@code folder} without redacting it. */
    public JobLog(Path folder, Clock clock, long maxBytes) throws IOException {
        this(folder, clock, maxBytes, Redactor.NONE);
    }

    /**
     * Continues the log in {@code folder}, or creates it.
     *
     * @param maxBytes the maximum size, at least {@link #MIN_BYTES}
     * @param redactor removes from each text what readers of the log must not see
     */
    public JobLog(Path folder, Clock clock, long maxBytes, Redactor redactor) throws IOException {
        if (maxBytes < MIN_BYTES) {
            throw new IllegalArgumentException("a log of " + maxBytes + " bytes is too small");
        }
        this.folder = folder;
        this.newest = folder.resolve(LogFolder.NEWEST).toFile();
        this.newestIndex = folder.resolve(LogFolder.NEWEST_INDEX);
        this.clock = clock;
        this.redactor = redactor;
        this.maxBytes = maxBytes;
        this.partBytes = Math.max(BATCH_BYTES, maxBytes / MAX_PARTS);
        this.fullParts = new ArrayDeque<>(LogFolder.fullParts(folder));
        this.fullPartsBytes =
                fullParts.stream().mapToLong(LogFolder.FullPart::bytes).sum();
        openNewest();
    }

    /**
     * The files of the log in a folder, in order, without their indexes, which are optional. If the job runs, a file may be
     * deleted or renamed before it is read.
     */
    public static List<Path> files(Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        LogFolder.fullParts(folder).forEach(part -> files.add(part.text()));
        files.add(folder.resolve(LogFolder.NEWEST));
        return files;
    }

    /** Logs an event. */
    public void info(String text) {
        write(LogLine.Level.INFO, text);
    }

    /** Logs that something was skipped or is unexpected. */
    public void warn(String text) {
        write(LogLine.Level.WARN, text);
    }

    /** Logs why the job fails. */
    public void error(String text) {
        write(LogLine.Level.ERROR, text);
    }

    /** Logs why the job fails, with the stack trace. */
    public void error(String text, Throwable cause) {
        write(LogLine.Level.ERROR, text, cause);
    }

    /** Writes a text of one or more lines, with the stack trace of its cause. */
    public void write(LogLine.Level level, String text, Throwable cause) {
        StringWriter trace = new StringWriter();
        cause.printStackTrace(new PrintWriter(trace));
        write(level, text + "\n" + trace);
    }

    /** Writes a text of one or more lines; does nothing once the log is closed. */
    public void write(LogLine.Level level, String text) {
        Batch batch = new Batch(LogText.prefix(clock.instant(), level));
        if (text.isEmpty()) {
            batch.add("");
        } else {
            redacted(text).lines().forEach(batch::add);
        }
        batch.write();
    }

    /** A text as readers of this log may see it. Other texts about the job for users must pass through this too. */
    public String redacted(String text) {
        return redactor.apply(text);
    }

    /** Lines that are encoded before the lock is taken, then written together. */
    private final class Batch {
        private final byte[] prefix;
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream(256);
        private int count;

        private Batch(byte[] prefix) {
            this.prefix = prefix;
        }

        private void add(String line) {
            if (lines.size() > BATCH_BYTES - prefix.length - LogText.MAX_LINE - 1) {
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
            while (!fullParts.isEmpty() && fullPartsBytes + bytes + lines.length > maxBytes) {
                dropOldest();
            }
            text.write(lines);
        } catch (IOException e) {
            writeFailed(e);
            return;
        }
        bytes += lines.length;
        next += count;
        addToIndex();
    }

    /** Renames the newest part, which is full, and starts another. */
    private void rotate() throws IOException {
        text.close();
        closeIndex();
        LogFolder.FullPart part = LogFolder.FullPart.in(folder, first, next, bytes);
        Files.move(newest.toPath(), part.text(), StandardCopyOption.ATOMIC_MOVE);
        fullParts.addLast(part);
        fullPartsBytes += bytes;
        try {
            Files.move(newestIndex, part.index(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            // A small part has none, and an index is optional.
            LOG.debug("No index for {}", part.text(), e);
        }
        openNewest();
    }

    private void dropOldest() throws IOException {
        LogFolder.FullPart oldest = fullParts.removeFirst();
        fullPartsBytes -= oldest.bytes();
        Files.deleteIfExists(oldest.text());
        Files.deleteIfExists(oldest.index());
    }

    /** Opens the newest part, which may exist already. */
    private void openNewest() throws IOException {
        first = fullParts.isEmpty() ? 0 : fullParts.getLast().next();
        next = first;
        bytes = 0;
        indexed = 0;
        head = null;
        Files.deleteIfExists(newestIndex);
        resume();
    }

    /** Opens the newest part, counts the lines that are not counted yet, and completes a partial last line. */
    private void resume() throws IOException {
        text = new FileOutputStream(newest, true);
        boolean partial = false;
        try (InputStream in = new FileInputStream(newest)) {
            in.skipNBytes(bytes);
            byte[] buffer = new byte[BUFFER_BYTES];
            long at = bytes;
            for (int read = in.read(buffer); read > 0; read = in.read(buffer)) {
                for (int i = 0; i < read; i++) {
                    if (buffer[i] == '\n') {
                        next++;
                        bytes = at + i + 1;
                        addToIndex();
                    }
                }
                at += read;
                partial = bytes < at;
            }
            if (partial) {
                text.write('\n');
                bytes = at + 1;
                next++;
            }
        }
    }

    private void addToIndex() {
        if (bytes - indexed < LogIndex.MIN_GAP_BYTES) {
            return;
        }
        try {
            if (head == null) {
                try (InputStream in = new FileInputStream(newest)) {
                    head = in.readNBytes(LogIndex.HEAD_BYTES);
                }
            }
            if (index == null) {
                index = new FileOutputStream(newestIndex.toFile(), true);
            }
            index.write(LogIndex.entry(new LogIndex.Position(next, bytes), head, first));
        } catch (IOException e) {
            // The index is optional; reading is slower without it.
            LOG.debug("No index for {}", newest, e);
        }
        indexed = bytes;
    }

    /** Whether the file is open. After a failed write it is opened again, at most once in {@link #RETRY_AFTER}. */
    private boolean isWritable() {
        if (!broken) {
            return true;
        }
        if (System.nanoTime() - brokenSinceNanos < RETRY_AFTER.toNanos()) {
            return false;
        }
        try {
            resume();
            broken = false;
            byte[] prefix = LogText.prefix(clock.instant(), LogLine.Level.WARN);
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            LogText.append(line, prefix, "Lines are missing here: the log could not be written");
            put(line.toByteArray(), 1);
        } catch (IOException e) {
            writeFailed(e);
        }
        return !broken;
    }

    /** A lost line must not end a job; the server's log reports that lines are missing. */
    private void writeFailed(IOException e) {
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
            LOG.debug("A file could not be closed", e);
        }
    }

    /** This log for readers, also while it is written. */
    public LogParts parts() {
        return new Parts();
    }

    private final class Parts implements LogParts {
        @Override
        public long first() {
            synchronized (JobLog.this) {
                return fullParts.isEmpty() ? first : fullParts.getFirst().first();
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
            // Under the lock, because a rotation renames files.
            synchronized (JobLog.this) {
                for (LogFolder.FullPart part : fullParts) {
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
