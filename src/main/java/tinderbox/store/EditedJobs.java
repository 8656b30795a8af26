package tinderbox.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashSet;
import java.util.Set;
import tinderbox.job.JobId;
import tinderbox.store.files.AtomicFiles;

/**
 * Which ended jobs were edited since the database was closed in an orderly way: a file with a line for each. A crash can
 * take such an edit from the database, and nothing else shows that: the job had ended before. Thread-safe.
 */
final class EditedJobs {
    private final Path file;
    private final Set<JobId> ids = new LinkedHashSet<>();

    EditedJobs(Path file) {
        this.file = file;
    }

    /** Reads the file, if there is one; ignores a line that a crash has torn. */
    synchronized Set<JobId> read() throws IOException {
        if (AtomicFiles.exists(file)) {
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(JobId::isWellFormed)
                    .forEach(line -> ids.add(JobId.parse(line)));
        }
        return Set.copyOf(ids);
    }

    /** Adds a job; it is on the disk when this returns. */
    synchronized void add(JobId id) throws IOException {
        if (ids.contains(id)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            // A line of its own, even if the last one was torn.
            ByteBuffer line = ByteBuffer.wrap(("\n" + id + "\n").getBytes(StandardCharsets.ISO_8859_1));
            while (line.hasRemaining()) {
                channel.write(line);
            }
            channel.force(true);
        }
        AtomicFiles.sync(file.getParent());
        ids.add(id);
    }

    /** The database has all edits. */
    synchronized void clear() throws IOException {
        Files.deleteIfExists(file);
        ids.clear();
    }
}
