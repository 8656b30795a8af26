package tinderbox.job;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.function.LongSupplier;

/**
 * A read on behalf of a caller that may take long: it has some time, and nobody needs its result once the caller has
 * gone. Code that goes through much asks the {@link #current} scan every now and then whether to go on.
 */
public final class Scan {
    private static final Scan UNBOUNDED = new Scan(Duration.ofDays(365), System::nanoTime);
    private static final ThreadLocal<Scan> CURRENT = ThreadLocal.withInitial(() -> UNBOUNDED);

    private final LongSupplier nanos;
    private final long began;
    private final long limitNanos;
    private volatile boolean cancelled;

    private Scan(Duration limit, LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        this.limitNanos = limit.toNanos();
    }

    /** One that begins now and has so much time. */
    public static Scan within(Duration limit) {
        return new Scan(limit, System::nanoTime);
    }

    /** The same by a clock in nanoseconds that does not jump. */
    public static Scan within(Duration limit, LongSupplier nanos) {
        return new Scan(limit, nanos);
    }

    /** What this thread does now; one without bounds unless it {@linkplain #run runs} another. */
    public static Scan current() {
        return CURRENT.get();
    }

    /** What a scan does. */
    @FunctionalInterface
    public interface Work<T> {
        /** Reads, and answers with what it found. */
        T read() throws IOException;
    }

    /**
     * Has this thread do some work as this scan.
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

    /** Has it end at its next look; from any thread. */
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
