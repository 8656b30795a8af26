package tinderbox.job.result;

import java.io.IOException;

/** How tasks in the executors of a cluster send rows of results to the server. */
public interface PartConnection {
    /**
     * Sends a piece, and waits until it is written.
     *
     * @return null; the maximum size of the result, in bytes, if it would become larger
     * @throws IOException if the server cannot be reached, or does not take rows of this result
     */
    Long send(PartBlock block) throws IOException;

    /** Sets the connection of an executor, once, before its first task. */
    static void install(PartConnection connection) {
        Installed.connection = connection;
    }

    /** The connection of this process. */
    final class Installed {
        private static volatile PartConnection connection;

        private Installed() {}

        /** Null in the server, where the tasks of a local master run too. */
        static PartConnection connection() {
            return connection;
        }
    }
}
