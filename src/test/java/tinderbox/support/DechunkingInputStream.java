package tinderbox.support;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/** An HTTP response in which the chunks of the body are joined. */
final class DechunkingInputStream extends InputStream {
    private final InputStream in;
    private final StringBuilder head = new StringBuilder();
    private boolean inBody;
    private boolean chunked;
    private int left;

    DechunkingInputStream(InputStream in) {
        this.in = new BufferedInputStream(in);
    }

    @Override
    public int read() throws IOException {
        if (inBody && chunked && left == 0 && !nextChunk()) {
            return -1;
        }
        int next = in.read();
        if (!inBody) {
            head.append((char) next);
            if (head.toString().endsWith("\r\n\r\n")) {
                inBody = true;
                chunked = head.toString().toLowerCase(java.util.Locale.ROOT).contains("transfer-encoding: chunked");
            }
        } else if (chunked) {
            left--;
        }
        return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (inBody && chunked && left > 0) {
            int read = in.read(target, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
        int next = read();
        if (next < 0) {
            return -1;
        }
        target[offset] = (byte) next;
        return 1;
    }

    private boolean nextChunk() throws IOException {
        String size = line();
        if (size.isEmpty()) {
            size = line();
        }
        left = Integer.parseInt(size.strip(), 16);
        return left > 0;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection broke off between chunks");
            }
            line.append((char) next);
        }
        return line.toString().strip();
    }
}
