package tinderbox.common;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hex: what results, bodies and entity tags are known by. */
public final class Sha256 {
    private static final int PART = 1 << 16;

    private Sha256() {}

    /** Of these bytes. */
    public static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(begin().digest(bytes));
    }

    /** Of what is left to read in {@code from}. */
    public static String hex(ReadableByteChannel from) throws IOException {
        MessageDigest digest = begin();
        ByteBuffer part = ByteBuffer.allocate(PART);
        LongRead longRead = LongRead.current();
        while (from.read(part.clear()) >= 0) {
            // It goes on to the end, but not for nobody.
            longRead.isOver();
            digest.update(part.flip());
        }
        return end(digest);
    }

    /** One that is fed part by part. */
    public static MessageDigest begin() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Ends what {@link #begin} began. */
    public static String end(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
