package tinderbox.job.result;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;

/** The parts of one result, in the attempt's folder. Thread-safe. */
final class PartFolder {
    private final Path folder;
    private final List<Column> columns;
    private final SizeLimit limit;
    /** Written, and not joined yet. */
    private final Set<ResultPart> complete = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    PartFolder(Path folder, List<Column> columns, SizeLimit limit) {
        this.folder = folder;
        this.columns = columns;
        this.limit = limit;
    }

    /** As {@link ResultParts#write}. */
    ResultPart write(Iterator<? extends List<?>> rows) throws IOException {
        Path file = folder.resolve("part-" + UUID.randomUUID() + ".csv");
        CsvWriter csv = create(file);
        try {
            try (csv) {
                while (rows.hasNext()) {
                    requireOpen();
                    csv.row(rows.next());
                }
            }
            ResultPart part = new ResultPart(file.getFileName().toString(), csv.rows(), csv.bytes());
            complete.add(part);
            return part;
        } catch (Throwable e) {
            delete(file, csv.bytes(), e);
            throw e;
        }
    }

    /** Synchronized with {@link #close}, so that no file appears in a folder that is being deleted. */
    private synchronized CsvWriter create(Path file) throws IOException {
        requireOpen();
        return new CsvWriter(columns, new FileOutputStream(file.toFile()), limit);
    }

    private void requireOpen() {
        if (closed || Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the task no longer has to write rows of the result");
        }
    }

    private void delete(Path file, long bytes, Throwable why) {
        try {
            Files.deleteIfExists(file);
            limit.giveBack(bytes);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    /** Whether rows that tasks have written are not in the result. A task that ran twice leaves such rows, too. */
    boolean hasRowsNotJoined() {
        return complete.stream().anyMatch(part -> part.rows() > 0);
    }

    /** Moves the first rows of a part to the end of {@code result}, and deletes the others. */
    void join(ResultPart part, long rows, CsvWriter result) throws IOException {
        if (!complete.remove(part)) {
            throw new IllegalArgumentException(part.file() + " is not a part of this result, or it was joined before");
        }
        Path file = folder.resolve(part.file());
        // A stream, because an interrupt closes a channel.
        try (InputStream in = new FileInputStream(file.toFile())) {
            limit.giveBack(part.bytes() - result.append(in, part, rows));
        }
        Files.delete(file);
    }

    /** Stops tasks that still write; they throw. */
    synchronized void close() {
        closed = true;
    }
}
