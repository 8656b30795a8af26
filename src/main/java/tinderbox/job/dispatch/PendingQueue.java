package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tinderbox.job.Job;
import tinderbox.job.JobId;
import tinderbox.job.JobState;

/**
 * The jobs that wait, in the order of acceptance, and the slots that they wait for. Holds ids only. The capacity limits
 * new submissions; jobs that are queued again always fit.
 */
final class PendingQueue {
    private static final int RANGE = 256;

    private final int capacity;
    private final TreeMap<Long, JobId> waiting = new TreeMap<>();
    /** How many jobs wait in each range of {@value #RANGE} sequence numbers, so a position is found without a scan. */
    private final TreeMap<Long, Integer> counts = new TreeMap<>();

    /** Jobs that are not in the queue yet, by sequence number. */
    private final Map<Long, Delayed> delayed = new HashMap<>();

    private int reserved;
    private int slots;
    /** The jobs that hold a slot. */
    private final List<JobId> running;
    /** Waiting jobs that must run alone. */
    private final Set<JobId> alone = new HashSet<>();
    /** Jobs that have held a slot since before such a job was queued; one of them may never end. */
    private final Set<JobId> older = new HashSet<>();

    private boolean runsAlone;
    private boolean closed;

    private record Delayed(JobId id, long dueNanos) {}

    PendingQueue(int capacity, int slots) {
        this.capacity = capacity;
        this.slots = slots;
        this.running = new ArrayList<>(slots);
    }

    synchronized int slots() {
        return slots;
    }

    /** From now on there are this many slots; jobs that hold one keep it. */
    synchronized void setSlots(int slots) {
        this.slots = slots;
        notifyAll();
    }

    /** Reserves a place for a job that is about to be stored; returns false if the queue is full. */
    synchronized boolean reserve() {
        if (waiting.size() + reserved >= capacity) {
            return false;
        }
        reserved++;
        return true;
    }

    /** Releases a reserved place, because its job was not accepted. */
    synchronized void release() {
        reserved--;
    }

    /** Fills a reserved place. */
    synchronized void fill(long seq, JobId id) {
        reserved--;
        add(seq, id);
    }

    /** Adds a job beyond the capacity, if need be. */
    synchronized void add(long seq, JobId id) {
        if (!waiting.containsKey(seq)) {
            counts.merge(Math.floorDiv(seq, RANGE), 1, Integer::sum);
            // Last, so that a job that could not be added does not run.
            waiting.put(seq, id);
        }
        notifyAll();
    }

    private JobId take(long seq) {
        JobId id = waiting.get(seq);
        if (id != null) {
            counts.computeIfPresent(Math.floorDiv(seq, RANGE), (range, jobs) -> jobs == 1 ? null : jobs - 1);
            // Last, because this cannot fail: a job that has left the queue must reach the caller.
            waiting.remove(seq);
        }
        return id;
    }

    /**
     * Queues a job again that was running when Spark died. It may be the cause, so it runs alone. Other jobs overtake it
     * only while an older job still runs, because until then it cannot start anyway.
     */
    synchronized void addAlone(long seq, JobId id) {
        alone.add(id);
        older.addAll(running);
        older.remove(id);
        add(seq, id);
    }

    /** Adds a job beyond the capacity, if need be, once {@link #addDue} finds that the delay is over; others go first. */
    synchronized void addLater(long seq, JobId id, Duration delay) {
        delayed.put(seq, new Delayed(id, System.nanoTime() + delay.toNanos()));
    }

    /** Adds the jobs whose delay is over. If this throws, the others stay delayed. */
    synchronized void addDue() {
        delayed.entrySet().removeIf(each -> {
            boolean due = System.nanoTime() - each.getValue().dueNanos() >= 0;
            if (due) {
                add(each.getKey(), each.getValue().id());
            }
            return due;
        });
    }

    /** Removes a job that will not be started. */
    synchronized void remove(long seq) {
        delayed.remove(seq);
        JobId removed = take(seq);
        if (removed != null) {
            alone.remove(removed);
        }
        notifyAll();
    }

    /** Waits until there are a job and a free slot, and takes neither; returns false once closed. */
    synchronized boolean awaitWork() throws InterruptedException {
        while (!closed && nextSeq() == null) {
            wait();
        }
        return !closed;
    }

    /** Waits this long, or until closed. */
    synchronized void pause(Duration pause) throws InterruptedException {
        long deadline = System.nanoTime() + pause.toNanos();
        for (long left = pause.toMillis(); !closed && left > 0; left = (deadline - System.nanoTime()) / 1_000_000) {
            wait(left);
        }
    }

    /** Takes the next job and a slot; returns null if one of them is missing. */
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

    /** The sequence number of the job that can start, or null if none can. */
    private Long nextSeq() {
        if (waiting.isEmpty() || running.size() >= slots || runsAlone) {
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

    /** Frees the slot of a job. */
    synchronized void freeSlot(JobId id) {
        running.remove(id);
        older.remove(id);
        runsAlone = runsAlone && !running.isEmpty();
        notifyAll();
    }

    /** From now on, {@link #poll} returns null. */
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

    /** The position of a job in the queue, 1 for the next; null if it does not wait. */
    synchronized Integer position(Job job) {
        Long seq = job.request().seq();
        if (!waiting.containsKey(seq)) {
            return null;
        }
        // The common case, a job that was just accepted, is last.
        return waiting.lastKey().equals(seq) ? waiting.size() : before(seq) + 1;
    }

    private int before(long seq) {
        long range = Math.floorDiv(seq, RANGE);
        int earlier = counts.headMap(range).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return earlier + waiting.subMap(range * RANGE, seq).size();
    }

    /** The position of each job in the queue, 1 for the next; null for one that does not wait. */
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
