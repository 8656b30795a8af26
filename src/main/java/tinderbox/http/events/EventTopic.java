package tinderbox.http.events;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/**
 * Events on one subject, those who follow them, and the newest events for those who come back. Everybody sees the same
 * events in the same order.
 */
final class EventTopic {
    private static final Duration SNAPSHOT_GOOD_FOR = Duration.ofSeconds(1);
    private static final int TRIES = 3;

    private final int mostEvents;
    private final long mostBytes;
    private final LongSupplier changes;
    private final Snapshots snapshots;
    private final Deque<Event> kept = new ArrayDeque<>();
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final Object snapshotLock = new Object();
    private long keptBytes;
    /** Every event with a greater number is kept. */
    private long floor;

    private Mark mark;
    private long idleSinceNanos = System.nanoTime();
    private volatile Snapshot snapshot;
    private boolean ended;

    private record Event(long seq, ByteBuffer wire) {}

    private record Snapshot(Mark mark, ByteBuffer wire, long changes, long takenNanos) {}

    /**
     * How far a feed has told.
     *
     * @param seq the number of its last event
     * @param nextLine the number of the first line of the log that it has not told
     */
    record Mark(long seq, long nextLine) {}

    /** Tells what is now. */
    interface Snapshots {
        /** The event that stands for all events up to {@code upTo}; it may tell more, but no line of the log. */
        ByteBuffer take(Mark upTo);
    }

    /**
     * A feed that begins now.
     *
     * @param start what happened up to here cannot be replayed
     * @param mostEvents how many events to keep
     * @param mostBytes how large they may be together
     * @param changes how many changes of jobs there have been, told or not
     */
    EventTopic(Mark start, int mostEvents, long mostBytes, LongSupplier changes, Snapshots snapshots) {
        this.mark = start;
        this.floor = start.seq();
        this.mostEvents = mostEvents;
        this.mostBytes = mostBytes;
        this.changes = changes;
        this.snapshots = snapshots;
    }

    /** Hands an event to all who follow; answers how many of them were cut off because they do not read. */
    int publish(long seq, ByteBuffer wire) {
        return publish(new Mark(seq, mark().nextLine()), wire);
    }

    /** The same for an event that tells the log up to a line. */
    synchronized int publish(Mark now, ByteBuffer wire) {
        kept.add(new Event(now.seq(), wire));
        keptBytes += wire.remaining();
        dropOldest(mostBytes);
        mark = now;
        return tell(wire);
    }

    private void dropOldest(long bytes) {
        while (kept.size() > mostEvents || keptBytes > bytes) {
            Event oldest = kept.remove();
            keptBytes -= oldest.wire().remaining();
            floor = oldest.seq();
        }
    }

    /** Hands on what is not kept. */
    synchronized int tell(ByteBuffer wire) {
        int before = streams.size();
        streams.removeIf(stream -> !stream.offer(wire));
        noteIdle(before);
        return before - streams.size();
    }

    /** Has a stream go on after an event that its client has seen; false where what followed is no longer kept. */
    synchronized boolean resume(EventStream stream, long after) {
        if (after < floor || after > mark.seq()) {
            return false;
        }
        follow(stream, after);
        return true;
    }

    /**
     * Has a stream begin with what is now.
     *
     * @param first what comes before that
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} where events come faster than what is now can be told
     */
    void open(EventStream stream, List<ByteBuffer> first) {
        for (int tries = 0; tries < TRIES; tries++) {
            Snapshot now = snapshot();
            synchronized (this) {
                if (now.mark().seq() >= floor) {
                    first.forEach(stream::begin);
                    stream.begin(now.wire());
                    follow(stream, now.mark().seq());
                    return;
                }
            }
        }
        throw new JobException(
                ErrorCode.TOO_MANY_STREAMS, "Events come too fast to begin a stream now", "try again in a moment");
    }

    private void follow(EventStream stream, long after) {
        for (Event event : kept) {
            if (event.seq() > after) {
                stream.begin(event.wire());
            }
        }
        if (ended) {
            stream.end(EventJson.FAREWELL);
            return;
        }
        stream.onClosed(() -> remove(stream));
        streams.add(stream);
    }

    /** What is now. Many clients may come at once: where no job has changed since, they all get the same. */
    private Snapshot snapshot() {
        synchronized (snapshotLock) {
            Snapshot last = snapshot;
            if (last == null || !isGood(last)) {
                long known = changes.getAsLong();
                Mark upTo = mark();
                last = new Snapshot(upTo, snapshots.take(upTo), known, System.nanoTime());
                snapshot = last;
            }
            return last;
        }
    }

    private synchronized boolean isGood(Snapshot taken) {
        return taken.changes() == changes.getAsLong()
                && taken.mark().seq() >= floor
                && System.nanoTime() - taken.takenNanos() < SNAPSHOT_GOOD_FOR.toNanos();
    }

    /** How far this has told. */
    synchronized Mark mark() {
        return mark;
    }

    private synchronized void remove(EventStream stream) {
        int before = streams.size();
        streams.remove(stream);
        noteIdle(before);
    }

    private void noteIdle(int before) {
        if (before > 0 && streams.isEmpty()) {
            idleSinceNanos = System.nanoTime();
        }
    }

    /** How many follow. */
    synchronized int size() {
        return streams.size();
    }

    /** Ends this where nobody has followed for so long; whoever follows later is sent away, and comes again. */
    synchronized boolean endIfIdleFor(Duration limit) {
        ended = ended || (streams.isEmpty() && System.nanoTime() - idleSinceNanos >= limit.toNanos());
        return ended;
    }

    /** How large the kept events are together, in bytes. */
    synchronized long keptBytes() {
        return keptBytes;
    }

    /** Keeps no more than this from now on, and no snapshot that is of no use any more. */
    synchronized void trim(long bytes) {
        dropOldest(bytes);
        if (snapshot != null && !isGood(snapshot)) {
            snapshot = null;
        }
    }

    /** Ends every stream in good order, also those that come later. */
    void end() {
        List<EventStream> all;
        synchronized (this) {
            ended = true;
            all = new ArrayList<>(streams);
            streams.clear();
        }
        all.forEach(stream -> stream.end(EventJson.FAREWELL));
    }
}
