package tinderbox.http.message;

import java.util.function.LongSupplier;
import tinderbox.dataset.UploadLimits;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** Limits the time of an upload: it must transfer enough in each window, and may not take longer than a maximum. */
public final class MinimumTransferRate {
    private final UploadLimits limits;
    private final LongSupplier nanos;
    private final long startedNanos;
    private long windowStartedNanos;
    private long bytesInWindow;

    /** Starts now, by a monotonic clock in nanoseconds. */
    public MinimumTransferRate(UploadLimits limits, LongSupplier nanos) {
        this.limits = limits;
        this.nanos = nanos;
        this.startedNanos = nanos.getAsLong();
        this.windowStartedNanos = startedNanos;
    }

    /** Counts received bytes. */
    void received(long bytes) {
        bytesInWindow += bytes;
    }

    /**
     * How long to wait for more bytes before the next check, in nanoseconds; at least 1.
     *
     * @throws JobException {@link ErrorCode#TOO_SLOW} if the upload is too slow or takes too long
     */
    long nanosToWait() {
        long now = nanos.getAsLong();
        long leftInAll = limits.maxDuration().toNanos() - (now - startedNanos);
        long leftInWindow = limits.window().toNanos() - (now - windowStartedNanos);
        if (leftInAll <= 0) {
            throw new JobException(
                    ErrorCode.TOO_SLOW,
                    "The upload has not ended within " + limits.maxDuration().toHours() + " hours",
                    "send the file in parts, or compressed");
        }
        if (leftInWindow <= 0) {
            if (bytesInWindow < limits.minBytesPerWindow()) {
                throw new JobException(
                        ErrorCode.TOO_SLOW,
                        "The upload is too slow: less than " + limits.minBytesPerWindow() + " bytes came in "
                                + limits.window().toSeconds() + " s",
                        "send it again over a better connection");
            }
            windowStartedNanos = now;
            bytesInWindow = 0;
            leftInWindow = limits.window().toNanos();
        }
        return Math.min(leftInAll, leftInWindow);
    }
}
