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
 * transaction, and of a job only what it is by then. Whoever comes when {@value #MAX_WAITING} changes wait is held up until
 * some are written. After a failure nothing is written any more.
 */
public final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);
    private static final int MAX_WAITING = 4096;
    /** So long the first change of a batch waits for others. */
    private static final Duration BATCH_DELAY = Duration.ofMillis(25);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final JobDatabase index;
    private final Listener listener;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Worker worker = new Worker("tinderbox-index", this::run, STOP_TIMEOUT);
    private Map<JobId, Change> waiting = new LinkedHashMap<>();
    private Map<JobId, Change> writing = Map.of();
    private int flushers;
    private boolean closed;
    /** Nothing is written any more, because of a failure or because all has been. */
    private boolean stopped;

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
            while (waiting.size() >= MAX_WAITING && !waiting.containsKey(change.id()) && !stopped) {
                changed.awaitUninterruptibly();
            }
            if (!stopped) {
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
            return newest != null ? newest : writing.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that has been added is written, or cannot be. */
    public void flush() {
        lock.lock();
        flushers++;
        try {
            changed.signalAll();
            while (!stopped && !(waiting.isEmpty() && writing.isEmpty())) {
                changed.awaitUninterruptibly();
            }
        } finally {
            flushers--;
            lock.unlock();
        }
    }

    private void run() {
        try {
            for (List<Change> batch = takeBatch(); !batch.isEmpty(); batch = takeBatch()) {
                write(batch);
                done();
            }
        } catch (RuntimeException | Error e) {
            // First the word, then the end: from then on readers go to the folders.
            listener.failed(e instanceof IndexException failed ? failed : new IndexException("writing", e));
        } finally {
            stop();
        }
    }

    /** What is to be written next; nothing where that was all. */
    private List<Change> takeBatch() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            gather();
            writing = waiting;
            waiting = new LinkedHashMap<>();
            return List.copyOf(writing.values());
        } finally {
            lock.unlock();
        }
    }

    private void gather() {
        long left = BATCH_DELAY.toNanos();
        try {
            while (left > 0 && waiting.size() < MAX_WAITING && flushers == 0 && !closed) {
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
            writing = Map.of();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void stop() {
        lock.lock();
        try {
            stopped = true;
            waiting.clear();
            writing = Map.of();
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
