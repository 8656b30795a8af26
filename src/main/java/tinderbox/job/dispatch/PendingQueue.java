package tinderbox.job.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tinderbox.job.ErrorCode;
import tinderbox.job.Job;
import tinderbox.job.JobException;
import tinderbox.job.JobId;
import tinderbox.job.JobRequest;
import tinderbox.job.JobState;

/**
 * The jobs that wait, and the slots that they wait for. Submitters take turns, as start-time fair queueing has it if every
 * job costs the same: a job gets a turn after that of the job that started last, and after that of its submitter's
 * previous job. So nobody waits for all jobs of another, and the jobs of each start in the order of acceptance. Jobs that
 * are queued again have had their turn, and go first.
 *
 * <p>The capacity limits new submissions; jobs that are queued again always fit.
 */
final class PendingQueue {
    /** When a submitter with too many waiting jobs may try again; until then, one of them has probably started. */
    private static final Duration TRY_AGAIN = Duration.ofSeconds(5);

    private final Limits limits;
    /** The submitters that have jobs here. */
    private final Map<String, SubmitterJobs> submitters = new HashMap<>();
    /** Jobs that wait again, by sequence number. */
    private final TreeMap<Long, Entry> again = new TreeMap<>();

    /** Jobs that are not in the queue yet, by sequence number. */
    private final Map<Long, Delayed> delayed = new HashMap<>();

    private int size;
    private int reserved;
    private int slots;
    /** The turn of the job that started last. */
    private long turn;
    /** The jobs that hold a slot. */
    private final List<Entry> running = new ArrayList<>(Limits.MAX_RUNNING);
    /** Waiting jobs that must run alone. */
    private final Set<JobId> alone = new HashSet<>();
    /** Jobs that have held a slot since before such a job was queued; one of them may never end. */
    private final Set<JobId> older = new HashSet<>();

    private boolean runsAlone;
    private boolean closed;

    private record Entry(long seq, JobId id, String submitter) {
        static Entry of(JobRequest request) {
            return new Entry(request.seq(), request.id(), request.submittedBy());
        }
    }

    private record Delayed(Entry entry, long dueNanos) {}

    PendingQueue(Limits limits) {
        this.limits = limits;
        this.slots = limits.maxRunning();
    }

    synchronized int slots() {
        return slots;
    }

    /** From now on there are this many slots; jobs that hold one keep it. */
    synchronized void setSlots(int slots) {
        this.slots = slots;
        notifyAll();
    }

    /** Reserves a place for a job that is about to be stored, as {@link #reserve(String, int)} does. */
    void reserve(String submitter) {
        reserve(submitter, 1);
    }

    /**
     * Reserves places for jobs that are about to be stored: all or none.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_REQUESTS} if the submitter has too many waiting jobs, {@link
     *     ErrorCode#QUEUE_FULL} if the queue has
     */
    synchronized void reserve(String submitter, int count) {
        SubmitterJobs jobs = submitters.get(submitter);
        int places = jobs == null ? 0 : jobs.places();
        if (isLimited(submitter) && places + count > limits.maxQueuedPerToken()) {
            throw JobException.retryAfter(
                    ErrorCode.TOO_MANY_REQUESTS,
                    count == 1
                            ? "This token has " + limits.maxQueuedPerToken()
                                    + " jobs in the queue, and may have no more"
                            : "This token may have " + limits.maxQueuedPerToken() + " jobs in the queue, and has "
                                    + places + ": " + count + " more do not fit",
                    "submit the job again when some have started, or cancel some",
                    TRY_AGAIN);
        }
        if (size + reserved + count > limits.maxQueued()) {
            throw new JobException(
                    ErrorCode.QUEUE_FULL,
                    count == 1
                            ? "The queue is full: " + limits.maxQueued() + " jobs are waiting"
                            : "The queue has " + limits.maxQueued() + " places, and " + (size + reserved)
                                    + " are taken: " + count + " more jobs do not fit",
                    "send the job again later, or have the server started with a larger --max-queued");
        }
        of(submitter).addPlaces(count);
        reserved += count;
    }

    /** Without authentication everybody is the same submitter, and the limits of the server are enough. */
    private static boolean isLimited(String submitter) {
        return !submitter.equals(JobRequest.LOCAL);
    }

    private SubmitterJobs of(String submitter) {
        return submitters.computeIfAbsent(submitter, name -> new SubmitterJobs());
    }

    /** Releases a reserved place, because its job was not accepted. */
    void release(String submitter) {
        release(submitter, 1);
    }

    /** Releases reserved places, because their jobs were not accepted. */
    synchronized void release(String submitter, int count) {
        of(submitter).addPlaces(-count);
        reserved -= count;
        forgetIfIdle(submitter);
    }

    private void forgetIfIdle(String submitter) {
        if (of(submitter).isIdle()) {
            submitters.remove(submitter);
        }
    }

    /** Fills a reserved place. */
    synchronized void fill(JobRequest request) {
        of(request.submittedBy()).addPlaces(-1);
        reserved--;
        add(request);
    }

    /** Adds a job beyond the capacity, if need be. */
    synchronized void add(JobRequest request) {
        if (of(request.submittedBy()).add(request.seq(), request.id(), turn + 1)) {
            size++;
        }
        notifyAll();
    }

    /** Adds a job that has held a slot. */
    synchronized void addAgain(JobRequest request) {
        addAgain(Entry.of(request));
    }

    private void addAgain(Entry entry) {
        SubmitterJobs jobs = of(entry.submitter());
        if (again.put(entry.seq(), entry) == null) {
            jobs.addPlaces(1);
            size++;
        }
        notifyAll();
    }

    /**
     * Queues a job again that was running when Spark died. It may be the cause, so it runs alone. Other jobs overtake it
     * only while an older job still runs, because until then it cannot start anyway.
     */
    synchronized void addAlone(JobRequest request) {
        alone.add(request.id());
        running.forEach(each -> older.add(each.id()));
        older.remove(request.id());
        addAgain(request);
    }

    /** Adds a job that has held a slot once {@link #addDue} finds that the delay is over; others go first. */
    synchronized void addLater(JobRequest request, Duration delay) {
        delayed.put(request.seq(), new Delayed(Entry.of(request), System.nanoTime() + delay.toNanos()));
    }

    /** Adds the jobs whose delay is over. If this throws, the others stay delayed. */
    synchronized void addDue() {
        delayed.values().removeIf(each -> {
            boolean due = System.nanoTime() - each.dueNanos() >= 0;
            if (due) {
                addAgain(each.entry());
            }
            return due;
        });
    }

    /** Removes a job that will not be started. */
    synchronized void remove(JobRequest request) {
        delayed.remove(request.seq());
        if (of(request.submittedBy()).remove(request.seq())) {
            size--;
        }
        Entry removed = again.remove(request.seq());
        if (removed != null) {
            of(removed.submitter()).addPlaces(-1);
            size--;
            alone.remove(removed.id());
        }
        forgetIfIdle(request.submittedBy());
        notifyAll();
    }

    /** Waits until there are a job and a free slot, and takes neither; returns false once closed. */
    synchronized boolean awaitWork() throws InterruptedException {
        while (!closed && next() == null) {
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
        Entry next = closed ? null : next();
        if (next == null) {
            return null;
        }
        SubmitterJobs jobs = of(next.submitter());
        if (!again.containsKey(next.seq())) {
            // Those at their running limit fall behind otherwise, and would start many jobs in a row later.
            for (SubmitterJobs each : submitters.values()) {
                each.skipTo(jobs.nextTurn());
            }
        }
        // First what may fail for lack of memory: a job that has left the queue must reach the caller.
        if (again.remove(next.seq()) == null) {
            turn = jobs.startFirst();
        } else {
            jobs.addPlaces(-1);
        }
        size--;
        running.add(next);
        jobs.addRunning(1);
        runsAlone = alone.remove(next.id());
        return next.id();
    }

    /** The job that can start, or null if none can. */
    private Entry next() {
        if (size == 0 || running.size() >= slots || runsAlone) {
            return null;
        }
        for (Entry each : again.values()) {
            if (running.isEmpty()) {
                return each;
            }
            if (alone.contains(each.id())) {
                if (older.isEmpty()) {
                    return null;
                }
            } else if (mayStart(each.submitter(), of(each.submitter()))) {
                return each;
            }
        }
        Map.Entry<String, SubmitterJobs> first = null;
        for (Map.Entry<String, SubmitterJobs> each : submitters.entrySet()) {
            SubmitterJobs jobs = each.getValue();
            if (jobs.isWaiting()
                    && mayStart(each.getKey(), jobs)
                    && (first == null || jobs.isBefore(first.getValue()))) {
                first = each;
            }
        }
        return first == null
                ? null
                : new Entry(first.getValue().first(), first.getValue().firstId(), first.getKey());
    }

    private boolean mayStart(String submitter, SubmitterJobs jobs) {
        return jobs.running() < limits.maxRunningPerToken() || !isLimited(submitter);
    }

    /** Frees the slot of a job. */
    synchronized void freeSlot(JobId id) {
        for (int i = 0; i < running.size(); i++) {
            if (running.get(i).id().equals(id)) {
                String submitter = running.remove(i).submitter();
                of(submitter).addRunning(-1);
                forgetIfIdle(submitter);
                break;
            }
        }
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
        return size;
    }

    /** The position of a job in the queue, 1 for the first; null if it does not wait. */
    synchronized Integer position(Job job) {
        long seq = job.request().seq();
        if (again.containsKey(seq)) {
            return again.headMap(seq).size() + 1;
        }
        SubmitterJobs jobs = submitters.get(job.request().submittedBy());
        if (jobs == null || !jobs.isWaiting(seq)) {
            return null;
        }
        long itsTurn = jobs.turnOf(seq);
        int position = again.size() + 1;
        for (SubmitterJobs each : submitters.values()) {
            position += each.countBefore(itsTurn, jobs);
        }
        return position;
    }

    /** The position of each job in the queue, 1 for the first; null for one that does not wait. */
    List<Integer> positions(List<Job> jobs) {
        return jobs.stream().anyMatch(job -> job.state() == JobState.PENDING)
                ? snapshot().positions(jobs)
                : Collections.nCopies(jobs.size(), null);
    }

    private synchronized Snapshot snapshot() {
        Map<String, SubmitterJobs.Snapshot> waiting = new HashMap<>();
        submitters.forEach((submitter, its) -> {
            if (its.isWaiting()) {
                waiting.put(submitter, its.snapshot());
            }
        });
        return new Snapshot(again.keySet().stream().mapToLong(Long::longValue).toArray(), waiting);
    }

    /** The queue at one moment. Nothing compares two of them. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Snapshot(long[] again, Map<String, SubmitterJobs.Snapshot> submitters) {
        List<Integer> positions(List<Job> jobs) {
            List<SubmitterJobs.Snapshot> all = List.copyOf(submitters.values());
            List<Integer> positions = new ArrayList<>(jobs.size());
            for (Job job : jobs) {
                positions.add(position(job.request(), all));
            }
            return positions;
        }

        private Integer position(JobRequest request, List<SubmitterJobs.Snapshot> all) {
            int index = Arrays.binarySearch(again, request.seq());
            SubmitterJobs.Snapshot own = submitters.get(request.submittedBy());
            long turn = own == null ? -1 : own.turnOf(request.seq());
            if (index >= 0 || turn < 0) {
                return index < 0 ? null : Integer.valueOf(index + 1);
            }
            int position = again.length + 1;
            for (SubmitterJobs.Snapshot each : all) {
                position += each.countBefore(turn, own);
            }
            return position;
        }
    }
}
