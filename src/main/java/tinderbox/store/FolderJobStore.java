package tinderbox.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.FileErrors;
import tinderbox.common.LruMap;
import tinderbox.common.OomSafeLog;
import tinderbox.common.Redactor;
import tinderbox.job.ErrorCode;
import tinderbox.job.IdempotencyKey;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobListener;
import tinderbox.job.JobPage;
import tinderbox.job.JobQuery;
import tinderbox.job.ProgressReport;
import tinderbox.job.StorageFailure;
import tinderbox.job.dispatch.JobStore;
import tinderbox.job.log.JobLog;
import tinderbox.job.result.JobResult;
import tinderbox.store.index.InMemoryJobIndex;

/**
 * Jobs in folders, found through an index. A job that has not ended is held in memory as well; that is where
 * the compare-and-set happens, under a lock of the job's own, and it is seen only after the folder is on disk.
 */
public final class FolderJobStore implements JobStore {
    private static final Logger LOG = LoggerFactory.getLogger(FolderJobStore.class);
    private static final int LOCKS = 256;
    private static final int MOST_ENDED = 1000;

    private final Path dataDir;
    private final Clock clock;
    private final WriteProbe probe;
    private final BooleanSupplier taken;
    private final Redactor redactor;
    private final JobFolders folders;
    private final JobFolderReader reader;
    private final VerifiedResults rows = new VerifiedResults();
    private final IndexReconciler keeper;
    private final Map<JobId, Job> active = new ConcurrentHashMap<>();
    /** Ended jobs that were looked at last. */
    private final Map<JobId, Job> ended = Collections.synchronizedMap(new LruMap<>(MOST_ENDED));

    /** The keys of jobs of which the index does not know yet that they have ended. */
    private final Map<String, JobId> keys = new ConcurrentHashMap<>();

    private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();
    private final AtomicLong lastSeq;
    private volatile JobListener listener = new Nobody();

    /** Nobody listens. */
    private static final class Nobody implements JobListener {
        @Override
        public void changed(Job job) {}

        @Override
        public void deleted(JobId id) {}
    }

    /** Opens the jobs in this folder, and hides nothing in their logs. */
    public FolderJobStore(Path dataDir, Clock clock) throws IOException {
        this(dataDir, clock, Redactor.NONE, new WriteProbe(dataDir), () -> false);
    }

    /**
     * The same as long as the folder is this server's: nothing is written once another has taken it.
     *
     * @param redactor hides in the jobs' logs what those who read them are not to see
     */
    public FolderJobStore(DataDir owned, Clock clock, Redactor redactor) throws IOException {
        this(owned.path(), clock, redactor, owned.probe(), owned::isTaken);
    }

    private FolderJobStore(Path dataDir, Clock clock, Redactor redactor, WriteProbe probe, BooleanSupplier taken)
            throws IOException {
        this.dataDir = dataDir;
        this.clock = clock;
        this.redactor = redactor;
        this.probe = probe;
        this.taken = taken;
        Path recovery = DataDir.recovery(dataDir, clock);
        this.keeper = new IndexReconciler(dataDir.resolve("db"), recovery.resolve("db"), this::indexed);
        keeper.open();
        UnknownFiles unknownFiles = new UnknownFiles();
        this.folders = new JobFolders(dataDir, recovery, unknownFiles);
        this.reader = new JobFolderReader(folders, unknownFiles, keeper);
        keeper.reconcile(reader).forEach(this::hold);
        this.lastSeq = new AtomicLong(keeper.lastSeq());
        probe.begin();
    }

    @Override
    public void setListener(JobListener told) {
        listener = told;
    }

    @Override
    public List<Job> unfinished() {
        return active.values().stream()
                .sorted(Comparator.comparingLong(job -> job.request().seq()))
                .toList();
    }

    @Override
    public long nextSeq() {
        return lastSeq.incrementAndGet();
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
                hold(pending);
                tellOf(pending);
            }
        } catch (RuntimeException | Error e) {
            takeBack(pending);
            throw e;
        }
    }

    private void checkOwned() {
        if (taken.getAsBoolean()) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN,
                    "Another server has taken the data dir, and this one stops",
                    "send the request again in a moment");
        }
    }

    /**
     * Has index and listener follow what is on the disk already: where one fails, that is no reason to take it for not
     * done. The next start puts the index right.
     */
    private void tellOf(Job changed) {
        try {
            try {
                keeper.changed(changed);
                if (changed.state().isTerminal()) {
                    ended.put(changed.id(), changed);
                }
            } finally {
                if (changed.state().isTerminal()) {
                    active.remove(changed.id());
                }
            }
            listener.changed(changed);
        } catch (RuntimeException | Error e) {
            OomSafeLog.error(LOG, "Lists may not show what became of job {} until the next start", changed.id(), e);
        }
    }

    private void takeBack(Job pending) {
        try {
            folders.unaccept(pending.id());
        } catch (IOException e) {
            LOG.warn("The folder of job {}, which was not accepted, could not be removed", pending.id(), e);
        }
        synchronized (lock(pending.id())) {
            if (active.remove(pending.id()) != null) {
                forgetKey(pending);
                keeper.removed(pending);
                listener.deleted(pending.id());
            }
        }
    }

    @Override
    public boolean transition(Job from, Job to) {
        return replace(from, () -> {
            switch (to.state()) {
                case PENDING -> {
                    // What makes a job wait again is only that nobody runs it.
                    if (to.attempt() < from.attempt()) {
                        folders.withdraw(from);
                    }
                }
                case RUNNING -> folders.start(to);
                case CANCELLING -> folders.cancel(to);
                case FAILED, CANCELLED -> {
                    return folders.end(to);
                }
                case SUCCEEDED -> throw new IllegalArgumentException("a success needs a result: use publish");
            }
            return to;
        });
    }

    @Override
    public boolean publish(Job from, Job succeeded, JobResult result) {
        return replace(from, () -> {
            folders.publish(from, result);
            Job ended = folders.end(succeeded);
            rows.trust(succeeded.id(), folders.rows(succeeded));
            return ended;
        });
    }

    private interface Write {
        /** Answers with the job as the disk has it then. */
        Job run() throws IOException;
    }

    private boolean replace(Job from, Write write) {
        synchronized (lock(from.id())) {
            Job current = active.get(from.id());
            if (current == null || !current.isSameVersionAs(from)) {
                return false;
            }
            checkOwned();
            Job to;
            try {
                to = write.run();
            } catch (IOException e) {
                throw unwritable("Job " + from.id() + " could not be changed", e);
            }
            active.put(to.id(), to);
            tellOf(to);
            return true;
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
            ended.remove(job.id());
            forgetKey(job);
            keeper.removed(job);
            listener.deleted(job.id());
        }
        clear(job);
        return true;
    }

    /** Not under the lock, which others need: a log and a result can be large. */
    private void clear(Job gone) {
        try {
            folders.clear(gone);
        } catch (IOException e) {
            LOG.warn("Job {} is deleted, but its files could not all be removed before the next start", gone.id(), e);
        }
    }

    @Override
    public Optional<Job> find(JobId id) {
        Job job = active.get(id);
        Job known = job != null ? job : ended.get(id);
        return known != null ? Optional.of(known) : lookUp(id);
    }

    private Optional<Job> lookUp(JobId id) {
        // Under the lock, or a job that is deleted meanwhile would be remembered.
        synchronized (lock(id)) {
            Optional<Job> found = Optional.ofNullable(active.get(id))
                    .or(() -> keeper.find(id))
                    .or(() -> unindexed(id));
            found.filter(job -> job.state().isTerminal()).ifPresent(job -> ended.put(id, job));
            return found;
        }
    }

    private Optional<Job> unindexed(JobId id) {
        try {
            return reader.findEnded(id);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    @Override
    public Optional<Job> findByKey(String submittedBy, String key) {
        JobId known = keys.get(IdempotencyKey.scope(submittedBy, key));
        return known != null ? find(known) : keeper.findByKey(submittedBy, key).flatMap(this::find);
    }

    private void hold(Job job) {
        active.put(job.id(), job);
        if (job.request().idempotencyKey() != null) {
            keys.put(scope(job), job.id());
        }
    }

    /** The index knows what this job is; where it does not follow, the keys stay here. */
    private void indexed(Job job) {
        if (job.state().isTerminal()) {
            forgetKey(job);
        }
    }

    private void forgetKey(Job job) {
        if (job.request().idempotencyKey() != null) {
            keys.remove(scope(job), job.id());
        }
    }

    private static String scope(Job job) {
        return IdempotencyKey.scope(
                job.request().submittedBy(), job.request().idempotencyKey().key());
    }

    @Override
    public List<Job> purgeable(long keep, Instant endedBefore, Instant keysBefore, int limit) {
        return keeper.purgeable(keep, endedBefore, keysBefore, limit)
                .orElseGet(() -> purgeableOfOldest(keep, endedBefore, keysBefore, limit));
    }

    /** The same among the {@code limit} oldest jobs only, for each of them is read from its folder. */
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
        InMemoryJobIndex.Page page = keeper.table().list(query);
        long total = page.counts().entrySet().stream()
                .filter(count -> query.states().isEmpty() || query.states().contains(count.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return new JobPage<>(load(page.ids()), total, page.counts());
    }

    private List<Job> load(List<JobId> ids) {
        Map<JobId, Job> loaded =
                keeper.find(ids.stream().filter(id -> !active.containsKey(id)).toList());
        return ids.stream()
                .flatMap(
                        id -> Optional.ofNullable(active.get(id))
                                .or(() -> Optional.ofNullable(loaded.get(id)))
                                .or(() -> find(id))
                                .stream())
                .toList();
    }

    @Override
    public List<Job> running() {
        return active.values().stream().filter(job -> job.state().isRunning()).toList();
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
        return rows.open(succeeded.id(), folders.rows(succeeded));
    }

    @Override
    public boolean areRowsVerified(Job job) {
        return rows.isChecked(job.id(), folders.rows(job));
    }

    @Override
    public Optional<JobResult> result(Job job) throws IOException {
        return folders.result(job);
    }

    @Override
    public void storeReport(Job running, ProgressReport report) {
        try {
            folders.keep(running, report);
        } catch (IOException | RuntimeException e) {
            // Whoever ends the job must get on with it.
            LOG.warn("What Spark did for job {} could not be kept: {}", running.id(), e.toString());
        }
    }

    @Override
    public Optional<ProgressReport> report(Job job) {
        try {
            Optional<ProgressReport> kept = folders.report(job);
            if (kept.isPresent() || job.state().isTerminal()) {
                return kept;
            }
            // As above: its folder may have moved.
            Optional<Job> now = find(job.id()).filter(found -> found.state().isTerminal());
            return now.isPresent() ? folders.report(now.get()) : Optional.empty();
        } catch (IOException e) {
            LOG.warn("What Spark did for job {} could not be read: {}", job.id(), e.toString());
            return Optional.empty();
        }
    }

    /** What becomes of a call: an outage of the data dir is in the log already, and what harms one job alone is not. */
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

    /** Why the data dir cannot be written now, in some words; empty if it can. */
    public Optional<String> outageReason() {
        return probe.outage().map(WriteProbe.Outage::what);
    }

    /** Whether the index is known to show every job as its folder tells. */
    public boolean isIndexCurrent() {
        return keeper.isCurrent();
    }

    @Override
    public void close() {
        if (taken.getAsBoolean()) {
            keeper.abandon();
            return;
        }
        keeper.close();
    }
}
