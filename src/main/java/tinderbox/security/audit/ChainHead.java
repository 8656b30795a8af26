package tinderbox.security.audit;

/**
 * The end of a chain of audit lines.
 *
 * @param seq of the last line; 0 before the first
 * @param hash of the last line, 64 hex digits
 */
record ChainHead(long seq, String hash) {
    /** The first line is chained to this. */
    static final ChainHead START = new ChainHead(0, "0".repeat(64));
}
