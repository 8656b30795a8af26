package tinderbox.store.index;

import java.io.Serial;

/** An operation on the index failed. The job folders are not affected. */
public final class IndexException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    IndexException(String doing, Throwable cause) {
        super("the job index failed at: " + doing.strip() + ": " + cause.getMessage(), cause);
    }
}
