package tinderbox.job.dispatch;

import java.util.Arrays;
import java.util.TreeMap;
import tinderbox.job.JobId;

/**
 * The jobs of one submitter in the {@link PendingQueue}: those that wait for their first start, in the order of
 * acceptance, and how many others hold a slot or a place. Each waiting job has a turn, one more than the job before it.
 */
final class SubmitterJobs {
    private static final int RANGE = 256;

    private final TreeMap<Long, JobId> waiting = new TreeMap<>();
    /** How many jobs wait in each range of {@value #RANGE} sequence numbers, so a rank is found without a scan. */
    private final TreeMap<Long, Integer> counts = new TreeMap<>();

    /** The turn of the first waiting job. */
    private long turn;
    /** The sequence number of the job with which this began to wait; decides between jobs with the same turn. */
    private long since;

    /** How many jobs hold a place in the queue without being in {@link #waiting}. */
    private int otherPlaces;

    private int running;

    /** Adds a waiting job; if it is the only one, it gets {@code nextTurn}. Returns false if it waits already. */
    boolean add(long seq, JobId id, long nextTurn) {
        if (waiting.containsKey(seq)) {
            return false;
        }
        if (waiting.isEmpty()) {
            turn = nextTurn;
            since = seq;
        }
        counts.merge(Math.floorDiv(seq, RANGE), 1, Integer::sum);
        // Last, so that a job that could not be added does not run.
        waiting.put(seq, id);
        return true;
    }

    /** Removes a waiting job; those after it move up. Returns false if it does not wait. */
    boolean remove(long seq) {
        if (!waiting.containsKey(seq)) {
            return false;
        }
        counts.computeIfPresent(Math.floorDiv(seq, RANGE), (range, jobs) -> jobs == 1 ? null : jobs - 1);
        // Last, because this cannot fail: a job that has left the queue must reach the caller.
        waiting.remove(seq);
        return true;
    }

    /** Removes the first waiting job, because it starts, and returns its turn. */
    long startFirst() {
        remove(first());
        return turn++;
    }

    /** The turn of the first waiting job. */
    long nextTurn() {
        return turn;
    }

    /** Loses the turns before this one. */
    void skipTo(long firstTurn) {
        turn = Math.max(turn, firstTurn);
    }

    boolean isWaiting() {
        return !waiting.isEmpty();
    }

    boolean isWaiting(long seq) {
        return waiting.containsKey(seq);
    }

    int waitingCount() {
        return waiting.size();
    }

    /** The sequence number of the first waiting job. */
    long first() {
        return waiting.firstKey();
    }

    /** The id of the first waiting job. */
    JobId firstId() {
        return waiting.firstEntry().getValue();
    }

    /** Whether the first waiting job starts before that of another submitter. */
    boolean isBefore(SubmitterJobs other) {
        return turn < other.turn || (turn == other.turn && since < other.since);
    }

    /** The turn of a waiting job. */
    long turnOf(long seq) {
        // The common case, a job that was just accepted, is last.
        return turn + (waiting.lastKey() == seq ? waiting.size() - 1 : rank(seq));
    }

    private int rank(long seq) {
        long range = Math.floorDiv(seq, RANGE);
        int earlier = counts.headMap(range).values().stream()
                .mapToInt(Integer::intValue)
                .sum();
        return earlier + waiting.subMap(range * RANGE, seq).size();
    }

    /** How many jobs wait that start before the one with this turn of another submitter, or of this one. */
    int countBefore(long otherTurn, SubmitterJobs other) {
        return countBefore(otherTurn, turn, waiting.size(), since < other.since);
    }

    private static int countBefore(long otherTurn, long turn, int waiting, boolean isFirst) {
        return (int) Math.max(0, Math.min(otherTurn - turn + (isFirst ? 1 : 0), waiting));
    }

    /** The waiting jobs as they are now: for many positions, with as little time as possible in the queue's lock. */
    Snapshot snapshot() {
        return new Snapshot(
                turn,
                since,
                waiting.keySet().stream().mapToLong(Long::longValue).toArray());
    }

    /** The waiting jobs of a submitter at one moment. Nothing compares two of them. */
    @SuppressWarnings("ArrayRecordComponent")
    record Snapshot(long turn, long since, long[] seqs) {
        /** The turn of a job, or -1 if it does not wait. */
        long turnOf(long seq) {
            int rank = Arrays.binarySearch(seqs, seq);
            return rank < 0 ? -1 : turn + rank;
        }

        /** As {@link SubmitterJobs#countBefore}. */
        int countBefore(long otherTurn, Snapshot other) {
            return SubmitterJobs.countBefore(otherTurn, turn, seqs.length, since < other.since);
        }
    }

    /** How many places in the queue the submitter has. */
    int places() {
        return waiting.size() + otherPlaces;
    }

    void addPlaces(int change) {
        otherPlaces += change;
    }

    int running() {
        return running;
    }

    void addRunning(int change) {
        running += change;
    }

    /** Whether nothing about this submitter has to be remembered. */
    boolean isIdle() {
        return waiting.isEmpty() && otherPlaces == 0 && running == 0;
    }
}
