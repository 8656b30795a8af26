package tinderbox.dataset;

import java.time.Duration;

/**
 * The bounds of uploads.
 *
 * @param maxBytes how large a file may be
 * @param minFreeBytes what must stay free on the disk
 * @param atOnce how many may come in at the same time
 * @param maxShare how many of a hundred of them one caller may send
 * @param window over how long the rate is looked at
 * @param leastBytesInWindow how many bytes must come in each window; where fewer do, the upload is ended
 * @param longest how long an upload may take in all
 */
public record UploadLimits(
        long maxBytes,
        long minFreeBytes,
        int atOnce,
        int maxShare,
        Duration window,
        long leastBytesInWindow,
        Duration longest) {
    /** As many uploads may come in at the same time. */
    public static final int AT_ONCE = 4;

    private static final Duration WINDOW = Duration.ofSeconds(30);
    private static final long LEAST_BYTES_A_SECOND = 1 << 10;
    private static final Duration LONGEST = Duration.ofHours(24);

    /** Those that an operator can set, with the usual others. */
    public static UploadLimits of(long maxBytes, long minFreeBytes, int maxShare) {
        return new UploadLimits(
                maxBytes, minFreeBytes, AT_ONCE, maxShare, WINDOW, WINDOW.toSeconds() * LEAST_BYTES_A_SECOND, LONGEST);
    }
}
