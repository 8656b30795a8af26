package tinderbox.common;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Decides when to retry: after a quarter of a second, then after twice as long each time, up to a limit. */
public final class Backoff {
    private static final Duration FIRST_DELAY = Duration.ofMillis(250);
    private static final Duration MAX_DELAY = Duration.ofSeconds(30);

    private final Duration maxDelay;
    private final LongSupplier nanos;
    private long delayNanos;
    private long dueNanos;

    /** A backoff of at most 30 seconds. */
    public Backoff() {
        this(MAX_DELAY, System::nanoTime);
    }

    /**
     * A backoff with this limit.
     *
     * @param nanos a monotonic clock, in nanoseconds
     */
    Backoff(Duration maxDelay, LongSupplier nanos) {
        this.maxDelay = maxDelay;
        this.nanos = nanos;
    }

    /** Records a failure; returns whether it is the first since the last {@link #reset}. */
    public synchronized boolean failed() {
        boolean first = delayNanos == 0;
        delayNanos = first ? FIRST_DELAY.toNanos() : Math.min(2 * delayNanos, maxDelay.toNanos());
        dueNanos = nanos.getAsLong() + delayNanos;
        return first;
    }

    /** Whether to retry now. */
    public synchronized boolean isDue() {
        return delayNanos == 0 || nanos.getAsLong() - dueNanos >= 0;
    }

    /** Allows a retry now, because the reason of the failures may be gone. */
    public synchronized void makeDue() {
        dueNanos = nanos.getAsLong();
    }

    /** Records a success. */
    public synchronized void reset() {
        delayNanos = 0;
    }
}
