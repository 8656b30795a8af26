package tinderbox.http.message;

import tinderbox.common.Sha256;

/** Entity tags: strong ones are equal only if every byte is. */
public final class ETag {
    /** Half a hash is enough to distinguish versions. */
    private static final int HEX = 32;

    private ETag() {}

    /** The tag of these bytes. */
    public static String of(byte[] bytes) {
        return quoted(version(bytes));
    }

    /** What the tag of these bytes has in its quotes. */
    public static String version(byte[] bytes) {
        return Sha256.hex(bytes).substring(0, HEX);
    }

    /** The tag of something of which {@link IfMatch} compares this version alone; it has no hyphen. */
    public static String withVersion(String etag, String version) {
        return etag.substring(0, etag.length() - 1) + '-' + version + '"';
    }

    /** The tag of another representation of the same content, such as a compressed one. */
    public static String weak(String etag) {
        return etag.startsWith("W/") ? etag : "W/" + etag;
    }

    /** The tag with this text. */
    public static String quoted(String text) {
        return '"' + text + '"';
    }
}
