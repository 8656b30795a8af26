package tinderbox.dataset.hadoop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;

/** An open file of a Hadoop file system. */
final class HadoopChannel implements SeekableByteChannel {
    private final FSDataInputStream file;
    private final long bytes;
    private boolean closed;

    /**
     * Reads an open file.
     *
     * @param file closed with this channel
     * @param bytes the size of the file
     */
    HadoopChannel(FSDataInputStream file, long bytes) {
        this.file = file;
        this.bytes = bytes;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        return file.read(into);
    }

    @Override
    public long position() throws IOException {
        return file.getPos();
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        file.seek(newPosition);
        return this;
    }

    @Override
    public long size() {
        return bytes;
    }

    @Override
    public int write(ByteBuffer from) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        file.close();
    }
}
