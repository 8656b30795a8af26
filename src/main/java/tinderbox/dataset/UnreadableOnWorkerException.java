package tinderbox.dataset;

import java.io.IOException;

/** A worker of the cluster cannot read a file of a root that all workers should see. */
public final class UnreadableOnWorkerException extends IOException {
    private static final long serialVersionUID = 1;

    private final String host;
    private final String hint;

    /**
     * The worker on {@code host} cannot read a file.
     *
     * @param hint what to check
     */
    public UnreadableOnWorkerException(String address, String host, String hint, IOException cause) {
        super("the worker on " + host + " cannot read " + address, cause);
        this.host = host;
        this.hint = hint;
    }

    /** For a file of a folder that all workers should see. */
    static UnreadableOnWorkerException notMounted(String address, String root, String host, IOException cause) {
        return new UnreadableOnWorkerException(
                address, host, "is the folder of the root " + root + " mounted there?", cause);
    }

    /** The host of the worker. */
    public String host() {
        return host;
    }

    /** What to check. */
    public String hint() {
        return hint;
    }
}
