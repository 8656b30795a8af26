package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import org.xnio.IoUtils;

/** The client that waits for the answer to a request. */
@FunctionalInterface
public interface ClientConnection {
    /**
     * Runs {@code onGone} if the client goes away while its answer is prepared.
     *
     * @return ends that; to be run before the answer is sent
     */
    Runnable watch(Runnable onGone);

    /** Closes the connection of a request that gets no response, or no more of one. */
    static void disconnect(HttpServerExchange exchange) {
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }
}
