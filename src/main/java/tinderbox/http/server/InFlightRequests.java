package tinderbox.http.server;

import java.time.Duration;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Counts the requests that have come in and have not been answered to the last byte. */
public final class InFlightRequests {
    private int requests;
    private boolean closing;

    synchronized void started() {
        requests++;
    }

    /** Ends the time in which requests are welcome. */
    public synchronized void refuseNew() {
        closing = true;
    }

    /**
     * Looks whether requests are still welcome.
     *
     * @throws JobException {@link ErrorCode#SHUTTING_DOWN} where they are not
     */
    synchronized void admit() {
        if (closing) {
            throw new JobException(
                    ErrorCode.SHUTTING_DOWN, "The server is shutting down", "send the request again in a moment");
        }
    }

    synchronized void completed() {
        requests--;
        notifyAll();
    }

    /** Waits until there is none, but not for longer than {@code limit}. */
    public synchronized void awaitNone(Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        for (long left = limit.toMillis(); requests > 0 && left > 0; ) {
            wait(left);
            left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        }
    }
}
