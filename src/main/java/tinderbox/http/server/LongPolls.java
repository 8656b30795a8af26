package tinderbox.http.server;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import tinderbox.http.message.Response;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;

/** The requests that wait for something to happen. They hold no thread, but there is a bound to their number. */
public final class LongPolls implements AutoCloseable {
    private final Slots slots;
    private final Map<Object, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Room for {@code most} at the same time, and for one caller's share of {@code percent}. */
    public LongPolls(int most, int percent) {
        this.slots = new Slots(ErrorCode.TOO_MANY_WAITERS, "requests that wait", most, percent);
    }

    /**
     * Answers once {@code event} has completed, or {@code limit} has passed, or the server stops. The wait ends when its
     * future is cancelled, and {@code event} with it.
     *
     * @param caller who waits
     * @throws JobException {@link ErrorCode#TOO_MANY_WAITERS}; then {@code event} is cancelled
     */
    public Response waitFor(CompletableFuture<?> event, Duration limit, String caller, Response.Producer then) {
        Slots.Slot slot;
        try {
            slot = slots.take(caller);
        } catch (JobException e) {
            event.cancel(false);
            throw e;
        }
        var wait = new Object();
        waiting.put(wait, event);
        CompletableFuture<?> over = event.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((value, timeout) -> {
                    waiting.remove(wait);
                    slot.close();
                })
                // What frees the slot must run even if the wait is cancelled.
                .copy();
        var unused = over.whenComplete((value, failure) -> event.cancel(false));
        if (closed) {
            event.cancel(false);
        }
        return new Response.Deferred(over, then);
    }

    /** How many wait. */
    int count() {
        return slots.used();
    }

    /** Ends every wait; those that come later end at once. */
    @Override
    public void close() {
        closed = true;
        waiting.values().forEach(event -> event.cancel(false));
    }
}
