package tinderbox.dataset;

import java.io.IOException;

/**
 * A file of an input is beyond a bound. The message says of the file what it does, such as "unpacks to more than 200
 * times its size".
 */
public final class InputLimitException extends IOException {
    private static final long serialVersionUID = 1;

    private final String hint;

    /** Says what the file does, and what to do about it. */
    public InputLimitException(String what, String hint) {
        super(what);
        this.hint = hint;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }
}
