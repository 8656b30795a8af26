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

/** The requests that wait for something to happen. They hold no thread, but their number is limited. */
public final class LongPolls implements AutoCloseable {
    private final Slots slots;
    private final Map<Object, CompletableFuture<?>> waiting = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Allows {@code max} at the same time, and {@code percent} of them to one holder. */
    public LongPolls(int max, int percent) {
        this.slots = new Slots(ErrorCode.TOO_MANY_WAITERS, "requests that wait", max, percent);
    }

    /**
     * Responds once {@code event} has completed, {@code limit} has passed, or the server stops. The wait ends if its future
     * is cancelled, and {@code event} is cancelled with it.
     *
     * @param holder whose share of the slots the wait uses
     * @throws JobException {@link ErrorCode#TOO_MANY_WAITERS}; then {@code event} is cancelled
     */
    public Response waitFor(CompletableFuture<?> event, Duration limit, String holder, Response.Producer then) {
        Slots.Slot slot;
        try {
            slot = slots.take(holder);
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
                // The slot must be released even if the wait is cancelled.
                .copy();
        var unused = over.whenComplete((value, failure) -> event.cancel(false));
        if (closed) {
            event.cancel(false);
        }
        return new Response.Deferred(over, then);
    }

    int count() {
        return slots.used();
    }

    /** Ends every wait; later ones end at once. */
    @Override
    public void close() {
        closed = true;
        waiting.values().forEach(event -> event.cancel(false));
    }
}
