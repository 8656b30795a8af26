package tinderbox.job.log;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A part of a log, open for reading.
 *
 * @param text its lines
 * @param index its {@link LogIndex}; null if it has none
 * @param first the number of its first line
 * @param next the number of the line after its last
 * @param bytes how much of {@code text} to read
 */
record LogPart(SeekableByteChannel text, SeekableByteChannel index, long first, long next, long bytes)
        implements Closeable {
    static LogPart open(Path text, Path index, long first, long next, long bytes) throws IOException {
        SeekableByteChannel opened = FileChannel.open(text, StandardOpenOption.READ);
        try {
            // The index of a smaller part is empty.
            return new LogPart(opened, bytes < LogIndex.MIN_GAP_BYTES ? null : openIndex(index), first, next, bytes);
        } catch (IOException e) {
            opened.close();
            throw e;
        }
    }

    private static SeekableByteChannel openIndex(Path index) throws IOException {
        try {
            return FileChannel.open(index, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    /** Closes only the index and returns the text, for reading all of it. */
    SeekableByteChannel textOnly() throws IOException {
        if (index != null) {
            index.close();
        }
        return text;
    }

    @Override
    public void close() throws IOException {
        textOnly().close();
    }
}
