package tinderbox.job.log;

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
public record OpenLog(long truncatedBefore, List<Part> parts) implements Closeable {
    /**
     * A file of it.
     *
     * @param text whole lines
     * @param bytes how much of it counts: beyond, a line may be half written
     */
    public record Part(SeekableByteChannel text, long bytes) {}

    @Override
    public void close() throws IOException {
        close(parts);
    }

    static void close(List<Part> parts) throws IOException {
        for (Part part : parts) {
            part.text().close();
        }
    }
}
