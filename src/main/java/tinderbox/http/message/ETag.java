package tinderbox.http.message;

import tinderbox.common.Sha256;

/** Entity tags: strong ones are equal only where every byte is. */
public final class ETag {
    /** Half a hash is enough to tell versions of one thing apart. */
    private static final int HEX = 32;

    private ETag() {}

    /** The tag of these bytes. */
    public static String of(byte[] bytes) {
        return quoted(Sha256.hex(bytes).substring(0, HEX));
    }

    /** The tag of the same thing in other bytes, such as packed ones. */
    public static String weak(String etag) {
        return etag.startsWith("W/") ? etag : "W/" + etag;
    }

    /** The tag that is made of this text. */
    public static String quoted(String text) {
        return '"' + text + '"';
    }
}
