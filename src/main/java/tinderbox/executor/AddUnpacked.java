package tinderbox.executor;

import java.util.Objects;
import java.util.UUID;

/** Adds to what a pass over an input has unpacked in all executors. The answer is the sum, in bytes. */
record AddUnpacked(UUID pass, long bytes) implements Request<Long> {
    AddUnpacked {
        Objects.requireNonNull(pass);
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " bytes unpacked");
        }
    }
}
