package tinderbox.executor;

import java.io.Serializable;
import tinderbox.dataset.Compression;
import tinderbox.dataset.DriverFile;

/**
 * A {@link DriverFile} in the form that {@link MessageCodec} takes.
 *
 * @param compression the name of the constant
 */
record FileFacts(boolean folder, long bytes, long modified, String compression) implements Serializable {
    static FileFacts of(DriverFile file) {
        return file == null
                ? null
                : new FileFacts(
                        file.folder(),
                        file.bytes(),
                        file.modified(),
                        file.compression().name());
    }

    DriverFile toFile() {
        return new DriverFile(folder, bytes, modified, Compression.valueOf(compression));
    }
}
