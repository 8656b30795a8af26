package tinderbox.job.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/**
 * A whole log, open for reading.
 *
 * @param truncatedBefore how many lines at its beginning are deleted
 * @param parts its files, in order
 */
public record OpenLog(long truncatedBefore, List<Part> parts) implements Closeable {
    /**
     * One file of the log.
     *
     * @param bytes how much of {@code text} to read; a line after that may be incomplete
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
