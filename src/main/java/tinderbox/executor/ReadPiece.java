package tinderbox.executor;

import java.util.Objects;
import tinderbox.dataset.DriverFile;

/**
 * Asks for a piece of a file of a root that only the server sees. The answer is null if the file is not the expected one.
 *
 * @param from the position of the piece, in bytes
 */
record ReadPiece(String address, DriverFile expected, long from) implements Request<byte[]> {
    ReadPiece {
        Objects.requireNonNull(address);
        if (from < 0 || from > expected.bytes()) {
            throw new IllegalArgumentException("a piece from " + from + " of a file of " + expected.bytes() + " bytes");
        }
    }
}
