package tinderbox.dataset.hadoop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;
import tinderbox.dataset.ReadOnlyChannel;

/** An open file of a Hadoop file system. */
final class HadoopChannel extends ReadOnlyChannel {
    private final FSDataInputStream file;

    /**
     * Reads an open file.
     *
     * @param file closed with this channel
     * @param bytes the size of the file
     */
    HadoopChannel(FSDataInputStream file, long bytes) {
        super(bytes);
        this.file = file;
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
    protected void release() throws IOException {
        file.close();
    }
}
