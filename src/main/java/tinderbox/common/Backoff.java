package tinderbox.common;

import java.time.Duration;
import java.util.function.LongSupplier;

/** When something that fails is tried again: after a quarter of a second, then after twice as long each time, to a limit. */
public final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Duration longest;
    private final LongSupplier nanos;
    private long delayNanos;
    private long dueNanos;

    /** Waits half a minute at most. */
    public Backoff() {
        this(LONGEST, System::nanoTime);
    }

    /**
     * Waits no longer than this.
     *
     * @param nanos a clock in nanoseconds that does not jump
     */
    Backoff(Duration longest, LongSupplier nanos) {
        this.longest = longest;
        this.nanos = nanos;
    }

    /** Notes that it has failed once more; answers whether that was the first time since the last {@link #reset}. */
    public synchronized boolean failed() {
        boolean first = delayNanos == 0;
        delayNanos = first ? FIRST.toNanos() : Math.min(2 * delayNanos, longest.toNanos());
        dueNanos = nanos.getAsLong() + delayNanos;
        return first;
    }

    /** Whether it may be tried now. */
    public synchronized boolean isDue() {
        return delayNanos == 0 || nanos.getAsLong() - dueNanos >= 0;
    }

    /** Makes it due now, since the reason of the failures may be gone. */
    public synchronized void makeDue() {
        dueNanos = nanos.getAsLong();
    }

    /** It has succeeded. */
    synchronized void reset() {
        delayNanos = 0;
    }
}
