package tinderbox.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import tinderbox.common.LongRead;

/** Reads the first lines of a file, within limits of bytes, characters and time, because it may be a compression bomb. */
final class PreviewReader {
    private static final int MAX_LINES = 20;
    /** The maximum number of bytes read from the file, before decompression. */
    private static final long MAX_BYTES = 4 << 20;
    /** The maximum number of characters read after decompression. */
    private static final long MAX_CHARS = 1 << 24;

    private static final int CHARS_PER_CLOCK_CHECK = 1 << 13;

    private final String path;
    private final LongRead longRead = LongRead.current();
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private boolean cutShort;

    PreviewReader(String path) {
        this.path = path;
    }

    /** The file, within the limits of bytes and time; at either limit, reading fails and the preview is cut short. */
    InputStream bounded(InputStream file) {
        return new Bounded(file);
    }

    private final class Bounded extends FilterInputStream {
        private long left = MAX_BYTES;

        private Bounded(InputStream file) {
            super(file);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            if (left == 0 || longRead.isOver()) {
                cutShort = true;
                throw new IOException("the preview has read enough");
            }
            int count = super.read(bytes, from, (int) Math.min(length, left));
            left -= Math.max(0, count);
            return count;
        }
    }

    /** Whether {@code next} completes a surrogate pair at the maximum length of the line. */
    private boolean completesPair(char next) {
        return line.length() == DatasetPreview.MAX_LINE_CHARS
                && Character.isSurrogatePair(line.charAt(DatasetPreview.MAX_LINE_CHARS - 1), next);
    }

    /** Reads the first lines, each shortened to the maximum length. */
    DatasetPreview read(Reader text) throws IOException {
        long seen = 0;
        int c = text.read();
        while (c >= 0 && lines.size() < MAX_LINES && !cutShort) {
            if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r' && (line.length() < DatasetPreview.MAX_LINE_CHARS || completesPair((char) c))) {
                line.append((char) c);
            }
            cutShort = ++seen == MAX_CHARS || (seen % CHARS_PER_CLOCK_CHECK == 0 && longRead.isOver());
            c = text.read();
        }
        return found(c >= 0);
    }

    /** Whether reading stopped early because of a limit. */
    boolean isCutShort() {
        return cutShort;
    }

    /** The lines read before it was cut short. */
    DatasetPreview soFar() {
        return found(true);
    }

    private DatasetPreview found(boolean more) {
        if (!line.isEmpty()) {
            lines.add(line.toString());
        }
        return new DatasetPreview(path, lines, more, more && cutShort);
    }
}
