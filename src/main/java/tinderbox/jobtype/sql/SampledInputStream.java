package tinderbox.jobtype.sql;

import java.io.IOException;
import java.io.InputStream;

/** The beginning of a file. */
final class SampledInputStream extends InputStream {
    /** A first record may be longer than the sample. */
    private static final long MIN_BYTES = 4L << 20;

    private final InputStream content;
    private final long enough;
    private final long max;
    private long read;

    /**
     * Reads about so many bytes.
     *
     * @param content closed by the caller
     */
    SampledInputStream(InputStream content, long bytes) {
        this.content = content;
        this.enough = bytes;
        this.max = Math.max(bytes, MIN_BYTES);
    }

    /** Whether the sample has been read. */
    boolean isEnough() {
        return read >= enough;
    }

    /** Whether this has ended before the file has; then its last record may be incomplete. */
    boolean isCut() {
        return read >= max;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (isCut()) {
            return -1;
        }
        int got = content.read(into, from, (int) Math.min(length, max - read));
        read += Math.max(0, got);
        return got;
    }
}
