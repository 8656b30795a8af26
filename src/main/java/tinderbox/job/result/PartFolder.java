package tinderbox.job.result;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import tinderbox.job.JobException;

/** The parts of one result, in the attempt's folder. Thread-safe. */
final class PartFolder {
    /** How many parts may be incomplete; each is of a task that runs, or of one that has failed. */
    private static final int MAX_INCOMING = 100_000;

    private final Path folder;
    private final List<Column> columns;
    private final SizeLimit limit;
    /** The size so far of parts that executors are sending. */
    private final Map<UUID, Long> incoming = new HashMap<>();
    /** Written, and not joined yet. */
    private final Set<ResultPart> complete = ConcurrentHashMap.newKeySet();

    private volatile boolean closed;

    PartFolder(Path folder, List<Column> columns, SizeLimit limit) {
        this.folder = folder;
        this.columns = columns;
        this.limit = limit;
    }

    List<Column> columns() {
        return columns;
    }

    /**
     * Writes a piece of a part that an executor sends. Nothing stays open between two pieces, so an executor that dies
     * leaves nothing behind but a file.
     *
     * @return as {@link PartConnection#send}
     * @throws IOException if the piece cannot be written, or does not follow the one before it
     */
    synchronized Long receive(PartBlock block) throws IOException {
        requireOpen();
        Long size = incoming.get(block.part());
        if (block.from() != (size == null ? 0 : size) || (size == null && incoming.size() >= MAX_INCOMING)) {
            throw new IOException("a piece of a part of the result is out of order");
        }
        try {
            limit.take(block.content().length);
        } catch (JobException e) {
            return limit.maxBytes();
        }
        String name = name(block.part());
        Files.write(
                folder.resolve(name),
                block.content(),
                size == null ? StandardOpenOption.CREATE_NEW : StandardOpenOption.WRITE,
                StandardOpenOption.APPEND);
        long now = block.from() + block.content().length;
        incoming.put(block.part(), now);
        if (block.isLast()) {
            incoming.remove(block.part());
            complete.add(new ResultPart(name, block.rows(), now));
        }
        return null;
    }

    static String name(UUID part) {
        return "part-" + part + ".csv";
    }

    /** As {@link ResultParts#write}. */
    ResultPart write(Iterator<? extends List<?>> rows) throws IOException {
        Path file = folder.resolve(name(UUID.randomUUID()));
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
        if (part.equals(ResultPart.EMPTY)) {
            return;
        }
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
