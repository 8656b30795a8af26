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
 * The events on one subject, the streams that follow them, and the newest events for clients that reconnect. Every
 * stream has the same events in the same order.
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
    /** Every event with a greater number is retained. */
    private long floor;

    private Position position;
    private long idleSinceNanos = System.nanoTime();
    private volatile Snapshot snapshot;
    private boolean ended;

    private record Event(long seq, ByteBuffer wire) {}

    private record Snapshot(Position position, ByteBuffer wire, long changes, long takenNanos) {}

    /**
     * A position in the events of a topic.
     *
     * @param seq the number of its last event
     * @param nextLine the number of the first log line that was not published
     * @param atEnd whether the job has ended, and everything about it was published
     */
    record Position(long seq, long nextLine, boolean atEnd) {}

    /** Takes snapshots. */
    interface SnapshotSource {
        /** The event that replaces all events up to {@code upTo}. It may be newer, except for the lines of the log. */
        ByteBuffer take(Position upTo);
    }

    /**
     * A topic that starts now.
     *
     * @param start the position before the first event; nothing up to it can be replayed
     * @param maxEvents how many events to retain
     * @param maxBytes the maximum size of the retained events together
     * @param changes the number of changes of jobs so far, published or not
     */
    EventTopic(Position start, int maxEvents, long maxBytes, LongSupplier changes, SnapshotSource snapshotSource) {
        this.position = start;
        this.floor = start.seq();
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
        this.changes = changes;
        this.snapshotSource = snapshotSource;
    }

    /** Sends an event to every stream; returns how many were cut off because their clients do not read. */
    int publish(long seq, ByteBuffer wire) {
        Position now = position();
        return publish(new Position(seq, now.nextLine(), now.atEnd()), wire);
    }

    /** The same for an event with lines of the log, or with the end of the job, which ends some streams. */
    synchronized int publish(Position now, ByteBuffer wire) {
        retained.add(new Event(now.seq(), wire));
        retainedBytes += wire.remaining();
        dropOldest(maxBytes);
        position = now;
        int cutOff = broadcast(wire);
        if (now.atEnd()) {
            int before = streams.size();
            streams.removeIf(EventStream::endIfUntilEnd);
            updateIdleSince(before);
        }
        return cutOff;
    }

    private void dropOldest(long bytes) {
        while (retained.size() > maxEvents || retainedBytes > bytes) {
            Event oldest = retained.remove();
            retainedBytes -= oldest.wire().remaining();
            floor = oldest.seq();
        }
    }

    /** Sends an event that is not retained. */
    synchronized int broadcast(ByteBuffer wire) {
        int before = streams.size();
        streams.removeIf(stream -> !stream.offer(wire));
        updateIdleSince(before);
        return before - streams.size();
    }

    /** Resumes a stream after an event that its client has received; false if later events are no longer retained. */
    synchronized boolean resume(EventStream stream, long after) {
        if (after < floor || after > position.seq()) {
            return false;
        }
        attach(stream, after);
        return true;
    }

    /**
     * Starts a stream with a snapshot.
     *
     * @param first the events before the snapshot
     * @throws JobException {@link ErrorCode#TOO_MANY_STREAMS} if events come faster than snapshots can be taken
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
                ErrorCode.TOO_MANY_STREAMS, "Events come too fast to start a stream now", "try again in a moment");
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
        if (position.atEnd() && stream.endIfUntilEnd()) {
            return;
        }
        stream.onClosed(() -> remove(stream));
        streams.add(stream);
    }

    /** A recent snapshot. Clients that connect at the same time share one if no job has changed in between. */
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

    private synchronized boolean isFresh(Snapshot last) {
        return last.changes() == changes.getAsLong()
                && last.position().seq() >= floor
                && System.nanoTime() - last.takenNanos() < SNAPSHOT_LIFETIME.toNanos();
    }

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

    synchronized int streamCount() {
        return streams.size();
    }

    /** Ends the topic if it has had no stream for that long. A stream that comes later ends at once and reconnects. */
    synchronized boolean endIfIdleFor(Duration limit) {
        ended = ended || (streams.isEmpty() && System.nanoTime() - idleSinceNanos >= limit.toNanos());
        return ended;
    }

    /** The size of the retained events together, in bytes. */
    synchronized long retainedBytes() {
        return retainedBytes;
    }

    /** Drops the oldest events beyond this size, and a snapshot that is out of date. */
    synchronized void trim(long bytes) {
        dropOldest(bytes);
        if (snapshot != null && !isFresh(snapshot)) {
            snapshot = null;
        }
    }

    /** Ends every stream in an orderly way, later ones included. */
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
