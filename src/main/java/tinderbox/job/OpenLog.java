package tinderbox.job;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/**
 * A whole log, open for reading.
 *
 * @param truncatedBefore how many lines are gone from its beginning
 * @param parts the rest, in order
 */
public record OpenLog(long truncatedBefore, List<SeekableByteChannel> parts) implements Closeable {
    @Override
    public void close() throws IOException {
        close(parts);
    }

    static void close(List<SeekableByteChannel> parts) throws IOException {
        for (SeekableByteChannel part : parts) {
            part.close();
        }
    }
}
