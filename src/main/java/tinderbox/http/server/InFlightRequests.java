package tinderbox.http.server;

import java.time.Duration;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Counts the requests whose response is not complete. */
public final class InFlightRequests {
    private int requests;
    private boolean closing;

    synchronized void started() {
        requests++;
    }

    /** Refuses requests from now on. */
    public synchronized void refuseNew() {
        closing = true;
    }

    /**
     * Checks that requests are still accepted.
     *
     * @throws JobException {@link ErrorCode#SHUTTING_DOWN} if they are not
     */
    synchronized void admit() {
        if (closing) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN, "The server is shutting down", "send the request again in a moment");
        }
    }

    /** How many there are. */
    public synchronized int count() {
        return requests;
    }

    synchronized void completed() {
        requests--;
        notifyAll();
    }

    /** Waits until there are none, at most for {@code limit}. */
    public synchronized void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); requests > 0 && left > 0; ) {
            wait(left);
            left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
    }
}
