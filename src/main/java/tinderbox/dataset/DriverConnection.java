package tinderbox.dataset;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** What an executor of a cluster asks of the server. */
public interface DriverConnection {
    /** The host of this executor. */
    String host();

    /**
     * What is at an address in a root that only the server sees.
     *
     * @return null if it does not exist or cannot be read
     */
    DriverFile look(String address) throws IOException;

    /**
     * Reads a piece of a file of such a root.
     *
     * @param expected as {@link #look} answered
     * @return up to {@link DriverFiles#PIECE} bytes; fewer only at the end of the file
     * @throws FileReplacedException if the file is not the expected one
     */
    byte[] read(String address, DriverFile expected, long from) throws IOException;

    /** Adds to what a pass has unpacked in the whole cluster, and returns the sum. */
    long unpacked(UUID pass, long bytes) throws IOException;

    /** Sets the connection of an executor, once, before its first task. */
    static void install(DriverConnection connection) {
        Installed.connection = connection;
    }

    /** The host of this executor; empty in the server, where the tasks of a local master run too. */
    static Optional<String> onWorker() {
        return Optional.ofNullable(Installed.connection).map(DriverConnection::host);
    }

    /** The connection of this process. */
    final class Installed {
        private static volatile DriverConnection connection;

        private Installed() {}

        /** Null in the server, where the tasks of a local master run too. */
        static DriverConnection connection() {
            return connection;
        }
    }
}
