package tinderbox.dataset;

import java.io.IOException;

/** The file system of a root does not answer. The message says why, without names and addresses of machines. */
public final class RootUnreachableException extends IOException {
    private static final long serialVersionUID = 1;

    public RootUnreachableException(String reason, IOException cause) {
        super(reason, cause);
    }
}
