package tinderbox.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;

/** A file being uploaded. {@link #publish} makes it a dataset; closing it without that discards it. */
public final class Upload implements AutoCloseable {
    private static final long BYTES_PER_DISK_CHECK = 8 << 20;

    private final Uploads uploads;
    private final UploadPath path;
    private final boolean replace;
    private final Uploader by;
    private final Path partial;
    private final FileChannel channel;
    private final Slots.Slot slot;
    private long bytes;
    private long nextDiskCheck = BYTES_PER_DISK_CHECK;

    Upload(
            Uploads uploads,
            UploadPath path,
            boolean replace,
            Uploader by,
            Path partial,
            FileChannel channel,
            Slots.Slot slot) {
        this.uploads = uploads;
        this.path = path;
        this.replace = replace;
        this.by = by;
        this.partial = partial;
        this.channel = channel;
        this.slot = slot;
    }

    /**
     * A published upload.
     *
     * @param entry the dataset
     * @param replaced whether it replaced another
     */
    public record Published(DatasetEntry entry, boolean replaced) {}

    /**
     * Appends the remaining bytes of {@code part}.
     *
     * @throws JobException {@link ErrorCode#TOO_LARGE} or {@link ErrorCode#DISK_FULL}
     */
    public void write(ByteBuffer part) {
        uploads.checkSize(bytes + part.remaining());
        bytes += part.remaining();
        if (bytes >= nextDiskCheck) {
            uploads.checkRoom(part.remaining());
            nextDiskCheck = bytes + BYTES_PER_DISK_CHECK;
        }
        try {
            while (part.hasRemaining()) {
                channel.write(part);
            }
        } catch (IOException e) {
            throw Uploads.unwritable(partial, e);
        }
    }

    /**
     * Flushes the file to the disk and moves it into the root.
     *
     * @throws JobException {@link ErrorCode#DATASET_EXISTS} or {@link ErrorCode#DATASET_IN_USE} if that has changed since
     *     the upload began, or {@link ErrorCode#DISK_FULL}
     */
    public Published publish() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw Uploads.unwritable(partial, e);
        }
        try {
            DatasetEntry entry = Uploads.entry(
                    path, bytes, Files.getLastModifiedTime(partial).toInstant());
            return new Published(entry, uploads.publish(path, replace, by, partial));
        } catch (IOException e) {
            throw Uploads.unwritable(partial, e);
        }
    }

    /** Deletes the file if it has not been published, and frees the slot. */
    @Override
    public void close() throws IOException {
        try {
            channel.close();
            Files.deleteIfExists(partial);
        } finally {
            slot.close();
        }
    }
}
