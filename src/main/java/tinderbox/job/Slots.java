package tinderbox.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A fixed number of slots. Each holder may take only a share of them. */
public final class Slots {
    private final ErrorCode code;
    private final String purpose;
    private final int total;
    private final int maxEach;
    private final String hint;
    private final Map<String, Integer> held = new HashMap<>();
    private int used;
    private int waiting;

    /**
     * Slots that are all free.
     *
     * @param code the code of a refusal
     * @param purpose what the slots are for, in the plural
     * @param total the number of slots
     * @param percent the share of one holder in percent of {@code total}, but at least one slot
     */
    public Slots(ErrorCode code, String purpose, int total, int percent) {
        this(
                code,
                purpose,
                total,
                share(total, percent),
                "end some of them first, or have the server started with a larger --max-share");
    }

    private Slots(ErrorCode code, String purpose, int total, int maxEach, String hint) {
        this.code = code;
        this.purpose = purpose;
        this.total = total;
        this.maxEach = maxEach;
        this.hint = hint;
    }

    /** Slots of which each holder may take {@code maxEach}. */
    public static Slots each(ErrorCode code, String purpose, int total, int maxEach) {
        return new Slots(code, purpose, total, maxEach, "wait until one has ended");
    }

    private static int share(int total, int percent) {
        return (int) Math.max(1, (long) total * Math.min(100, percent) / 100);
    }

    /** A slot that is held until it is closed; closing it again does nothing. */
    public final class Slot implements AutoCloseable {
        private final String holder;
        private boolean free;

        private Slot(String holder) {
            this.holder = holder;
        }

        @Override
        public void close() {
            synchronized (Slots.this) {
                if (!free) {
                    free = true;
                    used--;
                    held.computeIfPresent(holder, (same, count) -> count == 1 ? null : count - 1);
                    Slots.this.notifyAll();
                }
            }
        }
    }

    /**
     * Takes a slot.
     *
     * @param holder a principal or a network
     * @throws JobException with the code of these slots, if all are used or the holder uses its share
     */
    public synchronized Slot take(String holder) {
        if (used == total) {
            throw new JobException(
                    code, "The server has no room for more " + purpose + ": " + total, "try again later");
        }
        if (!hasShareLeft(holder)) {
            throw new JobException(code, "You have as many " + purpose + " as one client may have: " + maxEach, hint);
        }
        used++;
        held.merge(holder, 1, Integer::sum);
        return new Slot(holder);
    }

    private boolean hasShareLeft(String holder) {
        return held.getOrDefault(holder, 0) < maxEach;
    }

    /**
     * As {@link #take(String)}, but waits for a slot first if there is none. No more threads wait at once than there are
     * slots; the next one is refused immediately.
     */
    public synchronized Slot take(String holder, Duration patience) {
        if (waiting < total) {
            waiting++;
            try {
                await(holder, patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                waiting--;
            }
        }
        return take(holder);
    }

    private void await(String holder, Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (used == total || !hasShareLeft(holder)) {
            long leftMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (leftMillis <= 0) {
                return;
            }
            wait(leftMillis);
        }
    }

    public synchronized int used() {
        return used;
    }

    synchronized int waiting() {
        return waiting;
    }
}
