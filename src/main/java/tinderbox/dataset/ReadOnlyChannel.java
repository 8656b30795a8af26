package tinderbox.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A file that is read at any position, and does not change. Not thread-safe. */
public abstract class ReadOnlyChannel implements SeekableByteChannel {
    private final long bytes;
    private boolean closed;

    /**
     * An open channel.
     *
     * @param bytes the size of the file
     */
    protected ReadOnlyChannel(long bytes) {
        this.bytes = bytes;
    }

    @Override
    public final long size() throws ClosedChannelException {
        checkOpen();
        return bytes;
    }

    @Override
    public final int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public final SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public final boolean isOpen() {
        return !closed;
    }

    /** Ensures that this is not closed. */
    protected final void checkOpen() throws ClosedChannelException {
        if (closed) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public final void close() throws IOException {
        if (!closed) {
            closed = true;
            release();
        }
    }

    /** Gives up what the channel holds; called once. */
    protected abstract void release() throws IOException;
}
