package tinderbox.dataset.hadoop;

import tinderbox.dataset.InputLimitException;

/** Keeps a text from having a line that takes too much memory. A line is noticed at the end of the read that completes it. */
final class LineLimit {
    private static final String HINT =
            "is it a text with lines, and one whose line ends are LF or CR LF? Split long lines, or choose another format";

    private final long max;
    private long length;

    /** No line may be longer than {@code max} bytes, about. */
    LineLimit(long max) {
        this.max = max;
    }

    /** The next bytes of the text. */
    void read(byte[] bytes, int from, int count) throws InputLimitException {
        for (int i = from + count - 1; i >= from; i--) {
            if (bytes[i] == '\n' || bytes[i] == '\r') {
                length = from + count - 1L - i;
                return;
            }
        }
        length += Math.max(0, count);
        if (length > max) {
            throw new InputLimitException("has a line of more than " + max + " bytes", HINT);
        }
    }

    /** The text goes on elsewhere. */
    void restart() {
        length = 0;
    }
}
