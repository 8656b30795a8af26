package tinderbox.dataset;

import java.io.IOException;

/** A file of an input could not be read. The message is the file's URI or address; the cause says why. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1;

    public UnreadableFileException(String uri, Exception cause) {
        super(uri, cause);
    }
}
