package tinderbox.client;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** The lines of a response, none of which may be so long that it fills the memory. */
final class BoundedLines implements Closeable {
    /** Characters; the largest event of a server, and the largest row, have less. */
    private static final int MAX_LINE = 32 << 20;

    private final Reader text;
    private final char[] buffer = new char[1 << 16];
    private int from;
    private int limit;

    BoundedLines(InputStream body) {
        text = new InputStreamReader(body, StandardCharsets.UTF_8);
    }

    /** The next line without its end; null after the last. */
    String next() throws IOException {
        if (!fill()) {
            return null;
        }
        StringBuilder line = new StringBuilder();
        do {
            int end = from;
            while (end < limit && buffer[end] != '\n') {
                end++;
            }
            line.append(buffer, from, end - from);
            from = end;
            if (end < limit) {
                from++;
                break;
            }
            if (line.length() > MAX_LINE) {
                throw new IOException("a line of the response is too long");
            }
        } while (fill());
        return line.toString();
    }

    /** Reads more if there is nothing left; returns whether there is anything. */
    private boolean fill() throws IOException {
        if (from == limit) {
            from = 0;
            limit = Math.max(0, text.read(buffer));
        }
        return from < limit;
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}
