package tinderbox.http;

import tinderbox.job.Sha256;

/** Entity tags: strong ones are equal only where every byte is. */
final class ETag {
    /** Half a hash is enough to tell versions of one thing apart. */
    private static final int HEX = 32;

    private ETag() {}

    /** The tag of these bytes. */
    static String of(byte[] bytes) {
        return quoted(Sha256.hex(bytes).substring(0, HEX));
    }

    /** The tag of the same thing in other bytes, such as packed ones. */
    static String weak(String etag) {
        return etag.startsWith("W/") ? etag : "W/" + etag;
    }

    /** The tag that is made of this text. */
    static String quoted(String text) {
        return '"' + text + '"';
    }
}
