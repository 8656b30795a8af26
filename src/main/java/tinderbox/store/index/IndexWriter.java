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
import tinderbox.common.TimingPoint;
import tinderbox.common.Worker;
import tinderbox.job.Job;
import tinderbox.job.JobId;

/**
 * Writes changes of jobs to the database, on its own thread: all changes of a short interval in one transaction, and
 * only the newest of each job. {@link #add} blocks while {@value #MAX_WAITING} changes are waiting. Stops at the first
 * failure.
 */
public final class IndexWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(IndexWriter.class);
    private static final int MAX_WAITING = 4096;
    /** How long the first change of a batch waits for others. */
    private static final Duration BATCH_DELAY = Duration.ofMillis(25);

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final JobDatabase index;
    private final Listener listener;
    private final TimingPoint writes;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Worker worker = new Worker("tinderbox-index", this::run, STOP_TIMEOUT);
    private Map<JobId, Change> waiting = new LinkedHashMap<>();
    private Map<JobId, Change> writing = Map.of();
    private int flushers;
    private boolean closed;
    /** True after a failure, or after all changes are written and the writer is closed. */
    private boolean stopped;

    /**
     * The newest state of a job.
     *
     * @param job null if it was removed
     */
    public record Change(JobId id, Job job) {}

    /** Called on the writer's thread. */
    public interface Listener {
        /** The database has this state of the job. */
        void written(Job job);

        /** A write failed, and there will be no others. */
        void failed(IndexException e);
    }

    /**
     * A writer that has not started.
     *
     * @param writes measures each transaction
     */
    public IndexWriter(JobDatabase index, Listener listener, TimingPoint writes) {
        this.index = index;
        this.listener = listener;
        this.writes = writes;
    }

    public void start() {
        worker.start();
    }

    /** Queues a change. It replaces an earlier change of the same job that is still waiting. */
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

    /** The newest change of a job that is not in the database; null if there is none. */
    public Change unwritten(JobId id) {
        lock.lock();
        try {
            Change newest = waiting.get(id);
            return newest != null ? newest : writing.get(id);
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all changes are written, or the writer has failed. */
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
            // Report the failure before the queue is cleared, so that readers use the folders from then on.
            listener.failed(e instanceof IndexException failed ? failed : new IndexException("writing", e));
        } finally {
            stop();
        }
    }

    /** Waits for the next batch; it is empty if the writer is closed and all changes are written. */
    private List<Change> takeBatch() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                changed.awaitUninterruptibly();
            }
            awaitMore();
            writing = waiting;
            waiting = new LinkedHashMap<>();
            return List.copyOf(writing.values());
        } finally {
            lock.unlock();
        }
    }

    private void awaitMore() {
        long left = BATCH_DELAY.toNanos();
        try {
            while (left > 0 && waiting.size() < MAX_WAITING && flushers == 0 && !closed) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            // Unexpected, but the batch can be written.
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
        // Removals first: a new job may reuse the idempotency key of a removed one.
        long started = System.nanoTime();
        index.removeAll(removed);
        index.putAll(put);
        writes.ended(started);
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

    /** Writes the waiting changes, then stops the thread. */
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
