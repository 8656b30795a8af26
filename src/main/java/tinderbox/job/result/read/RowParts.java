package tinderbox.job.result.read;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** All rows of one or several results, in parts. */
public interface RowParts extends Closeable {
    /** The next rows, about 64 KiB; empty after the last. The buffer is valid until the next call. */
    ByteBuffer nextPart() throws IOException;
}
