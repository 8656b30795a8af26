package tinderbox.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobQuery;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;
import tinderbox.job.dispatch.JobStore;
import tinderbox.store.files.AtomicFiles;
import tinderbox.store.index.InMemoryJobIndex;
import tinderbox.store.index.IndexException;
import tinderbox.store.index.IndexWriter;
import tinderbox.store.index.JobDatabase;

/**
 * Keeps the index and the table of jobs in step with the folders, which are right whatever the index says. An index
 * that cannot be used is kept aside and rebuilt; one that fails at work is not asked any more and marks itself, so
 * that the next start rebuilds it.
 */
final class IndexReconciler implements JobFolderReader.Memory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexReconciler.class);
    private static final String STALE = "stale";
    private static final int BATCH = 1000;
    /** With less room than this, in bytes, nothing can be said about an index that does not open. */
    private static final long LEAST_ROOM = 1 << 20;

    private final Path folder;
    private final Path aside;
    private final Consumer<Job> onWritten;
    private JobDatabase index;
    private InMemoryJobIndex table;
    private IndexWriter writer;
    /** The numbers of the jobs in the index; only while the server starts. */
    private Map<JobId, Long> indexed;
    /** Those of them of which it does not tell an end, and what it tells. */
    private Map<JobId, JobState> unended;

    private long lastSeq;

    private volatile boolean current = true;
    private volatile boolean abandoned;

    /**
     * Keeps the index in {@code folder}.
     *
     * @param aside where a broken one is put
     * @param onWritten hears of every job that the index knows, as it is, from now on
     */
    IndexReconciler(Path folder, Path aside, Consumer<Job> onWritten) {
        this.folder = folder;
        this.aside = aside;
        this.onWritten = onWritten;
    }

    /** Opens the index and reads all of it. */
    void open() throws IOException {
        if (Files.exists(folder.resolve(STALE))) {
            LOG.warn("The job index failed in the last run; it is rebuilt from the job folders");
            putAside();
        }
        try {
            index = new JobDatabase(folder);
            read();
        } catch (IndexException e) {
            refuseIfUnwritable(e);
            LOG.error("The job index is broken; it is rebuilt from the job folders", e);
            if (index != null) {
                index.abandon();
            }
            putAside();
            index = new JobDatabase(folder);
            read();
        }
    }

    /** A sound index cannot be opened either if the disk is full, or cannot be written. */
    private void refuseIfUnwritable(IndexException e) throws DataDir.UnavailableException {
        Path dataDir = folder.toAbsolutePath().getParent();
        try {
            if (FileErrors.isFull(e) || dataDir.toFile().getUsableSpace() < LEAST_ROOM) {
                throw new IOException("No space left to open the job index", e);
            }
            Path probe = Files.write(dataDir.resolve(".probe-" + UUID.randomUUID()), new byte[1]);
            Files.delete(probe);
        } catch (IOException reason) {
            if (index != null) {
                index.abandon();
            }
            throw DataDir.unusable(dataDir, reason);
        }
    }

    private void read() {
        table = new InMemoryJobIndex();
        indexed = new HashMap<>();
        unended = new HashMap<>();
        index.forEach((seq, id, state, type, submittedBy, searchable) -> {
            table.put(seq, id, state, type, submittedBy, searchable);
            indexed.put(id, seq);
            if (!state.isTerminal()) {
                unended.put(id, state);
            }
        });
    }

    private void putAside() throws IOException {
        Files.createDirectories(aside.getParent());
        AtomicFiles.move(folder, aside);
        LOG.warn("The old job index is kept in {}", aside);
    }

    /**
     * Makes the index and the table say what the folders say; from then on they follow.
     *
     * @return the jobs that have not ended, in the order of acceptance
     */
    List<Job> reconcile(JobFolderReader reader) throws IOException {
        lastSeq = table.lastSeq();
        List<Job> read = reader.unfinished();
        Set<JobId> active = new HashSet<>(reader.unread());
        read.forEach(job -> active.add(job.id()));
        Map<Path, List<JobId>> ended = reader.ended();
        Set<JobId> gone = new HashSet<>(indexed.keySet());
        gone.removeAll(active);
        ended.values().forEach(ids -> ids.forEach(gone::remove));
        if (!reader.hasReadAllMonths()) {
            gone.clear();
        }
        Map<Long, JobId> numbers = new HashMap<>();
        indexed.forEach((id, seq) -> {
            if (!gone.contains(id)) {
                numbers.put(seq, id);
            }
        });
        Set<JobId> hidden = new HashSet<>(reader.unread());
        hidden.retainAll(unended.keySet());
        hidden.addAll(gone);
        hidden.forEach(id -> table.remove(indexed.get(id)));
        index.removeAll(gone);
        List<Job> twice = new ArrayList<>();
        putUnfinished(firsts(read, numbers, twice));
        int missing = 0;
        for (Map.Entry<Path, List<JobId>> month : ended.entrySet()) {
            missing += putEnded(reader, month.getKey(), toRead(month.getValue(), active), numbers, twice);
            month.getValue().stream().filter(active::contains).forEach(id -> reader.leave(month.getKey(), id));
        }
        lastSeq = Math.max(lastSeq, table.lastSeq());
        Map<JobId, Job> renumbered = renumber(reader, twice);
        if (!gone.isEmpty()) {
            LOG.info("{} jobs whose folders are gone were taken out of the index", gone.size());
        }
        if (missing > 0) {
            LOG.info("{} jobs that the index did not know rightly were put back from their folders", missing);
        }
        indexed = null;
        unended = null;
        writer = new IndexWriter(index, new Follower());
        writer.start();
        return read.stream()
                .map(job -> renumbered.getOrDefault(job.id(), job))
                .sorted(Comparator.comparingLong(job -> job.request().seq()))
                .toList();
    }

    private void putUnfinished(List<Job> unfinished) {
        List<Job> changed = unfinished.stream()
                .filter(job -> unended.get(job.id()) != job.state())
                .toList();
        for (int from = 0; from < changed.size(); from += BATCH) {
            putAll(changed.subList(from, Math.min(from + BATCH, changed.size())));
        }
    }

    /** Those of which the index does not know that they have ended. */
    private List<JobId> toRead(List<JobId> ids, Set<JobId> active) {
        return ids.stream()
                .filter(id -> !active.contains(id))
                .filter(id -> !indexed.containsKey(id) || unended.containsKey(id))
                .toList();
    }

    /**
     * Those of these jobs whose number no other has: lists would show only one of two. A number comes twice if jobs of
     * two data dirs were put into one, or jobs were accepted while the index was lost and others could not be read.
     */
    private static List<Job> firsts(List<Job> jobs, Map<Long, JobId> numbers, List<Job> twice) {
        List<Job> firsts = new ArrayList<>();
        for (Job job : jobs) {
            JobId first = numbers.putIfAbsent(job.request().seq(), job.id());
            (first == null || first.equals(job.id()) ? firsts : twice).add(job);
        }
        return firsts;
    }

    /** Gives new numbers to those that have the number of another. */
    private Map<JobId, Job> renumber(JobFolderReader reader, List<Job> twice) throws IOException {
        Map<JobId, Job> renumbered = new LinkedHashMap<>();
        for (Job job : twice) {
            renumbered.put(job.id(), reader.renumber(job, ++lastSeq));
        }
        putAll(List.copyOf(renumbered.values()));
        return renumbered;
    }

    /** Answers how many of these there are. */
    private int putEnded(
            JobFolderReader reader, Path month, List<JobId> ids, Map<Long, JobId> numbers, List<Job> twice) {
        int put = 0;
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<Job> batch = ids.subList(from, Math.min(from + BATCH, ids.size())).stream()
                    .flatMap(id -> reader.readEndedOrLeave(month, id).stream())
                    .toList();
            putAll(firsts(batch, numbers, twice));
            put += batch.size();
        }
        return put;
    }

    /** The greatest number that a job has had, or 0. */
    long lastSeq() {
        return lastSeq;
    }

    private void putAll(List<Job> jobs) {
        index.putAll(jobs);
        jobs.forEach(table::put);
    }

    private final class Follower implements IndexWriter.Listener {
        @Override
        public void written(Job job) {
            onWritten.accept(job);
        }

        @Override
        public void failed(IndexException e) {
            IndexReconciler.this.failed(e);
        }
    }

    /** All jobs, for lists. */
    InMemoryJobIndex table() {
        return table;
    }

    /** Has table and index follow a change that is on disk already. */
    void changed(Job job) {
        table.put(job);
        writer.add(new IndexWriter.Change(job.id(), job));
    }

    /** The same for a job that was removed. */
    void removed(Job job) {
        table.remove(job.request().seq());
        writer.add(new IndexWriter.Change(job.id(), null));
    }

    /** An ended job; empty also where only the folders can tell. */
    Optional<Job> find(JobId id) {
        return Optional.ofNullable(find(List.of(id)).get(id));
    }

    /** Those of these jobs that have ended; some may be missing, of which only the folders can tell. */
    Map<JobId, Job> find(List<JobId> ids) {
        Map<JobId, Job> found = new HashMap<>();
        List<JobId> unknown = new ArrayList<>();
        for (JobId id : ids) {
            IndexWriter.Change unwritten = writer.unwritten(id);
            if (unwritten == null) {
                unknown.add(id);
            } else if (unwritten.job() != null && unwritten.job().state().isTerminal()) {
                found.put(id, unwritten.job());
            }
        }
        // Asked last, for a failure comes between.
        if (current) {
            try {
                found.putAll(index.findEnded(unknown));
            } catch (IndexException e) {
                failed(e);
            }
        }
        return found;
    }

    /** The job of this submitter and idempotency key, where it has ended and its end is written. */
    Optional<JobId> findByKey(String submittedBy, String key) {
        return index.findByKey(submittedBy, key);
    }

    /** See {@link JobStore#purgeable}; empty where only the folders can tell. */
    Optional<List<Job>> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit) {
        List<JobId> tooMany = table.list(JobQuery.ended(1, keep)).ids();
        // After the table was asked, so that the index knows what the table has told.
        writer.flush();
        if (current) {
            try {
                long keys = keysBefore.toEpochMilli();
                List<Job> old = index.endedBefore(endedBefore.toEpochMilli(), keys, limit);
                return Optional.of(
                        old.isEmpty() && !tooMany.isEmpty() ? index.endedUpTo(tooMany.get(0), keys, limit) : old);
            } catch (IndexException e) {
                failed(e);
            }
        }
        return Optional.empty();
    }

    @Override
    public Optional<Job> ended(JobId id) {
        try {
            return Optional.ofNullable(index.findEnded(List.of(id)).get(id));
        } catch (IndexException e) {
            failed(e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<JobRequest> request(JobId id) {
        try {
            return index.findRequest(id);
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
                    "The index could not be marked as failed ({}); it is tried again when the server stops. If it is"
                            + " killed, delete {} before the next start",
                    e.toString(),
                    folder);
        }
    }

    /** Whether the index follows every change. */
    boolean isCurrent() {
        return current;
    }

    /** Lets go of the index without writing anything more into it. */
    void abandon() {
        abandoned = true;
        index.abandon();
    }

    @Override
    public void close() {
        if (writer != null) {
            writer.close();
        }
        try {
            index.close();
        } catch (IndexException e) {
            failed(e);
        }
        if (!current) {
            // The disk may have been full when the index failed.
            markStale();
        }
    }
}
