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
    private static final Duration SNAPSHOT_LIFETIME = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 3;

    private final int maxEvents;
    private final long maxBytes;
    private final LongSupplier changes;
    private final SnapshotSource snapshotSource;
    private final Deque<Event> retained = new ArrayDeque<>();
    private final Set<EventStream> streams = new LinkedHashSet<>();
    private final Object snapshotLock = new Object();
    private long retainedBytes;
    /** Every event with a greater number is kept. */
    private long floor;

    private Position position;
    private long idleSinceNanos = System.nanoTime();
    private volatile Snapshot snapshot;
    private boolean ended;

    private record Event(long seq, ByteBuffer wire) {}

    private record Snapshot(Position position, ByteBuffer wire, long changes, long takenNanos) {}

    /**
     * How far a feed has told.
     *
     * @param seq the number of its last event
     * @param nextLine the number of the first line of the log that it has not told
     */
    record Position(long seq, long nextLine) {}

    /** Tells what is now. */
    interface SnapshotSource {
        /** The event that stands for all events up to {@code upTo}; it may tell more, but no line of the log. */
        ByteBuffer take(Position upTo);
    }

    /**
     * A feed that begins now.
     *
     * @param start what happened up to here cannot be replayed
     * @param mostEvents how many events to keep
     * @param mostBytes how large they may be together
     * @param changes how many changes of jobs there have been, told or not
     */
    EventTopic(Position start, int mostEvents, long mostBytes, LongSupplier changes, SnapshotSource snapshotSource) {
        this.position = start;
        this.floor = start.seq();
        this.maxEvents = mostEvents;
        this.maxBytes = mostBytes;
        this.changes = changes;
        this.snapshotSource = snapshotSource;
    }

    /** Hands an event to all who follow; answers how many of them were cut off because they do not read. */
    int publish(long seq, ByteBuffer wire) {
        return publish(new Position(seq, position().nextLine()), wire);
    }

    /** The same for an event that tells the log up to a line. */
    synchronized int publish(Position now, ByteBuffer wire) {
        retained.add(new Event(now.seq(), wire));
        retainedBytes += wire.remaining();
        dropOldest(maxBytes);
        position = now;
        return broadcast(wire);
    }

    private void dropOldest(long bytes) {
        while (retained.size() > maxEvents || retainedBytes > bytes) {
            Event oldest = retained.remove();
            retainedBytes -= oldest.wire().remaining();
            floor = oldest.seq();
        }
    }

    /** Hands on what is not kept. */
    synchronized int broadcast(ByteBuffer wire) {
        int before = streams.size();
        streams.removeIf(stream -> !stream.offer(wire));
        updateIdleSince(before);
        return before - streams.size();
    }

    /** Has a stream go on after an event that its client has seen; false where what followed is no longer kept. */
    synchronized boolean resume(EventStream stream, long after) {
        if (after < floor || after > position.seq()) {
            return false;
        }
        attach(stream, after);
        return true;
    }

    /**
     * Has a stream begin with what is now.
     *
     * @param first what comes before that
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} where events come faster than what is now can be told
     */
    void open(EventStream stream, List<ByteBuffer> first) {
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            Snapshot now = snapshot();
            synchronized (this) {
                if (now.position().seq() >= floor) {
                    first.forEach(stream::addOpening);
                    stream.addOpening(now.wire());
                    attach(stream, now.position().seq());
                    return;
                }
            }
        }
        throw new JobException(
                ErrorCode.TOO_MANY_STREAMS, "Events come too fast to begin a stream now", "try again in a moment");
    }

    private void attach(EventStream stream, long after) {
        for (Event event : retained) {
            if (event.seq() > after) {
                stream.addOpening(event.wire());
            }
        }
        if (ended) {
            stream.end(EventJson.CLOSING);
            return;
        }
        stream.onClosed(() -> remove(stream));
        streams.add(stream);
    }

    /** What is now. Many clients may come at once: where no job has changed since, they all get the same. */
    private Snapshot snapshot() {
        synchronized (snapshotLock) {
            Snapshot last = snapshot;
            if (last == null || !isFresh(last)) {
                long known = changes.getAsLong();
                Position upTo = position();
                last = new Snapshot(upTo, snapshotSource.take(upTo), known, System.nanoTime());
                snapshot = last;
            }
            return last;
        }
    }

    private synchronized boolean isFresh(Snapshot taken) {
        return taken.changes() == changes.getAsLong()
                && taken.position().seq() >= floor
                && System.nanoTime() - taken.takenNanos() < SNAPSHOT_LIFETIME.toNanos();
    }

    /** How far this has told. */
    synchronized Position position() {
        return position;
    }

    private synchronized void remove(EventStream stream) {
        int before = streams.size();
        streams.remove(stream);
        updateIdleSince(before);
    }

    private void updateIdleSince(int before) {
        if (before > 0 && streams.isEmpty()) {
            idleSinceNanos = System.nanoTime();
        }
    }

    /** How many follow. */
    synchronized int streamCount() {
        return streams.size();
    }

    /** Ends this where nobody has followed for so long; whoever follows later is sent away, and comes again. */
    synchronized boolean endIfIdleFor(Duration limit) {
        ended = ended || (streams.isEmpty() && System.nanoTime() - idleSinceNanos >= limit.toNanos());
        return ended;
    }

    /** How large the kept events are together, in bytes. */
    synchronized long retainedBytes() {
        return retainedBytes;
    }

    /** Keeps no more than this from now on, and no snapshot that is of no use any more. */
    synchronized void trim(long bytes) {
        dropOldest(bytes);
        if (snapshot != null && !isFresh(snapshot)) {
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
        all.forEach(stream -> stream.end(EventJson.CLOSING));
    }
}
