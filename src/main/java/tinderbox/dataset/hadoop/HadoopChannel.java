package tinderbox.dataset.hadoop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSDataInputStream;
import tinderbox.dataset.ReadOnlyChannel;
import tinderbox.dataset.RootUnreachableException;

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
        try {
            return file.read(into);
        } catch (IOException e) {
            // Not the file's fault: its parts are elsewhere, and have checksums.
            throw new RootUnreachableException(NamenodeCalls.reason(e), e);
        }
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
