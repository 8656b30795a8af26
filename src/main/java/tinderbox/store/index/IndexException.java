package tinderbox.store.index;

import java.io.Serial;

/** That the index did not do what it was asked; the job folders are not touched by it. */
public final class IndexException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    IndexException(String doing, Throwable cause) {
        super("the job index failed at: " + doing.strip() + ": " + cause.getMessage(), cause);
    }
}
