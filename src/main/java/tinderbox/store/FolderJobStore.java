package tinderbox.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.common.LruMap;
import tinderbox.common.OomSafeLog;
import tinderbox.common.Redactor;
import tinderbox.job.ErrorCode;
import tinderbox.job.FilterValues;
import tinderbox.job.Job;
import tinderbox.job.JobEdits;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobIds;
import tinderbox.job.JobListener;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.ProgressReport;
import tinderbox.job.RunSet;
import tinderbox.job.StorageFailure;
import tinderbox.job.Visibility;
import tinderbox.job.dispatch.JobStore;
import tinderbox.job.dispatch.RunSetStore;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.JobResult;
import tinderbox.store.index.InMemoryJobIndex;

/**
 * Stores jobs in folders and finds them through an index. Jobs that have not ended are in memory too. A compare-and-set
 * happens there, under the job's lock, and others see the change only after the folder is on disk.
 */
public final class FolderJobStore implements JobStore, RunSetStore {
    private static final Logger LOG = LoggerFactory.getLogger(FolderJobStore.class);
    private static final int LOCKS = 256;
    private static final int ENDED_CACHE_SIZE = 1000;
    /** Ended jobs with more characters in parameters, labels and note are not cached. */
    private static final int MAX_CACHED_CHARS = 10_000;
    /** A page of a list ends once parameters, labels and notes of its jobs have this many characters; it has at least one batch. */
    private static final int MAX_PAGE_CHARS = 10_000_000;

    private static final int LOAD_BATCH = 50;

    private final Path dataDir;
    private final Clock clock;
    private final WriteProbe probe;
    private final BooleanSupplier takenOver;
    private final Redactor redactor;
    private final JobFolders folders;
    private final EndedJobReader endedReader;
    private final VerifiedResults verifiedResults = new VerifiedResults();
    private final JobIndex index;
    private final RunSetFolder runSetFolder;
    private final ActiveJobs active = new ActiveJobs();
    private final Map<JobId, Job> endedCache = Collections.synchronizedMap(new LruMap<>(ENDED_CACHE_SIZE));
    /** Raised by each edit and deletion, under the lock of the job, once the index knows of it. */
    private final AtomicLong changes = new AtomicLong();

    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private final SequenceNumbers numbers;
    private final List<JobListener> listeners = new CopyOnWriteArrayList<>();

    /** Opens the jobs in this folder, without redacting their logs. */
    public FolderJobStore(Path dataDir, Clock clock) throws IOException {
        this(dataDir, clock, Redactor.NONE, new WriteProbe(dataDir), () -> false);
    }

    /**
     * Opens the jobs in a locked data dir. Nothing is written after another server has taken it.
     *
     * @param redactor hides secrets in the jobs' logs
     */
    public FolderJobStore(DataDir owned, Clock clock, Redactor redactor) throws IOException {
        this(owned.path(), clock, redactor, owned.probe(), owned::isTakenOver);
    }

    private FolderJobStore(Path dataDir, Clock clock, Redactor redactor, WriteProbe probe, BooleanSupplier takenOver)
            throws IOException {
        this.dataDir = dataDir;
        this.clock = clock;
        this.redactor = redactor;
        this.probe = probe;
        this.takenOver = takenOver;
        Path recovery = DataDir.recovery(dataDir, clock);
        this.index = new JobIndex(dataDir.resolve("db"), recovery.resolve("db"), this::written);
        index.open();
        UnknownFiles unknownFiles = new UnknownFiles();
        this.folders = new JobFolders(dataDir, recovery, unknownFiles);
        RequestReader requests = new RequestReader(folders, unknownFiles, index);
        EditsReader edits = new EditsReader(folders, index);
        this.endedReader = new EndedJobReader(folders, unknownFiles, index, requests, edits);
        this.runSetFolder = new RunSetFolder(dataDir, unknownFiles);
        ActiveJobReader activeReader =
                new ActiveJobReader(folders, unknownFiles, index, requests, edits, runSetFolder.pending());
        index.reconcile(folders, activeReader, endedReader).forEach(active::add);
        // A job that cannot be read now may belong to one of them.
        if (activeReader.unread().isEmpty()) {
            runSetFolder.deletePending();
        }
        this.numbers = new SequenceNumbers(index.lastSeq());
        probe.begin();
    }

    @Override
    public void addListener(JobListener listener) {
        listeners.add(listener);
    }

    @Override
    public List<Job> unfinished() {
        return active.all();
    }

    @Override
    public long unfinishedChars() {
        return active.chars();
    }

    @Override
    public long nextSeq() {
        return numbers.next();
    }

    @Override
    public void settle(long seq) {
        numbers.settle(seq);
    }

    @Override
    public void accept(Job pending) {
        checkOwned();
        try {
            folders.accept(pending.request());
        } catch (IOException e) {
            throw unwritable("Job " + pending.id() + " could not be accepted", e);
        }
        try {
            synchronized (lock(pending.id())) {
                active.add(pending);
                follow(pending);
            }
        } catch (RuntimeException | Error e) {
            undoAccept(pending);
            throw e;
        }
    }

    @Override
    public void accept(RunSet set, List<Job> pending) {
        checkOwned();
        boolean followed = false;
        try {
            runSetFolder.begin(set);
            folders.acceptAll(pending.stream().map(Job::request).toList());
            runSetFolder.commit(set);
            for (Job job : pending) {
                synchronized (lock(job.id())) {
                    active.add(job);
                    follow(job);
                }
            }
            runSetFolder.show(set);
            followed = true;
        } catch (IOException e) {
            throw unwritable("Run set " + set.id() + " could not be accepted", e);
        } finally {
            if (!followed) {
                undoAccept(set, pending);
            }
        }
    }

    private void undoAccept(RunSet set, List<Job> pending) {
        try {
            runSetFolder.undoCommit(set);
            pending.forEach(this::undoAccept);
            folders.removeUnaccepted(pending);
            runSetFolder.forget(set);
        } catch (IOException | RuntimeException e) {
            LOG.warn("The files of run set {}, which was not accepted, could not all be removed", set.id(), e);
        }
    }

    @Override
    public RunSetStore runSets() {
        return this;
    }

    @Override
    public List<Entry> entries() {
        return runSetFolder.entries();
    }

    @Override
    public Optional<RunSet> find(String id) {
        return runSetFolder.find(id);
    }

    @Override
    public boolean replace(RunSet edited) {
        checkOwned();
        try {
            return runSetFolder.replace(edited);
        } catch (IOException e) {
            throw unwritable("Run set " + edited.id() + " could not be changed", e);
        }
    }

    @Override
    public boolean delete(String id) {
        checkOwned();
        try {
            return runSetFolder.delete(id);
        } catch (IOException e) {
            throw unwritable("Run set " + id + " could not be deleted", e);
        }
    }

    @Override
    public boolean keepKey(String id) {
        checkOwned();
        try {
            return runSetFolder.keepKey(id);
        } catch (IOException e) {
            throw unwritable("Run set " + id + " could not be changed", e);
        }
    }

    private void checkOwned() {
        if (takenOver.getAsBoolean()) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN,
                    "Another server has taken the data dir, and this one stops",
                    "send the request again in a moment");
        }
    }

    /**
     * Updates index and listener after a change is on disk. Logs their failures instead of throwing, because the change
     * has happened. The next start corrects the index.
     */
    private void follow(Job changed) {
        follow(changed, listener -> listener.changed(changed));
    }

    private void follow(Job changed, Consumer<JobListener> notify) {
        try {
            try {
                index.changed(changed);
                if (changed.state().isTerminal()) {
                    cache(changed);
                }
            } finally {
                if (changed.state().isTerminal()) {
                    active.remove(changed.id());
                }
            }
            listeners.forEach(notify);
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Lists may not show what became of job {} until the next start", changed.id(), e);
        }
    }

    private void undoAccept(Job pending) {
        try {
            folders.undoAccept(pending.id());
        } catch (IOException e) {
            LOG.warn("The folder of job {}, which was not accepted, could not be removed", pending.id(), e);
        }
        synchronized (lock(pending.id())) {
            if (active.remove(pending.id())) {
                active.forgetKey(pending);
                index.removed(pending);
                listeners.forEach(listener -> listener.deleted(pending));
            }
        }
    }

    @Override
    public boolean transition(Job from, Job to) {
        return replace(from, to, edited -> {
            switch (edited.state()) {
                case PENDING -> {
                    // A requeued job keeps its attempt folder; an attempt that never started does not.
                    if (edited.attempt() < from.attempt()) {
                        folders.undoStart(from);
                    }
                }
                case RUNNING -> folders.start(edited);
                case CANCELLING -> folders.cancel(edited);
                case FAILED, CANCELLED -> {
                    return folders.end(edited);
                }
                case SUCCEEDED -> throw new IllegalArgumentException("a success needs a result: use publish");
            }
            return edited;
        });
    }

    @Override
    public boolean publish(Job from, Job succeeded, JobResult result) {
        return replace(from, succeeded, edited -> {
            folders.publish(from, result);
            Job ended = folders.end(edited);
            verifiedResults.markVerified(succeeded.id(), folders.rows(succeeded));
            return ended;
        });
    }

    private interface Write {
        /** Returns the job as it is on disk afterwards; its edits do not matter. */
        Job run(Job edited) throws IOException;
    }

    /** Replaces the job by {@code to} as users have edited it until now, of which {@code from} may not know. */
    private boolean replace(Job from, Job to, Write write) {
        synchronized (lock(from.id())) {
            Optional<Job> now = active.find(from.id()).filter(from::isSameVersionAs);
            if (now.isEmpty()) {
                return false;
            }
            checkOwned();
            JobEdits edits = now.get().edits();
            Job written;
            try {
                written = write.run(to.withEdits(edits)).withEdits(edits);
            } catch (IOException e) {
                throw unwritable("Job " + from.id() + " could not be changed", e);
            }
            active.replace(written);
            follow(written);
            return true;
        }
    }

    @Override
    public Optional<Job> edit(JobId id, UnaryOperator<Job> edit) {
        synchronized (lock(id)) {
            Optional<Job> now = find(id);
            if (now.isEmpty()) {
                return now;
            }
            Job edited = edit.apply(now.get());
            if (Objects.equals(edited.edits(), now.get().edits())) {
                return now;
            }
            checkOwned();
            boolean hasEnded = edited.state().isTerminal();
            try {
                if (hasEnded) {
                    index.editing(id);
                }
                folders.edit(edited);
            } catch (IOException e) {
                throw unwritable("Job " + id + " could not be edited", e);
            }
            if (hasEnded) {
                endedCache.remove(id);
            } else {
                active.replace(edited);
            }
            follow(edited, listener -> listener.edited(edited));
            changes.incrementAndGet();
            return Optional.of(edited);
        }
    }

    private Object lock(JobId id) {
        return locks[Math.floorMod(id.hashCode(), LOCKS)];
    }

    @Override
    public boolean delete(Job job) {
        synchronized (lock(job.id())) {
            if (find(job.id()).isEmpty()) {
                return false;
            }
            checkOwned();
            try {
                folders.delete(job);
            } catch (IOException e) {
                throw unwritable("Job " + job.id() + " could not be deleted", e);
            }
            endedCache.remove(job.id());
            active.forgetKey(job);
            index.removed(job);
            changes.incrementAndGet();
            listeners.forEach(listener -> listener.deleted(job));
        }
        deleteFiles(job);
        return true;
    }

    /** Runs without the lock, because deleting a large log or result takes a while. */
    private void deleteFiles(Job deleted) {
        try {
            folders.deleteFiles(deleted);
        } catch (IOException e) {
            LOG.warn(
                    "Job {} is deleted, but its files could not all be removed before the next start", deleted.id(), e);
        }
    }

    @Override
    public Optional<Job> find(JobId id) {
        return inMemory(id).or(() -> lookUp(id));
    }

    private Optional<Job> inMemory(JobId id) {
        return active.find(id).or(() -> Optional.ofNullable(endedCache.get(id)));
    }

    private Optional<Job> lookUp(JobId id) {
        // Under the lock; otherwise a job could enter the cache after it was deleted.
        synchronized (lock(id)) {
            Optional<Job> found = active.find(id).or(() -> index.find(id)).or(() -> unindexed(id));
            found.filter(job -> job.state().isTerminal()).ifPresent(this::cache);
            return found;
        }
    }

    private void cache(Job ended) {
        if (ended.chars() <= MAX_CACHED_CHARS) {
            endedCache.put(ended.id(), ended);
        }
    }

    private Optional<Job> unindexed(JobId id) {
        try {
            return endedReader.find(id);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    @Override
    public Optional<Job> findByKey(String submittedBy, String key) {
        return active.findByKey(submittedBy, key)
                .or(() -> index.findByKey(submittedBy, key))
                .flatMap(this::find);
    }

    /** Called when the database has this state of a job. */
    private void written(Job job) {
        if (job.state().isTerminal()) {
            active.forgetKey(job);
        }
    }

    @Override
    public List<Job> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit) {
        return index.purgeable(keep, endedBefore, keysBefore, limit)
                .orElseGet(() -> purgeableOfOldest(keep, endedBefore, keysBefore, limit));
    }

    /** Considers only the {@code limit} oldest jobs, because it reads each of them from its folder. */
    private List<Job> purgeableOfOldest(long keep, Instant endedBefore, Instant keysBefore, int limit) {
        long total = list(JobQuery.ended(0, 0)).total();
        boolean tooMany = total > keep;
        int oldest = (int) Math.min(limit, tooMany ? total - keep : total);
        return list(JobQuery.ended(oldest, total - oldest)).jobs().stream()
                .filter(job -> tooMany || job.end().at().isBefore(endedBefore))
                .filter(job -> job.request().idempotencyKey() == null
                        || job.request().submittedAt().isBefore(keysBefore))
                .toList();
    }

    @Override
    public long usableBytes() {
        return dataDir.toFile().getUsableSpace();
    }

    @Override
    public JobPage<Job> list(JobQuery query) {
        long settled = numbers.settled();
        InMemoryJobIndex.Page page = index.list(query, settled, clock.instant());
        List<Job> jobs = new ArrayList<>();
        int loaded = load(page.ids(), jobs);
        boolean more = query.sort() == null
                && loaded > 0
                && (page.more() || loaded < page.jobs().size());
        Long next = more ? (Long) page.jobs().get(loaded - 1).seq() : null;
        if (query.after() != null) {
            Collections.reverse(jobs);
        }
        return new JobPage<>(
                jobs, total(query, page), page.counts(), next, query.after() != null && more ? next : settled);
    }

    private static long total(JobQuery query, InMemoryJobIndex.Page page) {
        return page.counts().entrySet().stream()
                .filter(count -> query.filter().includes(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public JobIds ids(JobQuery query) {
        InMemoryJobIndex.Page page = index.list(query, numbers.settled(), clock.instant());
        List<JobId> ids = new ArrayList<>(page.ids());
        if (query.after() != null) {
            Collections.reverse(ids);
        }
        boolean more = query.sort() == null ? page.more() : total(query, page) > query.offset() + ids.size();
        return new JobIds(ids, more);
    }

    /**
     * Adds these jobs to {@code jobs}; only the first ones if their parameters would take too much memory. Returns how many
     * it has read, including those that are gone.
     */
    private int load(List<JobId> ids, List<Job> jobs) {
        long chars = 0;
        int loaded = 0;
        while (loaded < ids.size() && chars < MAX_PAGE_CHARS) {
            int end = Math.min(loaded + LOAD_BATCH, ids.size());
            List<Job> batch = find(ids.subList(loaded, end));
            chars += batch.stream().mapToLong(Job::chars).sum();
            jobs.addAll(batch);
            loaded = end;
        }
        return loaded;
    }

    @Override
    public List<Job> find(List<JobId> ids) {
        long before = changes.get();
        Map<JobId, Job> loaded =
                index.find(ids.stream().filter(id -> inMemory(id).isEmpty()).toList());
        loaded.values().forEach(job -> cacheUnlessChanged(job, before));
        return ids.stream()
                .flatMap(id -> inMemory(id).or(() -> Optional.ofNullable(loaded.get(id))).or(() -> lookUp(id)).stream())
                .toList();
    }

    @Override
    public FilterValues filterValues(Visibility visible, int limit) {
        return index.memory().filterValues(visible, limit);
    }

    /** Otherwise a job that was read before its edit or deletion could enter the cache after it. */
    private void cacheUnlessChanged(Job ended, long before) {
        synchronized (lock(ended.id())) {
            if (changes.get() == before) {
                cache(ended);
            }
        }
    }

    @Override
    public List<Job> running() {
        return active.running();
    }

    @Override
    public Path attemptFolder(Job running) {
        return folders.attempt(running);
    }

    @Override
    public JobLog openLog(Job running, long maxBytes) throws IOException {
        return new JobLog(folders.folder(running), clock, maxBytes, redactor);
    }

    @Override
    public Optional<Path> logFolder(JobId id) {
        synchronized (lock(id)) {
            return find(id).map(folders::folder);
        }
    }

    @Override
    public Optional<SeekableByteChannel> openRows(Job succeeded) throws IOException {
        return verifiedResults.open(succeeded.id(), folders.rows(succeeded));
    }

    @Override
    public boolean areRowsVerified(Job job) {
        return verifiedResults.isVerified(job.id(), folders.rows(job));
    }

    @Override
    public Optional<JobResult> result(Job job) throws IOException {
        return folders.result(job);
    }

    @Override
    public void storeReport(Job running, ProgressReport report) {
        try {
            folders.writeReport(running, report);
        } catch (IOException | RuntimeException e) {
            // The job must still complete.
            LOG.warn("The stages of job {} could not be stored: {}", running.id(), e.toString());
        }
    }

    @Override
    public Optional<ProgressReport> report(Job job) {
        try {
            Optional<ProgressReport> report = folders.readReport(job);
            if (report.isPresent() || job.state().isTerminal()) {
                return report;
            }
            // The job may have ended meanwhile, which moves its folder.
            Optional<Job> now = find(job.id()).filter(found -> found.state().isTerminal());
            return now.isPresent() ? folders.readReport(now.get()) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("The stages of job {} could not be read: {}", job.id(), e.toString());
            return Optional.empty();
        }
    }

    /** An outage of the data dir is in the log already. A failure that affects one job only is not. */
    private RuntimeException unwritable(String what, IOException e) {
        boolean isOut = probe.outageNow().isPresent();
        if (isOut || FileErrors.isFull(e)) {
            return StorageFailure.of(e);
        }
        return new UncheckedIOException(what, e);
    }

    @Override
    public Optional<JobException> outage() {
        return probe.outage().map(WriteProbe.Outage::refusal);
    }

    @Override
    public Optional<JobException> probeOutage() {
        return probe.outageNow().map(WriteProbe.Outage::refusal);
    }

    /** Why the data dir cannot be written now, as a short phrase; empty if it can. */
    public Optional<String> outageReason() {
        return probe.outage().map(WriteProbe.Outage::reason);
    }

    /** Measures what the index does. */
    public IndexTimings indexTimings() {
        return index.timings();
    }

    /** Whether the index follows every change of the folders. */
    public boolean isIndexCurrent() {
        return index.isCurrent();
    }

    @Override
    public void close() {
        if (takenOver.getAsBoolean()) {
            index.abandon();
            return;
        }
        index.close();
    }
}
