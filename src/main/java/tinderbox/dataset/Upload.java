package tinderbox.dataset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import tinderbox.job.ErrorCode;
import tinderbox.job.JobException;
import tinderbox.job.Slots;

/** A file that comes in. It is a dataset once it is {@linkplain #publish published}; closed before, it never was. */
public final class Upload implements AutoCloseable {
    private static final long LOOK_AT_DISK_EVERY = 8 << 20;

    private final Uploads uploads;
    private final String name;
    private final boolean replace;
    private final Uploader by;
    private final Path partial;
    private final FileChannel channel;
    private final Slots.Slot slot;
    private long bytes;
    private long lookAtDiskAt = LOOK_AT_DISK_EVERY;

    Upload(
            Uploads uploads,
            String name,
            boolean replace,
            Uploader by,
            Path partial,
            FileChannel channel,
            Slots.Slot slot) {
        this.uploads = uploads;
        this.name = name;
        this.replace = replace;
        this.by = by;
        this.partial = partial;
        this.channel = channel;
        this.slot = slot;
    }

    /**
     * What has become of an upload.
     *
     * @param entry the dataset
     * @param replaced whether it has taken the place of another
     */
    public record Published(DatasetEntry entry, boolean replaced) {}

    /**
     * Adds all that remains in {@code part}.
     *
     * @throws JobException {@link ErrorCode#TOO_LARGE} or {@link ErrorCode#DISK_FULL}
     */
    public void write(ByteBuffer part) {
        uploads.checkSize(bytes + part.remaining());
        bytes += part.remaining();
        if (bytes >= lookAtDiskAt) {
            uploads.checkRoom(part.remaining());
            lookAtDiskAt = bytes + LOOK_AT_DISK_EVERY;
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
     * Puts the file in its place, flushed to the disk.
     *
     * @throws JobException {@link ErrorCode#DATASET_EXISTS} or {@link ErrorCode#DATASET_IN_USE}, if that has become so
     *     meanwhile, or {@link ErrorCode#DISK_FULL}
     */
    public Published publish() {
        try {
            channel.force(true);
            channel.close();
        } catch (IOException e) {
            throw Uploads.unwritable(partial, e);
        }
        try {
            var entry = new DatasetEntry(
                    name,
                    Uploads.path(name),
                    false,
                    bytes,
                    Files.getLastModifiedTime(partial).toInstant(),
                    true,
                    Compression.of(name) == Compression.REFUSED ? Compression.REFUSAL : null);
            return new Published(entry, uploads.publish(name, replace, by, partial));
        } catch (IOException e) {
            throw Uploads.unwritable(partial, e);
        }
    }

    /** Takes back what has not been published. */
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
