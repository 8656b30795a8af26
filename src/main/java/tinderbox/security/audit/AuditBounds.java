package tinderbox.security.audit;

/**
 * How large the audit log may grow.
 *
 * @param fileBytes the size at which a file is full and another is begun
 * @param maxBytes the size of all files together; beyond it the oldest are deleted
 */
public record AuditBounds(long fileBytes, long maxBytes) {
    /** Anonymous refusals may take a tenth of each file. */
    private static final int ANONYMOUS_FRACTION = 10;

    private static final long FILE_BYTES = 64L << 20;
    private static final int MIN_FILES = 8;

    /** The bounds of a log that may grow to {@code maxBytes} in all. */
    public static AuditBounds ofTotal(long maxBytes) {
        return new AuditBounds(Math.min(FILE_BYTES, maxBytes / MIN_FILES), maxBytes);
    }

    long anonymousBytes() {
        return fileBytes / ANONYMOUS_FRACTION;
    }
}
