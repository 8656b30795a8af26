package tinderbox.dataset;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import tinderbox.common.LongRead;

/** Reads how a file begins, with bounds on what is read and on how long: a packed file may hold very much, or nothing. */
final class PreviewReader {
    private static final int MOST_LINES = 20;
    private static final int MOST_LINE_CHARS = 500;
    /** How much is read of the file, before unpacking. */
    private static final long MOST_BYTES = 4 << 20;
    /** How much is read of its unpacked content. */
    private static final long MOST_CHARS = 1 << 24;

    private static final int LOOK_EVERY = 1 << 13;

    private final String path;
    private final LongRead longRead = LongRead.current();
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private boolean cutShort;

    PreviewReader(String path) {
        this.path = path;
    }

    /** The bytes of the file; reading them fails once the preview is cut short. */
    InputStream bounded(InputStream file) {
        return new Bounded(file);
    }

    private final class Bounded extends FilterInputStream {
        private long left = MOST_BYTES;

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

    /** Whether the line, which is long enough, ends with the first half of a character and this is the second. */
    private boolean completes(char next) {
        return line.length() == MOST_LINE_CHARS && Character.isSurrogatePair(line.charAt(MOST_LINE_CHARS - 1), next);
    }

    /** Reads the first lines, each cut. */
    DatasetPreview read(Reader text) throws IOException {
        long seen = 0;
        int c = text.read();
        while (c >= 0 && lines.size() < MOST_LINES && !cutShort) {
            if (c == '\n') {
                lines.add(line.toString());
                line.setLength(0);
            } else if (c != '\r' && (line.length() < MOST_LINE_CHARS || completes((char) c))) {
                line.append((char) c);
            }
            cutShort = ++seen == MOST_CHARS || (seen % LOOK_EVERY == 0 && longRead.isOver());
            c = text.read();
        }
        return found(c >= 0);
    }

    /** Whether there was more to read than a preview may. */
    boolean isCutShort() {
        return cutShort;
    }

    /** The lines that were found before it was cut short. */
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
