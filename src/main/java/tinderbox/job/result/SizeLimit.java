package tinderbox.job.result;

import java.util.concurrent.atomic.AtomicLong;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;

/** How large a result may become, with the parts that are not joined yet. Thread-safe. */
final class SizeLimit {
    private final long maxBytes;
    private final AtomicLong used = new AtomicLong();

    SizeLimit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /**
     * Counts bytes that will be written.
     *
     * @throws JobException {@link ErrorCode#LIMIT_EXCEEDED} if there is no room for them
     */
    void take(long bytes) {
        if (used.addAndGet(bytes) > maxBytes) {
            used.addAndGet(-bytes);
            throw exceeded(maxBytes);
        }
    }

    static JobException exceeded(long maxBytes) {
        return new JobException(
                ErrorCode.LIMIT_EXCEEDED,
                "The result is larger than " + maxBytes + " bytes",
                "ask for fewer rows, or have the server started with a larger --max-result-bytes");
    }

    long maxBytes() {
        return maxBytes;
    }

    /** Makes room again for bytes that were deleted. */
    void giveBack(long bytes) {
        used.addAndGet(-bytes);
    }
}
