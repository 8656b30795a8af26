package tinderbox.dataset;

import java.io.IOException;

/**
 * A file of an input exceeds a limit. The message continues a sentence that begins with the file, such as "unpacks to
 * more than 200 times its size".
 */
public final class InputLimitException extends IOException {
    private static final long serialVersionUID = 1;

    private final String hint;

    /** A file that does {@code what}, and a hint on what to do about it. */
    public InputLimitException(String what, String hint) {
        super(what);
        this.hint = hint;
    }

    /** What to do about it. */
    public String hint() {
        return hint;
    }
}
