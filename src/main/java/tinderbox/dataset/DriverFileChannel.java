package tinderbox.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;

/** A file that only the server sees, read by an executor in pieces. Has one piece in memory. Not thread-safe. */
final class DriverFileChannel extends ReadOnlyChannel {
    private final DriverConnection driver;
    private final String address;
    private final DriverFile file;
    private byte[] piece = new byte[0];
    /** The position of the piece in the file. */
    private long pieceFrom;

    private long position;

    /**
     * Opens a file.
     *
     * @throws NoSuchFileException if it no longer exists
     */
    DriverFileChannel(DriverConnection driver, String address) throws IOException {
        this(driver, address, look(driver, address));
    }

    private DriverFileChannel(DriverConnection driver, String address, DriverFile file) {
        super(file.bytes());
        this.driver = driver;
        this.address = address;
        this.file = file;
    }

    private static DriverFile look(DriverConnection driver, String address) throws IOException {
        DriverFile file = driver.look(address);
        if (file == null) {
            throw new NoSuchFileException(address);
        }
        if (file.folder()) {
            throw new FileReplacedException(address);
        }
        return file;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        checkOpen();
        if (!into.hasRemaining()) {
            return 0;
        }
        if (position >= file.bytes()) {
            return -1;
        }
        if (position < pieceFrom || position >= pieceFrom + piece.length) {
            piece = driver.read(address, file, position);
            pieceFrom = position;
        }
        int at = (int) (position - pieceFrom);
        int read = Math.min(into.remaining(), piece.length - at);
        into.put(piece, at, read);
        position += read;
        return read;
    }

    @Override
    public long position() throws ClosedChannelException {
        checkOpen();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws ClosedChannelException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position " + newPosition);
        }
        position = newPosition;
        return this;
    }

    @Override
    protected void release() {
        piece = new byte[0];
    }
}
