package tinderbox.common;

import java.util.function.LongConsumer;

/**
 * Measures one kind of operation, such as flushing a file. Its durations are lost until there is a listener, so code below the
 * metrics can be measured without knowing them.
 */
public final class TimingPoint {
    private volatile LongConsumer listener = nanos -> {};

    /** Passes every duration from now on to {@code nanos}, in nanoseconds, on the thread that was measured. */
    public void listen(LongConsumer nanos) {
        listener = nanos;
    }

    /**
     * Reports an operation that has just ended.
     *
     * @param startedNanos {@link System#nanoTime} at its start
     */
    public void ended(long startedNanos) {
        listener.accept(System.nanoTime() - startedNanos);
    }
}
