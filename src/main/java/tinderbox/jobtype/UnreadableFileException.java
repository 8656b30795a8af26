package tinderbox.jobtype;

import java.io.IOException;

/** A file of an input could not be read; the cause says why, and the message names the file by its URI. */
public final class UnreadableFileException extends IOException {
    private static final long serialVersionUID = 1;

    /** Says that reading {@code uri} failed. */
    public UnreadableFileException(String uri, Exception cause) {
        super(uri, cause);
    }
}
