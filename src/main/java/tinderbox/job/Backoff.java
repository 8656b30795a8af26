package tinderbox.job;

import java.time.Duration;

/** When something that fails is tried again: after a quarter of a second, then after twice as long each time. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private long delayNanos;
    private long dueNanos;

    /** Notes that it has failed once more; answers whether that was the first time since it last went well. */
    synchronized boolean failed() {
        boolean first = delayNanos == 0;
        delayNanos = first ? FIRST.toNanos() : Math.min(2 * delayNanos, LONGEST.toNanos());
        dueNanos = System.nanoTime() + delayNanos;
        return first;
    }

    /** Whether it may be tried now. */
    synchronized boolean isDue() {
        return delayNanos == 0 || System.nanoTime() - dueNanos >= 0;
    }

    /** Has it tried as soon as possible, for the reason of the failures may be gone. */
    synchronized void hurry() {
        dueNanos = System.nanoTime();
    }
}
