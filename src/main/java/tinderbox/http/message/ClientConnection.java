package tinderbox.http.message;

import io.undertow.server.HttpServerExchange;
import org.xnio.IoUtils;

/** The connection of a client that waits for a response. */
@FunctionalInterface
public interface ClientConnection {
    /**
     * Runs {@code onGone} if the client disconnects while its response is prepared.
     *
     * @return ends the watch; run it before the response is sent
     */
    Runnable watch(Runnable onGone);

    /** Closes the connection of a request that gets no response, or no more of it. */
    static void disconnect(HttpServerExchange exchange) {
        IoUtils.safeClose(exchange.getConnection());
        exchange.endExchange();
    }
}
