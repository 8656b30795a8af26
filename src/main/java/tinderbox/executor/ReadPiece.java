package tinderbox.executor;

import tinderbox.dataset.DriverFile;

/**
 * Asks for a piece of a file of a root that only the server sees. The answer is null if the file is not the expected one.
 *
 * @param from the position of the piece, in bytes
 */
record ReadPiece(String address, DriverFile expected, long from) implements Request<byte[]> {}
