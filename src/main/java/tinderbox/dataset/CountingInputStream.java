package tinderbox.dataset;

import java.io.IOException;
import java.io.InputStream;

/** Passes a stream on, and counts what is read of it. Skipping reads, so that it counts too. */
public abstract class CountingInputStream extends InputStream {
    private final InputStream content;

    /** Wraps a stream, which is closed with this one. */
    protected CountingInputStream(InputStream content) {
        this.content = content;
    }

    /**
     * Called after each read.
     *
     * @param read the number of bytes; 0 at the end of the stream
     */
    protected abstract void count(int read) throws IOException;

    @Override
    public int read() throws IOException {
        int read = content.read();
        count(read < 0 ? 0 : 1);
        return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int read = content.read(into, from, length);
        count(Math.max(0, read));
        return read;
    }

    @Override
    public int available() throws IOException {
        return content.available();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
