package tinderbox.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/**
 * The content of a file of an input, decompressed within the limits of its pass. Every failure is an {@link
 * UnreadableFileException} with the file's address.
 */
public final class DecompressedInputStream extends InputStream {
    /** Decompression may have to wait for memory that other tasks use. They complete, or the job is cancelled, earlier. */
    public static final Duration MEMORY_TIMEOUT = Duration.ofHours(24);

    private final String address;
    private final InputStream content;

    /**
     * Wraps an open file.
     *
     * @param file closed with this stream, and if this throws
     * @param bytes its size on the disk
     */
    public DecompressedInputStream(
            InputStream file, String address, long bytes, Compression compression, DecompressionGuard guard)
            throws UnreadableFileException {
        this.address = address;
        try {
            this.content = compression.isCompressed()
                    ? guard.limit(compression.decompress(file, MEMORY_TIMEOUT), bytes)
                    : file;
        } catch (IOException | RuntimeException | InternalError e) {
            try {
                file.close();
            } catch (IOException closing) {
                e.addSuppressed(closing);
            }
            throw unreadable(e);
        }
    }

    @Override
    public int read() throws IOException {
        try {
            return content.read();
        } catch (IOException | RuntimeException | InternalError e) {
            throw unreadable(e);
        }
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        try {
            return content.read(into, from, length);
        } catch (IOException | RuntimeException | InternalError e) {
            throw unreadable(e);
        }
    }

    /** Codecs throw all kinds of exceptions for damaged data; zlib throws an InternalError. */
    private UnreadableFileException unreadable(Throwable e) {
        return new UnreadableFileException(address, e instanceof Exception exception ? exception : new IOException(e));
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
