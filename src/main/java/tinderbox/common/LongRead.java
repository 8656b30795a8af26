package tinderbox.common;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * A possibly long read for a caller: it has a time limit, and is cancelled when the caller goes away. Long loops ask the
 * {@link #current} scan now and then whether to go on.
 */
public final class LongRead {
    private static final LongRead UNBOUNDED = new LongRead(Duration.ofDays(365), System::nanoTime);
    private static final ThreadLocal<LongRead> CURRENT = ThreadLocal.withInitial(() -> UNBOUNDED);

    private final LongSupplier nanos;
    private final long began;
    private final long limitNanos;
    private volatile boolean cancelled;

    private LongRead(Duration limit, LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        this.limitNanos = limit.toNanos();
    }

    /** A scan that begins now and may take this long. */
    public static LongRead within(Duration limit) {
        return new LongRead(limit, System::nanoTime);
    }

    /** The same by a clock in nanoseconds that does not jump. */
    public static LongRead within(Duration limit, LongSupplier nanos) {
        return new LongRead(limit, nanos);
    }

    /** The scan that this thread {@linkplain #run runs}; without one, a scan without bounds. */
    public static LongRead current() {
        return CURRENT.get();
    }

    /** What a scan does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Reads, and answers with what it found. */
        T read() throws IOException;
    }

    /**
     * Runs some work on this thread as this scan.
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

    /** Makes it end at its next check; for any thread. */
    public void cancel() {
        cancelled = true;
    }

    /**
     * Whether its time is over.
     *
     * @throws CancellationException if it was cancelled
     */
    public boolean isOver() {
        if (cancelled) {
            throw new CancellationException("nobody waits for this any more");
        }
        return nanos.getAsLong() - began > limitNanos;
    }
}
