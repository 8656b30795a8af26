package tinderbox.http;

import tinderbox.job.Sha256;

/** Strong entity tags: equal only where every byte is. */
final class ETag {
    /** Half a hash is enough to tell versions of one thing apart. */
    private static final int HEX = 32;

    private ETag() {}

    /** The tag of these bytes. */
    static String of(byte[] bytes) {
        return quoted(Sha256.hex(bytes).substring(0, HEX));
    }

    /** The tag that is made of this text. */
    static String quoted(String text) {
        return '"' + text + '"';
    }
}
