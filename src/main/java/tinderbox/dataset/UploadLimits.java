package tinderbox.dataset;

import java.time.Duration;

/**
 * The limits of uploads.
 *
 * @param maxBytes the maximum size of a file
 * @param minFreeBytes how much of the disk must stay free
 * @param atOnce the maximum number of concurrent uploads
 * @param maxShare how many of them one caller may have, in percent
 * @param window the period over which the transfer rate is measured
 * @param minBytesPerWindow the minimum number of bytes in each window; a slower upload is aborted
 * @param maxDuration the maximum duration of an upload
 */
public record UploadLimits(
        long maxBytes,
        long minFreeBytes,
        int atOnce,
        int maxShare,
        Duration window,
        long minBytesPerWindow,
        Duration maxDuration) {
    /** The maximum number of concurrent uploads. */
    public static final int AT_ONCE = 4;

    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final long MIN_BYTES_PER_SECOND = 1 << 10;
    private static final Duration MAX_DURATION = Duration.ofHours(24);

    /** The limits with these settings of the operator, and the defaults for the others. */
    public static UploadLimits of(long maxBytes, long minFreeBytes, int maxShare) {
        return new UploadLimits(
                maxBytes,
                minFreeBytes,
                AT_ONCE,
                maxShare,
                WINDOW,
                WINDOW.toSeconds() * MIN_BYTES_PER_SECOND,
                MAX_DURATION);
    }
}
