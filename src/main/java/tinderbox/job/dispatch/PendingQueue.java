package tinderbox.job.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobState;

/**
 * The jobs that wait, in the order of acceptance, and the slots that they wait for. Holds ids only. Its
 * capacity binds new submissions; what recovery puts back is always taken.
 */
final class PendingQueue {
    private static final int RANGE = 256;

    private final int capacity;
    private final TreeMap<Long, JobId> waiting = new TreeMap<>();
    /** How many wait of each {@value #RANGE} numbers in a row: to find a place takes no look at every job. */
    private final TreeMap<Long, Integer> counts = new TreeMap<>();

    private int reserved;
    private final int slots;
    /** The jobs that hold a slot. */
    private final List<JobId> running;
    /** Jobs that must not run beside another. */
    private final Set<JobId> alone = new HashSet<>();
    /** Those that hold a slot since before such a job was put back; one that does not end may be among them. */
    private final Set<JobId> older = new HashSet<>();

    private boolean runsAlone;
    private boolean closed;

    PendingQueue(int capacity, int slots) {
        this.capacity = capacity;
        this.slots = slots;
        this.running = new ArrayList<>(slots);
    }

    /** Takes a place for a job that is about to be made durable; false where the queue is full. */
    synchronized boolean reserve() {
        if (waiting.size() + reserved >= capacity) {
            return false;
        }
        reserved++;
        return true;
    }

    /** Gives a reserved place back, its job was not accepted. */
    synchronized void release() {
        reserved--;
    }

    /** Fills a reserved place. */
    synchronized void fill(long seq, JobId id) {
        reserved--;
        add(seq, id);
    }

    /** Puts a job in without asking for room. */
    synchronized void add(long seq, JobId id) {
        if (waiting.put(seq, id) == null) {
            counts.merge(Math.floorDiv(seq, RANGE), 1, Integer::sum);
        }
        notifyAll();
    }

    private JobId take(long seq) {
        JobId taken = waiting.get(seq);
        if (taken != null) {
            counts.computeIfPresent(Math.floorDiv(seq, RANGE), (stretch, jobs) -> jobs == 1 ? null : jobs - 1);
            // Last, for nothing fails here: a job that is out of the queue must be in the hands of the caller.
            waiting.remove(seq);
        }
        return taken;
    }

    /**
     * Puts a job back under which Spark has died: it may be the reason, so it runs again only while nothing else
     * does, and nothing else starts beside it. Others pass it only while a job runs that did so before: it could not
     * start anyway, and whoever passes keeps it waiting for its own run and no longer.
     */
    synchronized void addAlone(long seq, JobId id) {
        alone.add(id);
        older.addAll(running);
        older.remove(id);
        add(seq, id);
    }

    /** Takes a job out that will not be started. */
    synchronized void remove(long seq) {
        JobId removed = take(seq);
        if (removed != null) {
            alone.remove(removed);
        }
        notifyAll();
    }

    /** Waits for a job and a free slot, and leaves both where they are; false once closed. */
    synchronized boolean awaitWork() throws InterruptedException {
        while (!closed && nextSeq() == null) {
            wait();
        }
        return !closed;
    }

    /** Waits a while, or until closed. */
    synchronized void pause(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        for (long left = millis; !closed && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** Takes the next job and a slot, or answers null where there is no longer both. */
    synchronized JobId poll() {
        Long seq = closed ? null : nextSeq();
        if (seq == null) {
            return null;
        }
        JobId next = take(seq);
        running.add(next);
        runsAlone = alone.remove(next);
        return next;
    }

    /** The number of the job that can start, or null where none can. */
    private Long nextSeq() {
        if (waiting.isEmpty() || running.size() == slots || runsAlone) {
            return null;
        }
        if (running.isEmpty()) {
            return waiting.firstKey();
        }
        for (Map.Entry<Long, JobId> each : waiting.entrySet()) {
            if (!alone.contains(each.getValue())) {
                return each.getKey();
            }
            if (older.isEmpty()) {
                return null;
            }
        }
        return null;
    }

    /** Gives the slot of a job back. */
    synchronized void freeSlot(JobId id) {
        running.remove(id);
        older.remove(id);
        runsAlone = runsAlone && !running.isEmpty();
        notifyAll();
    }

    /** Hands out nothing more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized int size() {
        return waiting.size();
    }

    /** The place of one job in the queue, 1 for the next; null where it does not wait. */
    synchronized Integer position(Job job) {
        Long seq = job.request().seq();
        if (!waiting.containsKey(seq)) {
            return null;
        }
        // A job that was just accepted is the last, and need not be counted to.
        return waiting.lastKey().equals(seq) ? waiting.size() : before(seq) + 1;
    }

    private int before(long seq) {
        long stretch = Math.floorDiv(seq, RANGE);
        int earlier = counts.headMap(stretch).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return earlier + waiting.subMap(stretch * RANGE, seq).size();
    }

    /** The place of each of these jobs in the queue, 1 for the next; null for one that does not wait. */
    List<Integer> positions(List<Job> jobs) {
        long[] order = jobs.stream().anyMatch(job -> job.state() == JobState.PENDING) ? order() : new long[0];
        List<Integer> positions = new ArrayList<>(jobs.size());
        for (Job job : jobs) {
            int index = Arrays.binarySearch(order, job.request().seq());
            positions.add(index < 0 ? null : Integer.valueOf(index + 1));
        }
        return positions;
    }

    private synchronized long[] order() {
        return waiting.keySet().stream().mapToLong(Long::longValue).toArray();
    }
}
