package tinderbox.security.audit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Goes through the lines of a file that may still grow, in constant memory. */
final class ForwardLines implements Closeable {
    private final Path path;
    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private int at;
    private int limit;
    private long number;
    private boolean whole;

    /**
     * From the beginning.
     *
     * @throws java.nio.file.NoSuchFileException where it is not there
     */
    ForwardLines(Path path) throws IOException {
        this.path = path;
        this.in = Files.newInputStream(path);
    }

    /** Goes to the next line, which may be the beginning of one; false where the file has no more bytes now. */
    boolean advance() throws IOException {
        line.reset();
        boolean found = readOn();
        if (found) {
            number++;
        }
        return found;
    }

    /** Reads what has come since of a line that is not whole; false where nothing has. */
    boolean readOn() throws IOException {
        whole = false;
        boolean any = false;
        while (!whole && (at < limit || fill())) {
            int from = at;
            while (at < limit && buffer[at] != '\n') {
                at++;
            }
            keep(from);
            whole = at < limit;
            if (whole) {
                at++;
            }
            any = true;
        }
        return any;
    }

    private boolean fill() throws IOException {
        at = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }

    /** Of a line that is none of ours, a part is kept that is longer than ours are. */
    private void keep(int from) {
        line.write(buffer, from, Math.min(at - from, Math.max(0, AuditLine.LONGEST + 1 - line.size())));
    }

    /** The file. */
    Path path() {
        return path;
    }

    /** The number of the line, from 1 on. */
    long number() {
        return number;
    }

    /** The line, without its line feed. */
    byte[] line() {
        return line.toByteArray();
    }

    /** Whether the line has its line feed. */
    boolean isWhole() {
        return whole;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
