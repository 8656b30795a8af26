package tinderbox.job.dispatch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.StorageFailure;

/**
 * A temporary file for a download that is written before it is sent, so that its failure is a response and a slow client
 * holds no memory. It is deleted when the channel is closed; on Linux its name is gone as soon as it is open.
 */
final class DownloadFile extends OutputStream {
    private static final int CHECK_EVERY_BYTES = 1 << 20;

    private final FileChannel file;
    private final long maxBytes;
    private final DiskGuard disk;
    private long bytes;
    private long nextCheck;

    /**
     * Creates the file.
     *
     * @param maxBytes a larger file is {@link ErrorCode#LIMIT_EXCEEDED}
     * @param disk refuses to write while there is no room
     */
    DownloadFile(long maxBytes, DiskGuard disk) {
        this.maxBytes = maxBytes;
        this.disk = disk;
        disk.checkRoom();
        try {
            Path path = Files.createTempFile("download-", null);
            this.file = FileChannel.open(
                    path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int from, int length) {
        write(ByteBuffer.wrap(source, from, length));
    }

    void write(ByteBuffer part) {
        bytes += part.remaining();
        if (bytes > maxBytes) {
            throw new JobException(
                    ErrorCode.LIMIT_EXCEEDED,
                    "The download is larger than " + maxBytes + " bytes",
                    "filter it to fewer rows, or download the whole result with ?format=csv");
        }
        if (bytes >= nextCheck) {
            disk.checkRoom();
            nextCheck = bytes + CHECK_EVERY_BYTES;
        }
        try {
            while (part.hasRemaining()) {
                file.write(part);
            }
        } catch (IOException e) {
            throw StorageFailure.of(e);
        }
    }

    /** The whole file, at its beginning; closing it deletes the file. */
    SeekableByteChannel content() throws IOException {
        return file.position(0);
    }

    /** Deletes the file. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
