package tinderbox.json;

import java.io.Serial;

/** A text that is not JSON, or not JSON of the expected shape; the message says what and where. */
public final class MalformedJsonException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }

    MalformedJsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
