package tinderbox.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobState;
import tinderbox.store.index.InMemoryJobIndex;
import tinderbox.store.index.JobDatabase;

/** Makes the database and the index in memory match the job folders when the server starts. */
final class IndexReconciler {
    private static final Logger LOG = LoggerFactory.getLogger(IndexReconciler.class);
    /** How many jobs are in memory at once; the parameters of one may take 200 kB. */
    private static final int BATCH = 200;

    private final JobDatabase database;
    private final InMemoryJobIndex memory = new InMemoryJobIndex();
    /** The sequence numbers of all jobs in the database. */
    private final Map<JobId, Long> indexed = new HashMap<>();
    /** The states of those jobs in the database that have not ended there. */
    private final Map<JobId, JobState> unended = new HashMap<>();
    /** Which job has a sequence number. */
    private final Map<Long, JobId> idsBySeq = new HashMap<>();
    /** Jobs whose sequence number another job has. */
    private final List<Job> duplicates = new ArrayList<>();

    private long lastSeq;

    /** Reads the database into memory. */
    IndexReconciler(JobDatabase database) {
        this.database = database;
        database.forEach(job -> {
            memory.put(job);
            indexed.put(job.id(), job.seq());
            if (!job.state().isTerminal()) {
                unended.put(job.id(), job.state());
            }
        });
    }

    InMemoryJobIndex memory() {
        return memory;
    }

    /** The greatest sequence number of any job, or 0. */
    long lastSeq() {
        return lastSeq;
    }

    /**
     * Returns the jobs that have not ended, in the order of acceptance.
     *
     * @param edited ended jobs of which the database may lack what users have edited
     */
    List<Job> reconcile(JobFolders folders, ActiveJobReader activeReader, EndedJobReader endedReader, Set<JobId> edited)
            throws IOException {
        lastSeq = memory.lastSeq();
        List<Job> unfinished = activeReader.readAll();
        Set<JobId> active = new HashSet<>(activeReader.unread());
        unfinished.forEach(job -> active.add(job.id()));
        Map<Path, List<JobId>> ended = endedReader.idsByMonth();
        Set<JobId> gone = endedReader.hasReadAllMonths() ? gone(active, ended) : Set.of();
        indexed.forEach((id, seq) -> {
            if (!gone.contains(id)) {
                idsBySeq.put(seq, id);
            }
        });
        hide(gone, activeReader.unread());
        database.removeAll(gone);
        putUnfinished(withoutDuplicates(unfinished));
        int added = 0;
        for (Map.Entry<Path, List<JobId>> month : ended.entrySet()) {
            added += putEnded(endedReader, month.getKey(), outdated(month.getValue(), active, edited));
            month.getValue().stream()
                    .filter(active::contains)
                    .forEach(id -> endedReader.reportActive(month.getKey(), id));
        }
        lastSeq = Math.max(lastSeq, memory.lastSeq());
        Map<JobId, Job> renumbered = renumberDuplicates(folders);
        if (!gone.isEmpty()) {
            LOG.info("Removed {} jobs from the index whose folders are gone", gone.size());
        }
        if (added > 0) {
            LOG.info("Added {} jobs from their folders that were missing or outdated in the index", added);
        }
        return unfinished.stream()
                .map(job -> renumbered.getOrDefault(job.id(), job))
                .sorted(Comparator.comparingLong(job -> job.request().seq()))
                .toList();
    }

    private Set<JobId> gone(Set<JobId> active, Map<Path, List<JobId>> ended) {
        Set<JobId> gone = new HashSet<>(indexed.keySet());
        gone.removeAll(active);
        ended.values().forEach(ids -> ids.forEach(gone::remove));
        return gone;
    }

    /** Removes jobs from memory, and so from lists: those that are gone, and unfinished ones that cannot be read. */
    private void hide(Set<JobId> gone, Set<JobId> unread) {
        Set<JobId> hidden = new HashSet<>(unread);
        hidden.retainAll(unended.keySet());
        hidden.addAll(gone);
        hidden.forEach(id -> memory.remove(indexed.get(id)));
    }

    private void putUnfinished(List<Job> unfinished) {
        List<Job> changed = unfinished.stream()
                .filter(job -> job.edits() != null || unended.get(job.id()) != job.state())
                .toList();
        for (int from = 0; from < changed.size(); from += BATCH) {
            putAll(changed.subList(from, Math.min(from + BATCH, changed.size())));
        }
    }

    /** Those ended jobs that the database does not have as they ended. */
    private List<JobId> outdated(List<JobId> ids, Set<JobId> active, Set<JobId> edited) {
        return ids.stream()
                .filter(id -> !active.contains(id))
                .filter(id -> !indexed.containsKey(id) || unended.containsKey(id) || edited.contains(id))
                .toList();
    }

    /** Returns how many jobs there were. */
    private int putEnded(EndedJobReader reader, Path month, List<JobId> ids) {
        int put = 0;
        for (int from = 0; from < ids.size(); from += BATCH) {
            List<Job> batch = ids.subList(from, Math.min(from + BATCH, ids.size())).stream()
                    .flatMap(id -> reader.readOrReport(month, id).stream())
                    .toList();
            putAll(withoutDuplicates(batch));
            put += batch.size();
        }
        return put;
    }

    /**
     * Sets aside jobs whose sequence number another job has, because lists would show only one of the two. This happens
     * if somebody merged two data dirs, or if the index was lost and jobs were accepted while others could not be read.
     */
    private List<Job> withoutDuplicates(List<Job> jobs) {
        List<Job> unique = new ArrayList<>();
        for (Job job : jobs) {
            JobId other = idsBySeq.putIfAbsent(job.request().seq(), job.id());
            (other == null || other.equals(job.id()) ? unique : duplicates).add(job);
        }
        return unique;
    }

    private Map<JobId, Job> renumberDuplicates(JobFolders folders) throws IOException {
        Map<JobId, Job> renumbered = new LinkedHashMap<>();
        for (Job job : duplicates) {
            renumbered.put(job.id(), folders.renumber(job, ++lastSeq));
        }
        putAll(List.copyOf(renumbered.values()));
        return renumbered;
    }

    private void putAll(List<Job> jobs) {
        database.putAll(jobs);
        jobs.forEach(memory::put);
    }
}
