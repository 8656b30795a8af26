package tinderbox.job;

import java.util.HashMap;
import java.util.Map;

/** A fixed number of slots, of which one caller holds at most a share. */
public final class Slots {
    private final ErrorCode code;
    private final String what;
    private final int total;
    private final int each;
    private final Map<String, Integer> held = new HashMap<>();
    private int taken;

    /**
     * All slots are free at first.
     *
     * @param code why a slot is refused
     * @param what what the slots are for, in the plural
     * @param total how many slots there are
     * @param percent how many of a hundred slots one caller may hold; one slot in any case
     */
    public Slots(ErrorCode code, String what, int total, int percent) {
        this.code = code;
        this.what = what;
        this.total = total;
        this.each = share(total, percent);
    }

    private static int share(int total, int percent) {
        return (int) Math.max(1, (long) total * Math.min(100, percent) / 100);
    }

    /** A slot that is held until it is closed; closing it again does nothing. */
    public final class Slot implements AutoCloseable {
        private final String caller;
        private boolean free;

        private Slot(String caller) {
            this.caller = caller;
        }

        @Override
        public void close() {
            synchronized (Slots.this) {
                if (!free) {
                    free = true;
                    taken--;
                    held.computeIfPresent(caller, (same, count) -> count == 1 ? null : count - 1);
                }
            }
        }
    }

    /**
     * Takes a slot.
     *
     * @param caller who is to hold it
     * @throws JobException the code of these slots, if all are taken or the caller holds its share
     */
    public synchronized Slot take(String caller) {
        if (taken == total) {
            throw new JobException(code, "The server has no room for more " + what + ": " + total, "try again later");
        }
        if (held.getOrDefault(caller, 0) >= each) {
            throw new JobException(
                    code,
                    "You have as many " + what + " as one caller may have: " + each,
                    "end some of them first, or have the server started with a larger --max-share");
        }
        taken++;
        held.merge(caller, 1, Integer::sum);
        return new Slot(caller);
    }

    /** How many slots are taken. */
    public synchronized int taken() {
        return taken;
    }
}
