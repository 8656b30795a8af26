package tinderbox.dataset.hadoop;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;

/** An open file of a dataset. What is read of it counts in Hadoop's statistics, and so in the metrics of Spark's tasks. */
final class DatasetInputStream extends FSInputStream {
    private static final int BUFFER = 1 << 16;

    private final SeekableByteChannel file;
    private final String address;
    private final long bytes;
    private final FileSystem.Statistics statistics;
    private final LineLimit lines;
    /** What was read ahead; between its position and its limit. */
    private final ByteBuffer ahead = ByteBuffer.allocate(BUFFER).limit(0);

    /**
     * Reads an open file.
     *
     * @param file closed with this stream
     * @param bytes the size of the file
     * @param statistics where to count what is read; null for nowhere
     * @param lines limits the lines of a text; null for nothing
     */
    DatasetInputStream(
            SeekableByteChannel file, String address, long bytes, FileSystem.Statistics statistics, LineLimit lines) {
        this.file = file;
        this.address = address;
        this.bytes = bytes;
        this.statistics = statistics;
        this.lines = lines;
    }

    String address() {
        return address;
    }

    /** The size of the file. */
    long bytes() {
        return bytes;
    }

    @Override
    public int read() throws IOException {
        return ahead.hasRemaining() || readAhead() ? ahead.get() & 0xFF : -1;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!ahead.hasRemaining()) {
            if (length >= BUFFER) {
                return counted(file.read(ByteBuffer.wrap(into, from, length)), into, from);
            }
            if (!readAhead()) {
                return -1;
            }
        }
        int read = Math.min(length, ahead.remaining());
        ahead.get(into, from, read);
        return read;
    }

    private boolean readAhead() throws IOException {
        ahead.clear();
        int read = counted(file.read(ahead), ahead.array(), 0);
        ahead.flip();
        return read > 0;
    }

    private int counted(int read, byte[] bytes, int from) throws IOException {
        if (lines != null) {
            lines.read(bytes, from, read);
        }
        if (statistics != null) {
            statistics.incrementBytesRead(Math.max(0, read));
        }
        return read;
    }

    @Override
    public void seek(long position) throws IOException {
        if (position < 0 || position > bytes) {
            throw new EOFException("position " + position + " is not in the file, which has " + bytes + " bytes");
        }
        long skipped = position - getPos();
        if (skipped >= 0 && skipped <= ahead.remaining()) {
            ahead.position(ahead.position() + (int) skipped);
        } else {
            ahead.limit(0);
            file.position(position);
            if (lines != null) {
                lines.restart();
            }
        }
    }

    @Override
    public long getPos() throws IOException {
        return file.position() - ahead.remaining();
    }

    @Override
    public int available() throws IOException {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, bytes - getPos()));
    }

    @Override
    public boolean seekToNewSource(long position) {
        return false;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
