package tinderbox.common;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * A read that can take long, such as a scan of a file for a request. It has a time limit, and can be cancelled when the
 * client disconnects. Long loops check {@link #isOver} of the {@link #current} read regularly.
 */
public final class LongRead {
    private static final LongRead UNBOUNDED = new LongRead(Duration.ofDays(365), System::nanoTime);
    private static final ThreadLocal<LongRead> CURRENT = ThreadLocal.withInitial(() -> UNBOUNDED);

    private final LongSupplier nanos;
    private final long startNanos;
    private final long limitNanos;
    private volatile boolean cancelled;

    private LongRead(Duration limit, LongSupplier nanos) {
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
        this.limitNanos = limit.toNanos();
    }

    /** A read that starts now and may take this long. */
    public static LongRead within(Duration limit) {
        return new LongRead(limit, System::nanoTime);
    }

    /** As {@link #within(Duration)}, with this monotonic clock in nanoseconds. */
    public static LongRead within(Duration limit, LongSupplier nanos) {
        return new LongRead(limit, nanos);
    }

    /** The read that this thread {@linkplain #run runs}; without one, a read without limits. */
    public static LongRead current() {
        return CURRENT.get();
    }

    /** The code that reads. */
    @FunctionalInterface
    public interface Work<T> {
        T read() throws IOException;
    }

    /**
     * Runs code on this thread as this read.
     *
     * @throws CancellationException if it was cancelled before it was done
     */
    public <T> T run(Work<T> work) throws IOException {
        CURRENT.set(this);
        try {
            return work.read();
        } finally {
            CURRENT.remove();
        }
    }

    /** Ends the read at its next check; callable from any thread. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Whether the time is over.
     *
     * @throws CancellationException if it was cancelled
     */
    public boolean isOver() {
        if (cancelled) {
            throw new CancellationException("the client no longer waits");
        }
        return nanos.getAsLong() - startNanos > limitNanos;
    }
}
