package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.Job;
import tinderbox.job.JobEdits;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.dispatch.JobStore;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.index.InMemoryJobIndex;
import tinderbox.store.index.IndexException;
import tinderbox.store.index.IndexWriter;
import tinderbox.store.index.JobDatabase;

/**
 * Finds jobs: in memory for lists, in a database for their requests and outcomes. Both follow the folders, which are
 * the truth. A database that does not open is moved to {@code recovery/} and rebuilt. One that fails later is no longer
 * used and marked as stale, so that the next start rebuilds it.
 */
final class JobIndex implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobIndex.class);
    private static final String STALE = "stale";
    private static final String EDITED = "edited";
    /** With less free space than this, in bytes, a sound database may not open either. */
    private static final long MIN_FREE_BYTES = 1 << 20;

    private final Path folder;
    private final Path recovery;
    private final Consumer<Job> onWritten;
    private final IndexTimings timings = new IndexTimings();
    private JobDatabase database;
    /** Null after {@link #reconcile}. */
    private IndexReconciler reconciler;

    private InMemoryJobIndex memory;
    private IndexWriter writer;
    private long lastSeq;
    /** Null before {@link #open}. */
    private EditedJobs edited;

    private volatile boolean current = true;
    private volatile boolean abandoned;

    /**
     * @param folder the folder of the database
     * @param recovery where to move a broken database
     * @param onWritten receives every job after its newest state is in the database
     */
    JobIndex(Path folder, Path recovery, Consumer<Job> onWritten) {
        this.folder = folder;
        this.recovery = recovery;
        this.onWritten = onWritten;
    }

    /** Opens the database and reads all of it. */
    void open() throws IOException {
        if (Files.exists(folder.resolve(STALE))) {
            LOG.warn("The job index failed in the last run; it is rebuilt from the job folders");
            moveToRecovery();
        }
        try {
            openDatabase();
        } catch (IndexException e) {
            refuseIfUnwritable(e);
            LOG.error("The job index is broken; it is rebuilt from the job folders", e);
            if (database != null) {
                database.abandon();
            }
            moveToRecovery();
            openDatabase();
        }
    }

    private void openDatabase() {
        database = new JobDatabase(folder);
        reconciler = new IndexReconciler(database);
        edited = new EditedJobs(folder.resolve(EDITED));
    }

    /** A sound database does not open either if the disk is full or cannot be written. */
    private void refuseIfUnwritable(IndexException e) throws DataDir.UnavailableException {
        Path dataDir = folder.toAbsolutePath().getParent();
        try {
            if (FileErrors.isFull(e) || dataDir.toFile().getUsableSpace() < MIN_FREE_BYTES) {
                throw new IOException("No space left to open the job index", e);
            }
            WriteProbe.requireWritable(dataDir);
        } catch (IOException reason) {
            if (database != null) {
                database.abandon();
            }
            throw DataDir.unusable(dataDir, reason);
        }
    }

    private void moveToRecovery() throws IOException {
        Files.createDirectories(recovery.getParent());
        AtomicFiles.move(folder, recovery);
        LOG.warn("The old job index is kept in {}", recovery);
    }

    /**
     * Makes the index match the folders, and starts to follow changes.
     *
     * @return the jobs that have not ended, in the order of acceptance
     */
    List<Job> reconcile(JobFolders folders, ActiveJobReader active, EndedJobReader ended) throws IOException {
        List<Job> unfinished = reconciler.reconcile(folders, active, ended, edited.read());
        memory = reconciler.memory();
        lastSeq = reconciler.lastSeq();
        reconciler = null;
        writer = new IndexWriter(database, new WriterListener(), timings.writes());
        writer.start();
        return unfinished;
    }

    private final class WriterListener implements IndexWriter.Listener {
        @Override
        public void written(Job job) {
            onWritten.accept(job);
        }

        @Override
        public void failed(IndexException e) {
            JobIndex.this.failed(e);
        }
    }

    /** The greatest sequence number of any job found by {@link #reconcile}, or 0. */
    long lastSeq() {
        return lastSeq;
    }

    InMemoryJobIndex memory() {
        return memory;
    }

    IndexTimings timings() {
        return timings;
    }

    /** A page of jobs, from memory. */
    InMemoryJobIndex.Page list(JobQuery query, long settled, Instant now) {
        long started = System.nanoTime();
        InMemoryJobIndex.Page page = memory.list(query, settled, now);
        timings.lists().ended(started);
        return page;
    }

    /** Follows a change that is on disk already. */
    void changed(Job job) {
        memory.put(job);
        writer.add(new IndexWriter.Change(job.id(), job));
    }

    /**
     * Call this before the edits of an ended job are written. If a crash takes them from the index, the next start reads
     * the job from its folder.
     */
    void editing(JobId id) throws IOException {
        edited.add(id);
    }

    /** Follows a deletion that is on disk already. */
    void removed(Job job) {
        memory.remove(job.request().seq());
        writer.add(new IndexWriter.Change(job.id(), null));
    }

    /** An ended job. May be empty although its folder exists. */
    Optional<Job> find(JobId id) {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }

    /** Those of these jobs that have ended. Some may be missing although their folders exist. */
    Map<JobId, Job> find(List<JobId> ids) {
        Map<JobId, Job> found = new HashMap<>();
        List<JobId> written = new ArrayList<>();
        for (JobId id : ids) {
            IndexWriter.Change unwritten = writer.unwritten(id);
            if (unwritten == null) {
                written.add(id);
            } else if (unwritten.job() != null && unwritten.job().state().isTerminal()) {
                found.put(id, unwritten.job());
            }
        }
        // Read after asking the writer: it clears the flag before it drops changes that it could not write.
        if (current) {
            try {
                long started = System.nanoTime();
                found.putAll(database.findEnded(written));
                timings.reads().ended(started);
            } catch (IndexException e) {
                failed(e);
            }
        }
        return found;
    }

    /** The job with this submitter and idempotency key, if it has ended and its outcome is in the database. */
    Optional<JobId> findByKey(String submittedBy, String key) {
        return database.findByKey(submittedBy, key);
    }

    /** See {@link JobStore#purgeable}; empty if the database has failed. */
    Optional<List<Job>> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit) {
        List<JobId> newestSurplus =
                memory.list(JobQuery.ended(1, keep), lastSeq, Instant.EPOCH).ids();
        // After the list in memory was read, so that the database has caught up with it.
        writer.flush();
        if (current) {
            try {
                long keys = keysBefore.toEpochMilli();
                List<Job> old = database.endedBefore(endedBefore.toEpochMilli(), keys, limit);
                return Optional.of(
                        old.isEmpty() && !newestSurplus.isEmpty()
                                ? database.endedUpTo(newestSurplus.get(0), keys, limit)
                                : old);
            } catch (IndexException e) {
                failed(e);
            }
        }
        return Optional.empty();
    }

    /** An ended job as the database has it, to repair its folder. */
    Optional<Job> indexedEnd(JobId id) {
        try {
            return Optional.ofNullable(database.findEnded(List.of(id)).get(id));
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    /** What users have edited of a job as the database has it, to repair its folder. */
    Optional<JobEdits> indexedEdits(JobId id) {
        try {
            return database.findEdits(id);
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    /** The request of a job as the database has it, to repair its folder. */
    Optional<JobRequest> indexedRequest(JobId id) {
        try {
            return database.findRequest(id);
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    private void failed(IndexException e) {
        if (abandoned) {
            return;
        }
        LOG.error(
                "No job is lost, but an old one may be slow to find until the next start, which rebuilds the index", e);
        current = false;
        markStale();
    }

    private void markStale() {
        try {
            Files.writeString(folder.resolve(STALE), "");
        } catch (IOException e) {
            LOG.error(
                    "The index could not be marked as failed ({}); the server tries again when it stops. If it is"
                            + " killed, delete {} before the next start",
                    e.toString(),
                    folder);
        }
    }

    /** Whether the database follows every change. */
    boolean isCurrent() {
        return current;
    }

    /** Closes the database without writing anything more to it. */
    void abandon() {
        abandoned = true;
        database.abandon();
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
        try {
            database.close();
            if (current) {
                edited.clear();
            }
        } catch (IndexException e) {
            failed(e);
        } catch (IOException e) {
            LOG.warn("The next start reads the edited jobs again: {}", e.toString());
        }
        if (!current) {
            // The disk may have been full when the index failed.
            markStale();
        }
    }
}
