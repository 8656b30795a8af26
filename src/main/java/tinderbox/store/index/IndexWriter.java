package tinderbox.store.index;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tinderbox.common.Worker;
import tinderbox.job.Job;
import tinderbox.job.JobId;

/**
 * Has the index follow behind those who change jobs: one thread writes what has come together in a moment, in one
 * transaction, and of a job only what it is by then. Whoever comes when {@value #MOST} changes wait is held up until
 * some are written. After a failure nothing is written any more.
 */
public final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);
    private static final int MOST = 4096;
    /** So long the first change of a batch waits for others. */
    private static final Duration GATHER = Duration.ofMillis(25);

    private static final Duration STOP_WITHIN = Duration.ofSeconds(30);

    private final JobDatabase index;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Worker worker = new Worker("tinderbox-index", this::run, STOP_WITHIN);
    private Map<JobId, Change> waiting = new LinkedHashMap<>();
    private Map<JobId, Change> inHand = Map.of();
    private int inHurry;
    private boolean closed;
    /** Nothing is written any more, because of a failure or because all has been. */
    private boolean over;

    /**
     * What a job has become.
     *
     * @param job null where it was removed
     */
    public record Change(JobId id, Job job) {}

    /** Hears of what becomes of changes, on the writer's thread. */
    public interface Listener {
        /** The index has what this job is. */
        void written(Job job);

        /** The index has not followed, and does not any more. */
        void failed(IndexException e);
    }

    public IndexWriter(JobDatabase index, Listener listener) {
        this.index = index;
        this.listener = listener;
    }

    public void start() {
        worker.start();
    }

    /** Has a change written, in the place of an earlier one of the same job. */
    public void add(Change change) {
        lock.lock();
        try {
            while (waiting.size() >= MOST && !waiting.containsKey(change.id()) && !over) {
                changed.awaitUninterruptibly();
            }
            if (!over) {
                waiting.put(change.id(), change);
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** What the index is yet to hear of a job; null where it knows all. */
    public Change unwritten(JobId id) {
        lock.lock();
        try {
            Change newest = waiting.get(id);
            return newest != null ? newest : inHand.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that has been added is written, or cannot be. */
    public void flush() {
        lock.lock();
        inHurry++;
        try {
            changed.signalAll();
            while (!over && !(waiting.isEmpty() && inHand.isEmpty())) {
                changed.awaitUninterruptibly();
            }
        } finally {
            inHurry--;
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (List<Change> batch = next(); !batch.isEmpty(); batch = next()) {
                write(batch);
                done();
            }
        } catch (RuntimeException | Error e) {
            // First the word, then the end: from then on readers go to the folders.
            listener.failed(e instanceof IndexException failed ? failed : new IndexException("writing", e));
        } finally {
            end();
        }
    }

    /** What is to be written next; nothing where that was all. */
    private List<Change> next() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            gather();
            inHand = waiting;
            waiting = new LinkedHashMap<>();
            return List.copyOf(inHand.values());
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        long left = GATHER.toNanos();
        try {
            while (left > 0 && waiting.size() < MOST && inHurry == 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Nobody should; what waits is written all the same.
            LOG.warn("The writer of the job index was interrupted", e);
        }
    }

    private void write(List<Change> batch) {
        List<JobId> removed = new ArrayList<>();
        List<Job> put = new ArrayList<>();
        for (Change change : batch) {
            if (change.job() == null) {
                removed.add(change.id());
            } else {
                put.add(change.job());
            }
        }
        // A key that a removed job has set free may be that of a new one.
        index.removeAll(removed);
        index.putAll(put);
        put.forEach(listener::written);
    }

    private void done() {
        lock.lock();
        try {
            inHand = Map.of();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        lock.lock();
        try {
            over = true;
            waiting.clear();
            inHand = Map.of();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Writes what waits, then ends. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (!worker.stop()) {
            listener.failed(new IndexException("closing", new TimeoutException("it takes too long")));
        }
    }
}
