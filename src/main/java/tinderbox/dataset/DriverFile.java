package tinderbox.dataset;

import java.io.Serializable;

/**
 * A file or folder that only the server sees, as it was when an executor asked for it.
 *
 * @param modified in milliseconds since 1970
 */
public record DriverFile(boolean folder, long bytes, long modified, Compression compression) implements Serializable {
    private static final long serialVersionUID = 1;

    static DriverFile of(ResolvedDataset found) {
        return found.isFolder()
                ? new DriverFile(true, 0, found.modifiedAt().toEpochMilli(), Compression.NONE)
                : new DriverFile(false, found.bytes(), found.modifiedAt().toEpochMilli(), found.compression());
    }
}
