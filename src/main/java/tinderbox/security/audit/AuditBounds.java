package tinderbox.security.audit;

/**
 * How much room the audit log has.
 *
 * @param fileBytes a file that has grown so large is left alone and a new one begun
 * @param maxBytes what all files may take; beyond it the oldest are deleted
 */
public record AuditBounds(long fileBytes, long maxBytes) {
    /** What anonymous refusals may take of each file, and so of all: one part in so many. */
    private static final int ANONYMOUS_PART = 10;

    private static final long FILE_BYTES = 64L << 20;
    private static final int FEWEST_FILES = 8;

    /** That of a log that may take so many bytes in all. */
    public static AuditBounds ofTotal(long maxBytes) {
        return new AuditBounds(Math.min(FILE_BYTES, maxBytes / FEWEST_FILES), maxBytes);
    }

    long anonymousBytes() {
        return fileBytes / ANONYMOUS_PART;
    }
}
