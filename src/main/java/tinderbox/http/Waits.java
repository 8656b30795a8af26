package tinderbox.http;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** The requests that wait for something to happen. They hold no thread, but there is a bound to their number. */
final class Waits implements AutoCloseable {
    private final Semaphore room;
    private final Map<Object, CompletableFuture<?>> open = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /** Room for {@code most} at the same time. */
    Waits(int most) {
        this.room = new Semaphore(most);
    }

    /**
     * Answers once {@code event} has completed, or {@code limit} has passed, or the server stops.
     *
     * @throws JobException {@link ErrorCode#TOO_MANY_WAITERS}; then {@code event} is cancelled
     */
    Answer until(CompletableFuture<?> event, Duration limit, Answer.Work then) {
        if (!room.tryAcquire()) {
            event.cancel(false);
            throw new JobException(
                    ErrorCode.TOO_MANY_WAITERS,
                    "Too many requests are waiting for a job to end",
                    "ask again later, or poll without wait");
        }
        var wait = new Object();
        open.put(wait, event);
        CompletableFuture<?> over = event.orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((value, timeout) -> {
                    open.remove(wait);
                    room.release();
                });
        if (closed) {
            event.cancel(false);
        }
        return new Answer.Later(over, then);
    }

    /** Ends every wait; those that come later end at once. */
    @Override
    public void close() {
        closed = true;
        open.values().forEach(event -> event.cancel(false));
    }
}
