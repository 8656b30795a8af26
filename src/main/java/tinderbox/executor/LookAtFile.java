package tinderbox.executor;

import java.util.Objects;
import tinderbox.dataset.DriverFile;

/**
 * Asks what is at an address in a root that only the server sees. The answer is null if it does not exist or cannot be
 * read.
 */
record LookAtFile(String address) implements Request<DriverFile> {
    LookAtFile {
        Objects.requireNonNull(address);
    }
}
