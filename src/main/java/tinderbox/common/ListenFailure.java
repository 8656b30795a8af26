package tinderbox.common;

import java.net.BindException;

/** Why a process cannot listen. */
public final class ListenFailure {
    private ListenFailure() {}

    /** The same failure with the address, and with what to do. */
    public static BindException explained(String host, int port, BindException failure) {
        BindException explained = new BindException("cannot listen on " + host + " port " + port + " ("
                + failure.getMessage() + "); choose another with --port or --host");
        explained.initCause(failure);
        return explained;
    }
}
