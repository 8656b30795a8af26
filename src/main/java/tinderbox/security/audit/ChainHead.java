package tinderbox.security.audit;

/**
 * Where the chain of audit lines has come to.
 *
 * @param seq of the last line; 0 before the first
 * @param hash of the last line, 64 hex digits
 */
record ChainHead(long seq, String hash) {
    /** What the first line of all is chained to. */
    static final ChainHead START = new ChainHead(0, "0".repeat(64));
}
